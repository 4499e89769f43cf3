"""Documents settled step by step are those of all settled at once, and only what changed is worked on."""

import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indexer.build import build
from indexer.draft import Draft
from indexer.files import SourceFile
from indexer.known import known_files, known_skips
from indexer.passages import Splitter
from indexer.readers import ReadOptions, Skip, SourceItem
from indexer.reading import read_items
from indexer.settling import settle
from search import store
from search.catalogue import Catalogue
from search.progress import silent
from search.settings import Settings
from tests.conftest import SEEDS
from tests.indexer.news import write
from tests.indexer.pages import ARABIC, ENGLISH, pages
from tests.indexer.words import WordEncoder

BANNER = "The tide tables of the Harbour Post"
LINES = [
    BANNER,
    "دفتر المد والجزر في صحيفة المرفأ",
    "Share",
    "Ports along the coast reopened on Wednesday after the storm.",
    "Boats left Aden before dawn, said the harbour master of Mukalla.",
    "غادرت قوارب الصيد ميناء عدن قبل الفجر بعد أن هدأت الرياح.",
    "أصلحت ورشة الميناء رافعتين تضررتا في العاصفة يوم الأربعاء.",
]
AUTHORS = {ENGLISH.name: "Nadia Farrow", ARABIC.name: "سامر الحلاق"}
PORTS = {"en": ["Aden", "Mukalla", "Sfax", "Oran", "Latakia"], "ar": ["عدن", "المكلا", "صفاقس", "وهران", "اللاذقية"]}
GOODS = {"en": ["wheat", "cement", "dates", "sugar", "rice"], "ar": ["القمح", "الأسمنت", "التمر", "السكر", "الأرز"]}


@dataclass(frozen=True)
class Folder:
    """Where the generations of a folder of texts are kept."""

    home: Path

    def generation(self, name: str, texts: Mapping[str, str], before: str | None = None) -> Path:
        """The catalogue of these texts, made anew or from the one before."""
        draft = Draft(self.home / name)
        files = {source: _file(source, text) for source, text in texts.items()}
        known = {file.source: file for file in known_files(self.home / before)} if before else {}
        kept = {source: file for source, file in known.items() if source in files and file.size == files[source].size}
        if before:
            draft.sources.keep(self.home / before, [(file, 1) for file in kept.values()])
        for source in files.keys() - kept.keys():
            draft.sources.add(files[source], "digest", [SourceItem(text=texts[source])])
        settle(draft, Splitter(WordEncoder()), silent)
        draft.number_passages()
        draft.finish()
        return self.home / name


def _file(source: str, text: str) -> SourceFile:
    """A file of a folder; its size stands for its content."""
    return SourceFile(Path("/news", source), source, zlib.crc32(text.encode()), 1)


def contents(catalogue: Path) -> dict[str, set[tuple[object, ...]]]:
    """All that a catalogue holds of its documents, whatever the numbers of their files."""
    selects = {
        "items": "doc_id, site, title, cleaned_by, line_hashes, text",
        "documents": "doc_id, title, lang, date, source, copy_of, page_starts, fingerprint, signature, removed, text",
        "near_duplicates": "*",
        "passages": "*",
    }
    with closing(sqlite3.connect(catalogue)) as connection:
        return {table: set(connection.execute(f"SELECT {names} FROM {table}")) for table, names in selects.items()}


def texts_of(catalogue: Path) -> dict[str, str]:
    with closing(sqlite3.connect(catalogue)) as connection:
        return dict(connection.execute("SELECT source, text FROM documents"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def page(number: int, *, banner: str = BANNER) -> str:
    return f"{banner}\n\n{LINES[3]}\n\nBerth {number} was the first of them, at {number % 12 + 1} in the morning."


def test_what_a_site_repeats_goes_from_its_older_documents_too(folder: Folder) -> None:
    two = folder.generation("two", {"1.txt": page(1), "2.txt": page(2)})
    assert all(BANNER in text for text in texts_of(two).values())
    three = folder.generation("three", {"1.txt": page(1), "2.txt": page(2), "3.txt": page(3)}, before="two")
    assert not any(BANNER in text for text in texts_of(three).values())
    again = folder.generation("again", {"1.txt": page(1), "2.txt": page(2)}, before="three")
    assert contents(again) == contents(two)


def test_sites_are_apart(folder: Folder) -> None:
    texts = texts_of(folder.generation("all", {f"{number}/a.txt": page(number) for number in range(5)}))
    assert all(BANNER in text for text in texts.values())


def test_copies_of_one_document_make_no_site(folder: Folder) -> None:
    texts = texts_of(folder.generation("all", {f"{number}.txt": page(1) for number in range(5)}))
    assert all(BANNER in text for text in texts.values())


def test_what_versions_of_one_report_have_in_common_stays(folder: Folder) -> None:
    text = "Findings\n\n{}\n\nWhat should be done\n\n{}\n\nDraft {} was sent to Aden, {} days late."
    drafts = {f"{number}.txt": text.format(*LINES[3:5], number, number + 2) for number in range(5)}
    assert all("What should be done" in text for text in texts_of(folder.generation("all", drafts)).values())


def test_one_stands_for_all_that_have_its_text(folder: Folder) -> None:
    texts = {"b.txt": LINES[3], "a.txt": LINES[3], "c.txt": f" {LINES[3]}\n", "d.txt": LINES[4]}
    both = folder.generation("all", texts)
    with closing(Catalogue(both)) as catalogue:
        ids = {document.source: document.doc_id for document in catalogue.all_documents()}
        assert {passage.doc_id for passage in catalogue.passages_at(range(9)).values()} == {ids["a.txt"], ids["d.txt"]}
        assert [copy.source for copy in catalogue.copies([ids["a.txt"]])[ids["a.txt"]]] == ["b.txt", "c.txt"]
    without = folder.generation("without", {"b.txt": LINES[3], "d.txt": LINES[4]}, before="all")
    with closing(Catalogue(without)) as catalogue:
        assert {passage.doc_id for passage in catalogue.passages_at(range(9)).values()} == {ids["b.txt"], ids["d.txt"]}


def test_near_duplicates_are_linked(folder: Folder) -> None:
    story = " ".join(LINES[3:5] * 2 + [f"Berth {number} was opened again by noon." for number in range(20)])
    texts = {"a.txt": story, "b.txt": f"{story} More will follow.", "c.txt": LINES[4]}
    with closing(Catalogue(folder.generation("all", texts))) as catalogue:
        ids = {document.source: document.doc_id for document in catalogue.all_documents()}
        found = catalogue.near_duplicates(list(ids.values()))
    assert found.keys() == {ids["a.txt"], ids["b.txt"]}
    ((other, likeness),) = found[ids["b.txt"]]
    assert other.source == "a.txt"
    assert 0.8 <= likeness < 1


def test_a_page_of_furniture_alone_is_skipped_and_may_come_back(folder: Folder) -> None:
    lone = f"{BANNER}\n\nShare"
    texts = {"1.txt": page(1), "2.txt": page(2), "lone.txt": lone}
    three = folder.generation("three", texts)
    assert known_skips(three) == [Skip("lone.txt", "All of its text is furniture of the page.")]
    assert texts_of(three).keys() == {"1.txt", "2.txt"}
    alone = folder.generation("alone", {"lone.txt": lone}, before="three")
    assert known_skips(alone) == []
    assert texts_of(alone) == {"lone.txt": lone}


@pytest.mark.parametrize("ending", ["txt", "html"])
def test_of_a_site_s_pages_the_articles_become_passages(tmp_path: Path, ending: str) -> None:
    draft = Draft(tmp_path / "catalogue.sqlite")
    told = {f"{site.lang}/{page.number}.{ending}": page for site in (ENGLISH, ARABIC) for page in pages(site)}
    for source, page in told.items():
        path = write(tmp_path, {source: page.html if ending == "html" else page.text}) / source
        draft.sources.add(SourceFile(path, source, 1, 1), "digest", read_items(path, ReadOptions()))
    settle(draft, Splitter(WordEncoder()), silent)
    draft.number_passages()
    draft.finish()
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        documents = [catalogue.document(document.doc_id) for document in catalogue.all_documents()]
    assert {document.source for document in documents} == told.keys()
    for document in documents:
        page = told[document.source]
        lines = [line for line in document.text.split("\n") if line]
        assert lines[-len(page.paragraphs) :] == list(page.paragraphs)
        assert set(lines[: -len(page.paragraphs)]) <= {page.title}
        assert document.title == page.title
        if ending == "txt":  # what stands beside the title of a page in HTML is gone before it gets here
            assert (document.date, document.author) == ("2025-11-12", AUTHORS[page.site.name])


def test_new_rules_settle_all_anew(folder: Folder) -> None:
    texts = {f"{number}.txt": page(number) for number in range(4)} | {"lone.txt": f"{BANNER}\n\nShare"}
    first = folder.generation("first", texts)
    old = folder.home / "old"
    shutil.copy(first, old)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("UPDATE items SET line_hashes = x''")
    draft = Draft(folder.home / "new")
    draft.sources.keep(old, [(file, 1) for file in known_files(old)])
    draft.unsettle()
    settle(draft, Splitter(WordEncoder()), silent)
    draft.number_passages()
    draft.finish()
    assert contents(folder.home / "new") == contents(first)


states = st.dictionaries(
    st.sampled_from([f"{folder}/{number}.txt" for folder in "ab" for number in range(4)]),
    st.lists(st.sampled_from(LINES), min_size=1, max_size=5).map("\n\n".join),
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(states, min_size=2, max_size=4))
def test_step_by_step_is_as_at_once(tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]) -> None:
    folder = Folder(tmp_path_factory.mktemp("history"))
    for number, texts in enumerate(history):
        folder.generation(str(number), texts, before=str(number - 1) if number else None)
    last = len(history) - 1
    assert contents(folder.home / str(last)) == contents(folder.generation("at once", history[last]))
    assert known_skips(folder.home / str(last)) == known_skips(folder.home / "at once")


def articles() -> Iterator[tuple[str, str]]:
    """Three hundred notes of two papers, in their words and with what each prints on every page."""
    for number in range(150):
        port, other, goods = number % 5, number // 5 % 5, number // 25 % 5
        tonnes, day = 400 + 7 * number, number % 28 + 1
        en, en_goods = PORTS["en"], GOODS["en"][goods]
        yield (
            f"post/{number}.txt",
            (
                f"{BANNER}\n\n{tonnes} tonnes of {en_goods} for {en[other]}\n\n"
                f"A ship with {tonnes} tonnes of {en_goods} sailed from {en[port]} for {en[other]} on {day} May."
            ),
        )
        ar, ar_goods = PORTS["ar"], GOODS["ar"][goods]
        yield (
            f"marfa/{number}.txt",
            (
                f"دفتر المد والجزر في صحيفة المرفأ\n\n{tonnes} طناً من {ar_goods} إلى {ar[other]}\n\n"
                f"أبحرت سفينة تحمل {tonnes} طناً من {ar_goods} من ميناء {ar[port]} إلى {ar[other]} يوم {day} مايو."
            ),
        )


def test_only_what_changed_is_encoded_and_the_catalogue_is_that_of_a_rebuild(tmp_path: Path) -> None:
    news = write(tmp_path / "news", dict(articles()))
    step_by_step = Settings.load(index=tmp_path / "index")
    first = build([news], step_by_step)
    assert (first.documents, first.encoded) == (300, 300)

    write(news, {"post/7.txt": page(7), "marfa/new.txt": f"{LINES[1]}\n\n{LINES[5]}"})
    (news / "marfa" / "9.txt").unlink()
    second = build([news], step_by_step)
    assert (second.files_read, second.files_removed, second.encoded) == (2, 1, 2)

    at_once = Settings.load(index=tmp_path / "at once")
    shutil.copytree(step_by_step.folder / "cache", at_once.folder / "cache")
    assert build([news], at_once).encoded == 0
    ours, theirs = (store.current(settings.folder) / "catalogue.sqlite" for settings in (step_by_step, at_once))
    assert contents(ours) == contents(theirs)
    assert not any(line in text for text in texts_of(ours).values() for line in LINES[:2])


def test_the_seeds_come_through_as_they_are(seed_settings: Settings) -> None:
    held = contents(store.current(seed_settings.folder) / "catalogue.sqlite")
    assert len(held["documents"]) == 46
    assert {record[-2] for record in held["documents"]} == {"[]"}
    assert {record[-1] for record in held["items"]} == {None}
    assert held["near_duplicates"] == set()
    assert len(list((SEEDS / "documents").rglob("*.*"))) < 46
