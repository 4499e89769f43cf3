from dataclasses import replace

from search.records import Document, Passage
from web.citation import citation

URL = "http://localhost/documents/d1?passage=d1-0#passage"
TEXT = "وصل الوفد إلى الميناء\nيوم الجمعة."
NEWS = Document(
    doc_id="d1",
    title="وفد في الميناء",
    lang="ar",
    date="2025-11-12",
    source="ar/wafd.pdf",
    publisher="صحيفة المرفأ",
    author="هدى سالم",
    text=TEXT,
)
PASSAGE = Passage(passage_id="d1-0", doc_id="d1", lang="ar", text=TEXT, start=0, end=len(TEXT), page=3)


def test_a_passage_is_cited_in_the_language_of_its_document() -> None:
    assert citation(NEWS, PASSAGE, URL).splitlines() == [
        "«وصل الوفد إلى الميناء يوم الجمعة.»",
        "هدى سالم، وفد في الميناء، صحيفة المرفأ، 12 نوفمبر 2025، ص 3",
        URL,
    ]
    english = replace(NEWS, lang="en", title="Delegates at the port", publisher="Jisr Wire", author=None)
    assert citation(english, replace(PASSAGE, text="They came on Friday."), URL).splitlines() == [
        "“They came on Friday.”",
        "Delegates at the port, Jisr Wire, 12 November 2025, p. 3",
        URL,
    ]


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(NEWS, title="", date=None, publisher=None, author=None)
    assert citation(bare, None, URL).splitlines() == ["ar/wafd.pdf", URL]


def test_a_language_without_a_wording_is_cited_as_english_is() -> None:
    persian = citation(replace(NEWS, lang="fa"), PASSAGE, URL)
    assert "12 November 2025, p. 3" in persian
