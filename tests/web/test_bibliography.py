"""What is written as BibTeX and RIS, read back with bibtexparser and rispy."""

import re
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped]
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st

from search.records import Answer, Hit
from search.searcher import Options, Searcher
from tests.web.test_exports import hit, link, only
from web.bibliography import bibtex, entries, ris

QUERY = "seawater desalination"
# The names of signs that pylatexenc, which bibtexparser decodes with, does not know or takes for another sign.
NAMED = {r"{\textbraceleft}": "{", r"{\textbraceright}": "}", r"{\textasciicircum}": "^"}


@pytest.fixture(scope="module")
def answer(seed_searcher: Searcher) -> Answer:
    return seed_searcher.answer(QUERY, Options(k=20))


def references(answer: Answer) -> dict[str, dict[str, str]]:
    """The fields of each entry of the BibTeX, as they stand."""
    library = parse_string(bibtex(entries(answer, link)))
    assert not library.failed_blocks
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}


def decoded(value: str) -> str:
    """The text that TeX would set."""
    held = {chr(0xE000 + place): sign for place, sign in enumerate(NAMED.values())}
    for mark, name in zip(held, NAMED, strict=True):
        value = value.replace(name, mark)
    library = parse_string(f"@misc{{x, v = {{{value}}}}}", append_middleware=[LatexDecodingMiddleware()])
    text: str = library.entries[0].fields_dict["v"].value
    return "".join(held.get(character, character) for character in text)


def records(answer: Answer) -> list[dict[str, Any]]:
    """The records of the RIS."""
    read: list[dict[str, Any]] = rispy.loads(ris(entries(answer, link)))
    return read


def by_document(answer: Answer) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {}
    for each in answer.hits:
        found.setdefault(f"jisr-{each.document.doc_id}", []).append(each)
    return found


def test_a_document_has_one_entry_with_all_of_its_passages(answer: Answer) -> None:
    found = by_document(answer)
    assert max(map(len, found.values())) > 1
    read = references(answer)
    assert list(read) == list(found) == [record["id"] for record in records(answer)]
    for (key, hits), record in zip(found.items(), records(answer), strict=True):
        document, fields = hits[0].document, read[key]
        assert decoded(fields["title"]).strip("{}") == record["title"] == document.title
        assert (fields["year"], record["year"]) == ((document.date or "")[:4],) * 2
        assert fields["publisher"] == record["publisher"] == document.publisher
        assert fields["language"] == record["language"] == document.lang
        assert fields["url"] == record["urls"][0] == link(hits[0])
        assert document.source in decoded(fields["note"])
        assert [document.source in note for note in record["notes"]] == [True]
        assert decoded(fields["abstract"]) == "\n\n".join(each.passage.text for each in hits)
        assert record["abstract"] == " […] ".join(" ".join(each.passage.text.split()) for each in hits)


def test_arabic_stays_as_it_is(answer: Answer) -> None:
    arabic = next(each.document.title for each in answer.hits if each.document.lang == "ar")
    assert f"title = {{{{{arabic}}}}}" in bibtex(entries(answer, link))
    assert f"TI  - {arabic}\r\n" in ris(entries(answer, link))


def test_a_day_is_given_as_exactly_as_it_is_known() -> None:
    dated = only(hit(doc_id="a", date="2025-11-12T08:00:00+02:00"), hit(doc_id="b", date="2024-03"), hit(doc_id="c"))
    assert [fields.get("date") for fields in references(dated).values()] == ["2025-11-12", "2024-03", None]
    assert [record.get("date") for record in records(dated)] == ["2025/11/12", "2024/03", None]
    assert [record.get("year") for record in records(dated)] == ["2025", "2024", None]


def test_pages_and_records_of_a_file_are_named() -> None:
    (fields,) = references(only(hit(source="wire.jsonl", record_id="brief_07"))).values()
    assert (fields["pages"], decoded(fields["note"])) == ("4", "wire.jsonl brief_07; score 0.88")


@pytest.mark.parametrize(
    ("author", "written"),
    [
        ("هدى سالم", "هدى سالم"),
        ("Huda Salem and Omar Karim", "Huda Salem and Omar Karim"),
        ("Reuters, AFP, AP, DPA", "{Reuters, AFP, AP, DPA}"),
    ],
)
def test_a_byline_that_is_no_name_is_kept_together(author: str, written: str) -> None:
    (fields,) = references(only(hit(author=author))).values()
    assert fields["author"] == written
    assert records(only(hit(author=author)))[0]["authors"] == [author]


HOSTILE = (
    st.text(
        st.sampled_from('{}\\"%&$#_~^@=,\r\nاب \u0085\u2028-ER TY<>/')
        | st.characters(codec="utf-8", categories=("L", "P")),
        min_size=1,
        max_size=40,
    )
    .map(str.strip)
    .filter(bool)
)


@given(HOSTILE)
def test_no_text_breaks_out_of_its_field(text: str) -> None:
    answer = only(hit(doc_id="a", title=text, publisher=text), hit(doc_id="b", title="next"))
    first, second = references(answer).values()
    assert re.fullmatch(r"\{.*\}", first["title"], re.DOTALL)
    assert second["title"] == "{next}"
    assert "".join(decoded(first["publisher"]).split()) == "".join(text.split())
    assert [record["id"] for record in records(answer)] == ["jisr-a", "jisr-b"]
    assert records(answer)[0]["title"] == " ".join(text.split())
