"""Exports are read back by the programs' own rules: the csv module, json, and libraries for BibTeX and RIS."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from starlette.responses import Response

from search.records import Answer, DocumentInfo, Hit, Passage
from search.searcher import Options, Searcher
from web.exports import FORMULA, Export, Format, Record, exported

QUERY = "كلفة تحلية المياه"


@pytest.fixture(scope="module")
def answer(seed_searcher: Searcher) -> Answer:
    return seed_searcher.answer(QUERY, Options(k=8))


def link(hit: Hit) -> str:
    return f"http://localhost/documents/{hit.document.doc_id}?passage={hit.passage.passage_id}#passage"


def hit(**given: object) -> Hit:
    """A hit whose document has these fields."""
    document = DocumentInfo(
        **{"doc_id": "d1", "title": "T", "lang": "en", "date": None, "source": "a.txt", **given}  # type: ignore[arg-type]
    )
    passage = Passage(passage_id="d1-0", doc_id="d1", lang="en", text=document.title, start=0, end=1, page=4)
    return Hit(rank=1, score=0.875, weak=False, passage=passage, document=document)


def only(*hits: Hit, query: str = "q") -> Answer:
    return Answer(query=query, lang="en", reading=None, generation="g", hits=list(hits))


def table(answer: Answer) -> list[dict[str, str]]:
    body = exported(answer, Format.CSV, link).body
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(body.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_for_each_hit_and_arabic_in_it(answer: Answer) -> None:
    rows = table(answer)
    assert len(rows) == len(answer.hits) == 8
    for row, found in zip(rows, answer.hits, strict=True):
        assert list(row) == list(Record.__slots__)
        assert (row["rank"], row["lang"], row["passage"]) == (str(found.rank), found.passage.lang, found.passage.text)
        assert (row["title"], row["date"], row["source"]) == (
            found.document.title,
            found.document.date,
            found.document.source,
        )
        assert float(row["score"]) == pytest.approx(found.score, abs=1e-4)
        assert row["url"] == link(found)
    assert {row["lang"] for row in rows} == {"ar", "en"}


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_begins_a_formula(sign: str) -> None:
    (row,) = table(only(hit(title=f'{sign}HYPERLINK("http://evil.example")', author=f"{sign}1", publisher="A=B")))
    assert (row["title"], row["author"], row["publisher"]) == (
        f'\'{sign}HYPERLINK("http://evil.example")',
        f"'{sign}1",
        "A=B",
    )


def test_a_cell_keeps_its_lines_commas_and_quotation_marks() -> None:
    title = 'He said "no",\r\nthen; left'
    assert [row["title"] for row in table(only(hit(title=title)))] == [title]


def test_json_has_the_same_fields_with_their_types(answer: Answer) -> None:
    told = json.loads(exported(answer, Format.JSON, link).body)
    assert (told["query"], told["generation"]) == (QUERY, answer.generation)
    first, record = answer.hits[0], told["hits"][0]
    assert list(record) == list(Record.__slots__)
    assert (record["rank"], record["weak"], record["page"]) == (1, first.weak, None)
    assert (record["passage"], record["url"]) == (first.passage.text, link(first))
    assert first.passage.text.split()[0] in exported(answer, Format.JSON, link).body.decode()


@pytest.mark.parametrize("format_", Format)
def test_an_answer_without_hits_is_a_file_without_entries(format_: Format) -> None:
    body = exported(only(), format_, link).body.decode("utf-8-sig")
    left = {Format.CSV: ",".join(f'"{name}"' for name in Record.__slots__), Format.JSON: ""}.get(format_, "")
    assert (json.loads(body)["hits"] == []) if format_ is Format.JSON else body.strip() == left


def disposition(query: str, format_: Format = Format.CSV) -> str:
    response: Response = exported(only(query=query), format_, link).response()
    return response.headers["Content-Disposition"]


def test_a_download_is_named_after_its_query() -> None:
    assert disposition("desalination cost?") == (
        "attachment; filename=\"jisr-desalination-cost.csv\"; filename*=UTF-8''jisr-desalination-cost.csv"
    )


def test_a_name_in_arabic_is_there_for_those_who_can_read_it() -> None:
    assert disposition("حفتر", Format.RIS) == (
        "attachment; filename=\"jisr.ris\"; filename*=UTF-8''jisr-%D8%AD%D9%81%D8%AA%D8%B1.ris"
    )


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("مُدرِّسٌ في «القـاهرة»", "jisr-مدرس-في-القاهرة.csv"),
        ('../..\\etc\r\nX: "1"', "jisr-etc-X-1.csv"),
        ("؟!", "jisr.csv"),
        ("كلمة " * 40, f"jisr-{'كلمة-' * 11}كلمة.csv"),
        ("\u202egpj.exe", "jisr-gpj-exe.csv"),
    ],
    ids=["diacritics", "path and header", "no words", "long", "reversed"],
)
def test_a_name_is_made_of_words_alone(query: str, name: str) -> None:
    export = exported(only(query=query), Format.CSV, link)
    assert export.filename == name
    assert len(name.encode()) <= 255
    assert export.response().headers["Content-Disposition"].isascii()


def test_a_file_is_of_the_type_it_says(answer: Answer) -> None:
    types = {format_: exported(answer, format_, link).response().headers["Content-Type"] for format_ in Format}
    assert types == {
        Format.CSV: "text/csv; charset=utf-8; header=present",
        Format.JSON: "application/json",
        Format.BIBTEX: "application/x-bibtex; charset=utf-8",
        Format.RIS: "application/x-research-info-systems; charset=utf-8",
    }


def test_the_same_answer_gives_the_same_file(answer: Answer) -> None:
    again = replace(answer, hits=list(answer.hits))
    for format_ in Format:
        assert isinstance(export := exported(answer, format_, link), Export)
        assert exported(again, format_, link) == export
