"""Builds of a small newsroom's files, with the real model."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build import build, remove
from indexer.options import Asked
from indexer.readers import Skip
from search import store
from search.analysis import ANALYSIS_VERSION
from search.encoder import Encoder
from search.errors import BusyIndexError, DamagedIndexError, MismatchError, MissingIndexError, SourceError
from search.fusion import Leg
from search.late import MAX_PASSAGE_BYTES
from search.local import LocalBackend
from search.searcher import Options, Searcher
from search.settings import Late, Settings
from tests.conftest import REPOSITORY
from tests.indexer.news import NEWS, PAGE, answers, write

Opened = Callable[[Settings], Searcher]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "news", NEWS)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Another index, for a full build to compare with."""
    return Settings.load(index=tmp_path / "elsewhere")


@pytest.fixture
def opened(encoder: Encoder) -> Opened:
    """Opens the current generation for the model that is loaded already."""
    return lambda settings: Searcher(LocalBackend(settings.folder), encoder)


def first_source(searcher: Searcher, query: str, lang: str | None = None) -> str:
    return searcher.search(query, lang=lang)[0].document.source


def test_a_first_build(folder: Path, settings: Settings) -> None:
    summary = build([folder], settings)
    assert summary.published
    assert (summary.files_read, summary.files_kept, summary.files_removed) == (6, 0, 0)
    assert (summary.documents, summary.passages, summary.encoded) == (7, 7, 7)
    assert summary.languages == {"ar": 4, "en": 3}
    assert summary.skipped == []
    manifest = store.Manifest.read(store.current(settings.folder))
    assert (manifest.generation, manifest.documents) == (summary.generation, 7)
    assert manifest.model == "multilingual-e5-small"


def test_what_is_recorded_of_documents(folder: Path, settings: Settings, opened: Opened) -> None:
    (write(folder, PAGE) / "en" / "solar.txt").unlink()
    build([folder], settings)
    searcher = opened(settings)
    documents = {(document.source, document.record_id): document for document in searcher.documents()}
    ship = documents["ar/سفينة.txt", None]
    assert (ship.title, ship.date) == ("تحرير سفينة «نور ستار»", "2025-11-12")
    assert (ship.publisher, ship.lang) == ("صحيفة المرفأ", "ar")
    assert documents["ar/موجز.jsonl", "dam"].title == "امتلأ سدّ وادي زركان بالطمي، وتعمل جرافة عائمة على تنظيفه."
    assert documents["en/solar.html", None].title == "Sun over Wadi Halima"
    assert "Home" not in searcher.document(documents["en/solar.html", None].doc_id).text


def test_both_languages_are_found_from_both(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    assert first_source(opened(settings), "pirates attack a ship", lang="ar") == "ar/سفينة.txt"
    assert first_source(opened(settings), "قراصنة يهاجمون سفينة", lang="en") == "en/ship.txt"
    assert first_source(opened(settings), "handball champions", lang="ar") == "ar/موجز.jsonl"


def test_nothing_changed_nothing_published(folder: Path, settings: Settings) -> None:
    first = build([folder], settings)
    second = build([folder], settings)
    assert not second.published
    assert second.generation == first.generation
    assert (second.files_read, second.files_kept, second.encoded) == (0, 6, 0)
    assert (second.documents, second.passages, second.languages) == (7, 7, first.languages)
    assert [path.name for path in (settings.folder / "generations").iterdir()] == [first.generation]


def test_a_file_that_was_only_touched_is_no_change(folder: Path, settings: Settings) -> None:
    build([folder], settings)
    os.utime(folder / "en" / "ship.txt")
    assert not build([folder], settings).published


def test_changes_encode_only_what_is_new_and_answer_as_a_full_build(
    folder: Path, settings: Settings, elsewhere: Settings, opened: Opened
) -> None:
    build([folder], settings)

    write(folder, {"ar/خبز.md": "# سعر رغيف الخبز\n\nتراجعت الحكومة التونسية عن رفع سعر الخبز بعد احتجاجات."})
    changed = build([folder], settings)
    assert (changed.files_read, changed.files_kept, changed.encoded) == (1, 5, 1)

    write(folder, {"en/dam.txt": "A floating dredger is clearing silt from the Zergane dam in Morocco."})
    added = build([folder], settings)
    assert (added.files_read, added.files_kept, added.encoded, added.documents) == (1, 6, 1, 8)

    (folder / "en" / "wheat.md").unlink()
    removed = build([folder], settings)
    assert (removed.files_read, removed.files_removed, removed.encoded, removed.documents) == (0, 1, 0, 7)

    (folder / "ar" / "سفينة.txt").rename(folder / "ar" / "ناقلة.txt")
    moved = build([folder], settings)
    assert (moved.files_read, moved.files_moved, moved.files_removed) == (0, 1, 0)
    assert (moved.encoded, moved.documents) == (0, 7)

    full = build([folder], elsewhere)
    assert (full.encoded, full.documents, full.languages) == (7, 7, moved.languages)
    assert answers(opened(settings)) == answers(opened(elsewhere))
    ours, theirs = store.current(settings.folder), store.current(elsewhere.folder)
    for part in (
        "vectors/vectors.npy",
        "names.sqlite",
        "tokens/codes.npy",
        "tokens/lengths.npy",
        "dictionary/ar.faiss",
    ):
        assert (ours / part).read_bytes() == (theirs / part).read_bytes(), part
    assert not [
        hit for hits in answers(opened(settings)) for hit in hits if "ناقلة" not in hit[2] and "سفينة" in hit[2]
    ]


def test_the_order_in_which_files_came_does_not_show(
    folder: Path, settings: Settings, elsewhere: Settings, opened: Opened
) -> None:
    build([folder / "en"], settings)
    build([folder], settings)
    build([folder], elsewhere)
    ours, theirs = answers(opened(settings)), answers(opened(elsewhere))
    assert [[hit[:2] for hit in hits] for hits in ours] == [[hit[:2] for hit in hits] for hits in theirs]


def test_a_changed_record_of_a_file_of_many(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    lines = NEWS["ar/موجز.jsonl"].replace("صفاقس", "رادس")
    write(folder, {"ar/موجز.jsonl": lines})
    summary = build([folder], settings)
    assert (summary.files_read, summary.encoded, summary.documents) == (1, 1, 7)
    assert "رادس" in opened(settings).search("كأس كرة اليد")[0].passage.text


def test_a_document_keeps_its_id(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    before = {(doc.source, doc.record_id): doc.doc_id for doc in opened(settings).documents()}
    write(folder, {"en/ship.txt": "The bulk carrier Nour Star reached Jeddah with all hands."})
    build([folder], settings, rebuild=True)
    assert {(doc.source, doc.record_id): doc.doc_id for doc in opened(settings).documents()} == before


def test_another_folder_is_added_and_a_rebuild_starts_over(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder / "ar"], settings)
    both = build([folder / "en"], settings)
    assert (both.documents, both.files_kept) == (7, 3)
    alone = build([folder / "en"], settings, rebuild=True)
    assert (alone.documents, alone.files_read, alone.encoded) == (3, 3, 0)
    assert alone.languages == {"en": 3}
    assert opened(settings).search("خبز", lang="ar") == []


def test_a_folder_inside_and_one_around_agree_on_sources(folder: Path, settings: Settings, opened: Opened) -> None:
    def sources() -> set[str]:
        return {document.source for document in opened(settings).documents()}

    build([folder / "ar"], settings)
    assert sources() == {"سفينة.txt", "خبز.md", "موجز.jsonl"}
    around = build([folder], settings)
    assert (around.files_kept, around.files_read) == (3, 3)
    assert sources() == set(NEWS)
    write(folder, {"ar/نهر.txt": "ارتفع منسوب النهر بعد الأمطار."})
    assert build([folder / "ar"], settings).files_read == 1
    assert sources() == {*NEWS, "ar/نهر.txt"}
    assert not build([folder], settings).published


def test_what_is_removed_is_found_no_more_and_comes_back_when_indexed(
    folder: Path, settings: Settings, elsewhere: Settings, opened: Opened
) -> None:
    build([folder], settings)
    (folder / "en" / "wheat.md").unlink()
    summary = remove([folder / "ar", folder / "en" / "wheat.md"], settings)
    assert summary.published
    assert (summary.files_removed, summary.files_kept, summary.documents, summary.encoded) == (4, 2, 2, 0)
    build([folder / "en"], elsewhere)
    assert [[hit[:2] for hit in hits] for hits in answers(opened(settings))] == [
        [hit[:2] for hit in hits] for hits in answers(opened(elsewhere))
    ]
    assert (settings.folder / "generations" / summary.generation).is_dir()
    back = build([folder], settings)
    assert (back.files_read, back.encoded, back.documents) == (3, 0, 6)


def test_links_can_be_removed(folder: Path, settings: Settings, tmp_path: Path) -> None:
    (folder / "en" / "link.txt").symlink_to(write(tmp_path / "away", {"dam.txt": "A dredger clears silt."}) / "dam.txt")
    (tmp_path / "shortcut").symlink_to(folder / "ar")
    build([folder], settings)
    assert remove([folder / "en" / "link.txt"], settings).files_removed == 1
    assert remove([tmp_path / "shortcut"], settings).files_removed == 3


def test_removing_what_is_not_there(folder: Path, settings: Settings) -> None:
    with pytest.raises(MissingIndexError):
        remove([folder], settings)
    assert not settings.folder.exists()
    first = build([folder / "ar"], settings)
    with pytest.raises(SourceError, match=r"holds nothing of .*en\."):
        remove([folder / "ar", folder / "en"], settings)
    assert store.current(settings.folder).name == first.generation


def test_an_empty_folder(tmp_path: Path, settings: Settings, opened: Opened) -> None:
    (tmp_path / "empty").mkdir()
    summary = build([tmp_path / "empty"], settings)
    assert (summary.published, summary.documents, summary.passages, summary.languages) == (True, 0, 0, {})
    assert opened(settings).search("أي شيء") == []
    assert opened(settings).documents() == []


def test_all_files_gone(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    for path in list(folder.rglob("*.*")):
        path.unlink()
    assert build([folder], settings).files_removed == 6
    assert opened(settings).search("bread") == []


def test_what_cannot_be_read_is_named_once_and_the_rest_is_indexed(
    folder: Path, settings: Settings, opened: Opened
) -> None:
    write(
        folder,
        {
            "en/broken.md": "---\ntitle: [never closed\n---\nText.",
            "en/style.css": "p { color: navy }",
            "en/empty.txt": " \n",
            "en/lines.jsonl": '{"_id": "ok", "text": "The port of Tartus reopened."}\n{"_id": "half',
            "en/page.html": "<html><body><script>menu()</script></body></html>",
        },
    )
    (folder / "ar" / "صورة.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (folder / "ar" / "ذاكرة.txt").symlink_to("/proc/self/mem")
    (folder / "ar" / "ضائع.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "ar" / "أنبوب.txt")

    summary = build([folder], settings)
    assert summary.documents == 8
    reasons = {skip.place: skip.reason for skip in summary.skipped}
    assert len(reasons) == len(summary.skipped) == 9
    assert reasons["en/broken.md"].startswith("The front matter is not YAML: ")
    assert reasons["en/style.css"] == "Files ending in '.css' hold text, but no documents."
    assert reasons["en/empty.txt"] == "There is no text in it."
    assert reasons["en/lines.jsonl, line 2"].startswith("The line is not JSON: ")
    assert reasons["en/page.html"] == "The page has no text that could be found."
    assert reasons["ar/صورة.txt"] == "It is a PNG image, which is not read: add the PDF of the scan."
    assert reasons["ar/ذاكرة.txt"] == "Input/output error."
    assert reasons["ar/ضائع.txt"] == "No such file or directory."
    assert reasons["ar/أنبوب.txt"] == "It is a pipe, a socket or a device, not a file."

    again = build([folder], settings)
    assert not again.published
    assert again.skipped == summary.skipped

    write(folder, {"en/broken.md": "---\ntitle: [closed]\n---\nThe bridge over the Nile is open."})
    mended = build([folder], settings)
    assert mended.documents == 9
    assert mended.skipped == [skip for skip in summary.skipped if skip.place != "en/broken.md"]
    assert first_source(opened(settings), "bridge over the Nile") == "en/broken.md"


def test_odd_records_do_not_stop_a_build(tmp_path: Path, settings: Settings, opened: Opened) -> None:
    records = [
        r'{"_id": "\ud83d", "title": "cut \ud83d", "text": "half an emoji \ud83d"}',
        r'{"_id": "nul", "title": "a\u0000b", "text": "before\u0000after"}',
        r'{"_id": "marks", "text": "\u202e\u200f\ufeff"}',
        r'{"_id": "quotes", "text": "it\"s \"; DROP TABLE passages; --", "lang": "en\"; --"}',
        '{"_id": "one word", "text": "' + "خ" * 5000 + '"}',
        '{"_id": {"a": 1}, "text": 7, "title": ["x"], "lang": 3, "date": {}, "metadata": "none"}',
    ]
    write(tmp_path / "news", {"odd.jsonl": "\n".join(records)})
    summary = build([tmp_path / "news"], settings)
    assert summary.documents == len(records)
    assert "half an emoji" in {hit.passage.text for hit in opened(settings).search("emoji")}


def test_persian_and_french_have_pools_of_their_own(folder: Path, settings: Settings, opened: Opened) -> None:
    write(
        folder,
        {
            "fa/آب.txt": "کمبود آب در اصفهان کشاورزان را نگران کرده است. آنها می‌گویند زاینده‌رود سال‌هاست که خشک شده.",
            "fr/pain.txt": "Le prix du pain augmente en Tunisie pour la première fois depuis dix ans.",
        },
    )
    summary = build([folder], settings)
    assert summary.languages == {"ar": 4, "en": 3, "fa": 1, "fr": 1}
    searcher = opened(settings)
    for query in ("water shortage in Isfahan", "نقص المياه في أصفهان", "خشک شدن زاینده‌رود"):
        assert searcher.search(query, lang="fa")[0].document.source == "fa/آب.txt"
        assert "fa/آب.txt" in {hit.document.source for hit in searcher.search(query, k=3)}
    assert "fr/pain.txt" in {hit.document.source for hit in searcher.search("bread price in Tunisia", k=3)}


def test_a_folder_that_holds_its_own_index(tmp_path: Path) -> None:
    folder = write(tmp_path / "news", NEWS)
    settings = Settings.load(index=folder / "index")
    assert build([folder], settings).skipped == []
    again = build([folder], settings)
    assert (again.published, again.files_kept) == (False, 6)


def test_relative_paths(folder: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened) -> None:
    monkeypatch.chdir(folder.parent)
    settings = Settings.load(index="an index?#")
    build([Path("news")], settings)
    write(folder, {"en/dam.txt": "A floating dredger is clearing silt from the Zergane dam."})
    assert build([Path("news")], settings).files_kept == 6
    assert first_source(opened(settings), "dredger at the dam") == "en/dam.txt"


def test_a_path_that_does_not_exist(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        build([tmp_path / "nowhere"], settings)
    assert not settings.folder.exists()


def test_an_index_of_another_model(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    path = store.current(settings.folder) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | {"fingerprint": "0" * 32, "model": "distiluse"}
    path.write_text(json.dumps(manifest), "utf-8")
    default = Settings.load(index=settings.index, model="multilingual-e5-small")
    with pytest.raises(MismatchError, match="with the model distiluse, not with multilingual-e5-small") as caught:
        build([folder], default)
    assert "--rebuild" in caught.value.hint
    assert build([folder], default, rebuild=True).documents == 7
    assert first_source(opened(default), "pirates", lang="en") == "en/ship.txt"


@pytest.mark.parametrize("damage", ["no catalogue", "not a catalogue", "no manifest", "no token codes"])
def test_a_damaged_index_is_built_anew_only_when_asked(
    folder: Path, settings: Settings, damage: str, opened: Opened
) -> None:
    build([folder], settings)
    generation = store.current(settings.folder)
    if damage == "not a catalogue":
        (generation / "catalogue.sqlite").write_bytes(b"no SQLite at all" * 100)
    elif damage == "no token codes":
        shutil.rmtree(generation / "tokens")
    else:
        (generation / ("manifest.json" if damage == "no manifest" else "catalogue.sqlite")).unlink()
    with pytest.raises(DamagedIndexError) as caught:
        build([folder], settings)
    assert "--rebuild" in caught.value.hint
    assert build([folder], settings, rebuild=True).documents == 7
    assert first_source(opened(settings), "pirates", lang="en") == "en/ship.txt"


def test_one_build_at_a_time(folder: Path, settings: Settings) -> None:
    program = (
        "import pathlib, sys\n"
        "from search import store\n"
        "with store.building(pathlib.Path(sys.argv[1])):\n"
        "    print('building', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(settings.index)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"building\n"
        with pytest.raises(BusyIndexError, match="Another build is running") as caught:
            build([folder], settings)
        assert caught.value.hint
        other.communicate()
    assert build([folder], settings).documents == 7


def _codes_bytes(settings: Settings) -> int:
    return sum(path.stat().st_size for path in (store.current(settings.folder) / "tokens").iterdir())


def test_token_vectors_are_kept_unless_told_otherwise(folder: Path, settings: Settings, opened: Opened) -> None:
    summary = build([folder], settings)
    generation = store.current(settings.folder)
    assert store.Manifest.read(generation).late
    assert (generation / "late.npz").exists()
    assert summary.late_bytes == _codes_bytes(settings)
    assert 0 < summary.late_bytes <= MAX_PASSAGE_BYTES * summary.passages + 1024
    hit = opened(settings).answer("wheat", Options(k=1, explain=True)).hits[0]
    assert hit.explanation
    assert Leg.LATE in {share.leg for share in hit.explanation.legs}


def test_token_vectors_come_and_go_with_their_setting(folder: Path, settings: Settings, opened: Opened) -> None:
    without, with_codes = replace(settings, late=Late.OFF), replace(settings, late=Late.ON)
    off = build([folder], without)
    assert (off.encoded, off.late_bytes) == (7, None)
    generation = store.current(settings.folder)
    assert not store.Manifest.read(generation).late
    assert not {"tokens", "late.npz"} & {path.name for path in generation.iterdir()}
    hit = opened(settings).answer("wheat", Options(k=1, explain=True)).hits[0]
    assert hit.explanation
    assert Leg.LATE not in {share.leg for share in hit.explanation.legs}
    assert first_source(opened(settings), "who bought wheat?") == "en/wheat.md"
    assert not build([folder], without).published

    on = build([folder], with_codes)
    assert (on.published, on.files_kept, on.encoded) == (True, 6, 7)
    assert on.late_bytes == _codes_bytes(settings)
    assert not build([folder], settings).published  # auto: it has them already
    best = answers(opened(settings))

    again = build([folder], without)
    assert (again.published, again.encoded, again.late_bytes) == (True, 0, None)
    back = build([folder], with_codes)
    assert (back.published, back.encoded, back.late_bytes) == (True, 0, on.late_bytes)
    assert answers(opened(settings)) == best


def test_a_large_index_has_no_token_vectors_unless_told(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.build.MAX_LATE_PASSAGES", 6)
    assert build([folder], settings).late_bytes is None
    assert not build([folder], settings).published
    assert build([folder], replace(settings, late=Late.ON)).late_bytes
    (folder / "en" / "wheat.md").unlink()
    assert build([folder], settings).late_bytes


def test_words_of_other_rules_are_made_anew(folder: Path, settings: Settings, opened: Opened) -> None:
    first = build([folder], settings)
    generation = store.current(settings.folder)
    replace(store.Manifest.read(generation), analysis=ANALYSIS_VERSION + 1).write(generation)
    with pytest.raises(MismatchError):
        opened(settings)
    second = build([folder], settings)
    assert (second.published, second.files_kept, second.encoded) == (True, 6, 0)
    assert second.generation != first.generation
    assert first_source(opened(settings), "handball champions", lang="ar") == "ar/موجز.jsonl"


def test_stages_are_reported(folder: Path, settings: Settings) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    build([folder], settings, progress=lambda stage, done, total: seen.setdefault(stage, []).append((done, total)))
    assert seen["Reading"] == [(done, 6) for done in range(7)]
    assert seen["Cleaning and splitting"] == [(done, 7) for done in range(8)]
    assert seen["Encoding"] == sorted(seen["Encoding"])
    assert seen["Encoding"][-1] == (7, 7)
    assert seen["Indexing words"] == [(done, 2) for done in range(3)]
    words = seen["Encoding words"]
    assert words == sorted(words)
    assert words[-1][0] == words[-1][1]  # of words that no index had before


def test_a_build_that_fails_midway_changes_nothing(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    before = answers(opened(settings))
    write(folder, {"en/dam.txt": "A floating dredger is clearing silt from the Zergane dam."})

    def give_up(stage: str, done: int, total: int) -> None:
        if stage == "Encoding":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([folder], settings, progress=give_up)
    assert answers(opened(settings)) == before
    assert build([folder], settings).documents == 8
    assert not list((settings.folder / "generations").glob("*.tmp"))


def test_skips_say_where(tmp_path: Path, settings: Settings) -> None:
    write(tmp_path / "news", {"a/notes.doc": r"{\rtf1\ansi", "b/lines.jsonl": '{"text": "نص."}\n[]'})
    summary = build([tmp_path / "news"], settings)
    assert summary.skipped == [
        Skip("a/notes.doc", "It is an RTF document, which is not read: save it as .docx."),
        Skip("b/lines.jsonl, line 2", "The line is not a JSON object."),
    ]


TABLE = """\
headline,lead,body,city
ارتفاع منسوب النهر,حذرت وزارة الموارد المائية سكان القرى على ضفتي النهر.,وفتحت بوابات السد فجر الثلاثاء.,الموصل
River rises,The water ministry warned villages on both its banks.,The gates of the dam were opened at dawn.,Mosul
"""


def test_a_mapping_is_remembered_and_another_one_reads_the_tables_anew(
    folder: Path, settings: Settings, opened: Opened
) -> None:
    write(folder, {"tables/river.csv": TABLE})
    guessed = build([folder], settings)
    assert guessed.formats == {"txt": 3, "markdown": 2, "csv": 1, "jsonl": 1}

    asked = Asked(columns={"title": "headline", "text": "lead+body"})
    mapped = build([folder / "tables"], settings, asked=asked)
    assert (mapped.published, mapped.files_read, mapped.files_kept, mapped.encoded) == (True, 1, 6, 2)
    river = opened(settings).search("gates of the dam opened", lang="en")[0]
    assert river.passage.text.startswith("The water ministry warned")
    assert river.document.title == "River rises"

    assert not build([folder], settings).published
    write(folder, {"tables/river.csv": TABLE.replace("dawn", "noon")})
    changed = build([folder], settings)
    assert (changed.files_read, changed.encoded) == (1, 1)
    assert "noon" in opened(settings).search("gates of the dam opened", lang="en")[0].passage.text

    wrong = build([folder / "tables"], settings, asked=Asked(columns={"text": "story"}))
    assert [skip.place for skip in wrong.skipped] == ["tables/river.csv"]
    assert "'story'" in wrong.skipped[0].reason
    started_over = build([folder / "tables"], settings, rebuild=True)
    assert (started_over.documents, started_over.skipped) == (2, [])


def test_reading_scans_concerns_no_other_file(folder: Path, settings: Settings) -> None:
    build([folder], settings)
    told = build([folder], settings, asked=Asked(ocr=True))
    assert (told.published, told.files_read, told.encoded) == (True, 0, 0)
    assert not build([folder], settings, asked=Asked(ocr=True)).published


def test_other_rules_settle_the_documents_anew(folder: Path, settings: Settings, opened: Opened) -> None:
    build([folder], settings)
    before = answers(opened(settings))
    path = store.current(settings.folder) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"settling": "0.0.0"}), "utf-8")
    again = build([folder], settings)
    assert (again.published, again.files_read, again.encoded) == (True, 0, 0)
    assert answers(opened(settings)) == before


def test_a_pdf_tells_its_pages_and_its_copies(tmp_path: Path, settings: Settings, opened: Opened) -> None:
    pdf = REPOSITORY / "tests" / "indexer" / "readers" / "pdfs" / "xelatex.pdf"
    (tmp_path / "archive").mkdir()
    for name in ("مصر.pdf", "نسخة.pdf"):
        shutil.copy(pdf, tmp_path / "archive" / name)
    summary = build([tmp_path / "archive"], settings)
    assert (summary.documents, summary.copies, summary.formats) == (2, 1, {"pdf": 2})
    searcher = opened(settings)
    hits = searcher.search("مصر تدعو الشركات الباكستانية إلى المعرض")
    (document,) = {hit.document.doc_id for hit in hits}
    ((copy,),) = {hit.copies for hit in hits}
    told = searcher.document(document)
    assert len(told.page_starts) == 2
    assert [hit.passage.page for hit in hits] == [told.page_of(hit.passage.start) for hit in hits]
    assert {hits[0].document.source, copy.source} == {"مصر.pdf", "نسخة.pdf"}
    assert searcher.related(document).copies == (copy,)
    assert searcher.related(copy.doc_id).copies == (hits[0].document,)
