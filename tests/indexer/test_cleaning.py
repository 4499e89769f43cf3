"""What is left of a page's text, on real pages, on pages of our making, and on text that has no furniture."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.blocks import blocks
from indexer.cleaning import Cleaned, Removed, clean
from indexer.furniture import Reason
from indexer.headline import headline
from indexer.readers import ReadOptions, SourceItem, html
from indexer.reading import read_items
from indexer.repetition import line_hashes, repeated_lines
from tests.conftest import SEEDS
from tests.indexer.pages import ARABIC, ENGLISH, Page, Site, pages
from tests.indexer.readers import items

# Three articles as they were saved, which are not ours to copy: which of their lines are the article's.
SAVED = {
    "000_1ca882c574d82c6e.txt": (range(9, 96), 9),
    "002_8d2327352cb9dc1c.txt": (range(1, 18), None),
    "003_2129cc06a290e765.txt": (range(3, 16), 3),
}
FURNITURE_INSIDE = {("003_2129cc06a290e765.txt", 5)}

FRAGMENTS = [
    *(
        "Ports reopened on Monday.",
        "عادت الموانئ إلى العمل أمس.",
        "Share",
        "إعلان",
        "12 May 2025",
        "BTC 3.28%",
        "- ",
        "\n",
    ),
    *(
        "Leave a comment",
        "اقرأ أيضاً",
        "Facebook",
        "Home > News > Ports",
        "Ports reopen after the storm",
        "\n\n",
        " ",
        "*",
    ),
]
texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=30).map("".join)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_article_keeps_its_lines_and_no_other(shared: Path, name: str) -> None:
    text = (shared / "seeds" / name).read_text("utf-8")
    article, title = SAVED[name]
    cleaned = clean(text)
    kept, at = set(), 0
    for number, line in enumerate(text.split("\n"), start=1):
        start = at + len(line) - len(line.lstrip())
        if line.strip() and any(first <= start < last for first, last in cleaned.kept):
            kept.add(number)
        at += len(line) + 1
    own = {number for number, line in enumerate(text.split("\n"), start=1) if line.strip() and number in article}
    assert kept == {number for number in own if (name, number) not in FURNITURE_INSIDE}
    assert headline(cleaned.text) == (text.split("\n")[title - 1] if title else "")


def test_what_went_is_named(shared: Path) -> None:
    text = (shared / "seeds" / "003_2129cc06a290e765.txt").read_text("utf-8")
    counts = Counter(removed.reason for removed in clean(text).removed)
    assert counts[Reason.TICKER] > 40
    assert counts[Reason.FORM] > 1
    assert {Reason.SHARE, Reason.NAVIGATION, Reason.PROMOTION} <= counts.keys()


@pytest.mark.parametrize("site", [ENGLISH, ARABIC], ids=["English", "Arabic"])
@pytest.mark.parametrize("form", ["text", "html"])
class TestSites:
    def test_the_article_is_left_and_nothing_of_the_site(self, site: Site, form: str) -> None:
        found = read(site, form)
        counts = Counter(line for _, text in found for line in line_hashes(text))
        repeated = repeated_lines(counts, len(found))
        for page, text in found:
            left = lines_of(clean(text, title=page.title if form == "html" else "", repeated=repeated).text)
            assert left[left[0] == page.title :] == list(page.paragraphs)

    def test_a_single_page_needs_no_repetition(self, site: Site, form: str) -> None:
        """Save that the name of a site above a title that does not read like one cannot be told from a title."""
        for page, text in read(site, form):
            left = lines_of(clean(text).text)
            assert left[-len(page.paragraphs) :] == list(page.paragraphs)
            assert set(left[: -len(page.paragraphs)]) <= {page.title, site.name}


def read(site: Site, form: str) -> list[tuple[Page, str]]:
    found = pages(site)
    assert len(found) >= 6
    if form == "text":
        return [(page, page.text) for page in found]
    read_pages = [(page, items(html.read, page.html.encode())[0]) for page in found]
    return [(page, item.text) for page, item in read_pages if isinstance(item, SourceItem)]


def test_a_site_says_what_went_and_why() -> None:
    page = pages(ENGLISH)[0]
    removed = clean(page.text).removed
    assert [one.text for one in removed if one.text != ENGLISH.name] == [
        line for line in page.furniture if line != ENGLISH.name
    ]
    assert Removed("By Nadia Farrow", Reason.BYLINE) in removed
    assert Removed("Published 12 November 2025, 09:31", Reason.DATE) in removed
    assert Removed("EUR/USD 1.0842 -0.1%", Reason.TICKER) in removed


def test_our_own_articles_lose_nothing() -> None:
    for path in sorted(path for path in (SEEDS / "documents").rglob("*") if path.is_file()):
        for item in read_items(path, ReadOptions()):
            if not isinstance(item, SourceItem):
                continue
            cleaned = clean(item.text, title=item.title)
            assert (cleaned.removed, cleaned.text) == ((), item.text.strip()), path


@pytest.mark.parametrize("corpus", ["xquad", "arcd", "ntrex-news", "tatoeba"])
def test_clean_text_stays_as_it_is(shared: Path, corpus: str) -> None:
    with (shared / "eval" / corpus / "corpus.jsonl").open(encoding="utf-8") as lines:
        sources = [json.loads(line)["text"] for line in lines]
    assert [removed for source in sources for removed in clean(source).removed] == []
    assert clean("\n\n".join(sources)).removed == ()


def test_no_sentence_goes_wherever_furniture_is_strewn() -> None:
    """Up to one in a thousand: the last sentence of a page where a comment form and an offer stand above it."""
    chance = random.Random(4)  # noqa: S311
    told = [page for site in (ENGLISH, ARABIC) for page in pages(site)]
    sentences = lost = 0
    for page in told * 10:
        text = "\n\n".join(strewn(page, chance.choice(told).furniture, chance))
        left = Counter(block.text for block in blocks(clean(text).text))
        own = [block.text for block in blocks("\n\n".join(page.paragraphs)) if block.is_prose]
        sentences += len(own)
        lost += sum(left[sentence] == 0 for sentence in own)
    assert sentences > 3000
    assert lost <= sentences / 1000


def strewn(page: Page, furniture: list[str], chance: random.Random) -> list[str]:
    lines: list[str] = []
    for paragraph in page.paragraphs:
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
            at = chance.randrange(len(furniture))
            lines += furniture[at : at + chance.randint(1, 3)]
        lines.append(paragraph)
    return lines + furniture[chance.randrange(len(furniture)) :]


@given(texts, st.sets(st.sampled_from(FRAGMENTS)))
def test_what_is_kept_and_what_went_make_up_the_text(text: str, site: set[str]) -> None:
    repeated = {line for text in site for line in line_hashes(text)}
    cleaned = clean(text, repeated=repeated)
    assert clean(text, repeated=repeated) == cleaned
    assert cleaned.text == "\n\n".join(text[start:end] for start, end in cleaned.kept)
    parts = [block.text for start, end in cleaned.kept for block in blocks(text[start:end])]
    parts += [removed.text for removed in cleaned.removed]
    assert sorted("".join("".join(parts).split())) == sorted("".join(text.split()))


@given(texts)
def test_offsets_follow_the_text(text: str) -> None:
    cleaned = clean(text)
    moved = [cleaned.moved(offset) for offset in range(len(text) + 1)]
    assert moved == sorted(moved)
    assert moved[-1] == len(cleaned.text)
    for start, end in cleaned.kept:
        assert [cleaned.text[moved[offset]] for offset in range(start, end)] == list(text[start:end])


def test_an_offset_that_went_is_where_the_text_goes_on() -> None:
    cleaned = clean(
        "Skip to content\n\nPorts reopened on Monday.\n\nAdvertisement\n\nShips left on Tuesday.\n\nShare this\n"
    )
    assert cleaned.text == "Ports reopened on Monday.\n\nShips left on Tuesday."
    assert [cleaned.moved(at) for at in (0, 17, 45, 59, 90)] == [0, 0, 27, 27, len(cleaned.text)]


@pytest.mark.parametrize("text", ["", " \n ", "Share this article", "Ports reopened on Monday.", "اترك تعليقاً"])
def test_a_line_alone_is_left_as_it_is(text: str) -> None:
    stripped = text.strip()
    assert clean(text) == Cleaned(stripped, (), ((0, len(text)),) if stripped else ())


def test_a_text_that_is_furniture_throughout_leaves_nothing() -> None:
    cleaned = clean("Skip to content\nAccept all cookies\nAll rights reserved\n")
    assert (cleaned.text, cleaned.kept, len(cleaned.removed)) == ("", (), 3)
