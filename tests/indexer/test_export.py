"""An index as JSON lines, and an index of these."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from indexer.build import build
from indexer.export import export, export_to
from search import store
from search.catalogue import Catalogue
from search.errors import MissingIndexError, SourceError
from search.records import Document
from search.settings import Settings
from tests.indexer.news import NEWS, write


def documents(settings: Settings) -> list[Document]:
    return list(Catalogue(store.current(settings.folder) / "catalogue.sqlite").each_document())


@pytest.fixture
def indexed(tmp_path: Path, settings: Settings) -> Settings:
    build([write(tmp_path / "news", NEWS)], settings)
    return settings


def test_a_line_has_what_is_known_of_a_document(indexed: Settings) -> None:
    stream = BytesIO()
    assert export(indexed.folder, stream) == 7
    lines = [json.loads(line) for line in stream.getvalue().decode().splitlines()]
    (ship,) = [line for line in lines if line["file"] == "ar/سفينة.txt"]
    assert ship["title"] == "تحرير سفينة «نور ستار»"
    assert (ship["date"], ship["lang"], ship["publisher"]) == ("2025-11-12", "ar", "صحيفة المرفأ")
    assert ship["text"].startswith("حررت قوة بحرية")
    assert "record_id" not in ship
    assert [line["record_id"] for line in lines if line["file"] == "ar/موجز.jsonl"] == ["dam", "cup"]
    assert [line["file"] for line in lines] == sorted(line["file"] for line in lines)
    assert [line["doc_id"] for line in lines] == [document.doc_id for document in documents(indexed)]


def test_what_is_exported_can_be_indexed(indexed: Settings, tmp_path: Path) -> None:
    assert export_to(indexed.folder, tmp_path / "export.jsonl") == 7
    again = indexed.with_index(tmp_path / "again")
    summary = build([tmp_path / "export.jsonl"], again)
    assert (summary.documents, summary.skipped) == (7, [])

    def told(document: Document) -> tuple[str | None, ...]:
        return document.title, document.text, document.lang, document.date, document.publisher

    assert list(map(told, documents(again))) == list(map(told, documents(indexed)))
    assert [document.record_id for document in documents(again)] == [document.doc_id for document in documents(indexed)]


def test_a_file_is_written_in_full_or_stays(indexed: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("what was there", "utf-8")
    with pytest.raises(MissingIndexError):
        export_to(tmp_path / "nowhere", out)
    assert out.read_text("utf-8") == "what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "news", "out.jsonl"]
    export_to(indexed.folder, out)
    assert len(out.read_text("utf-8").splitlines()) == 7
    with pytest.raises(SourceError, match=r"out\.jsonl cannot be written: No such file or directory\."):
        export_to(indexed.folder, tmp_path / "no folder" / "out.jsonl")


def test_half_an_emoji_is_exported(tmp_path: Path, settings: Settings) -> None:
    build([write(tmp_path / "news", {"a.jsonl": r'{"text": "half an emoji \ud83d, a\u2028line"}'})], settings)
    stream = BytesIO()
    assert export(settings.folder, stream) == 1
    assert "half an emoji" in json.loads(stream.getvalue())["text"]
