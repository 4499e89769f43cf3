from collections import Counter

import pytest

from indexer.cleaning import clean
from indexer.furniture import Reason
from indexer.repetition import line_hashes, repeated_lines

STORY = (
    "Ports along the coast reopened on Wednesday after a storm that had closed them for two days, officials said.",
    "The port of Damietta was the last to open, and two ships waited off the coast until the evening.",
    "Forecasters expect another storm at the end of the week, but a weaker one.",
)
ABOUT = "The Lantern is an independent paper that is written, printed and sold by the people of the harbour."
BACKGROUND = "The war began in April 2023, when fighting broke out between the army and a paramilitary force."


def site(documents: int, *, line: str, among: int | None = None) -> tuple[set[bytes], list[str]]:
    """What a site of so many documents repeats if `line` stands between the sentences of the first `among` of them."""
    sources = []
    for number in range(documents):
        own = [f"{sentence} It was the {number}th report." for sentence in STORY]
        if among is None or number < among:
            own.insert(2, line)
        sources.append("\n\n".join(own))
    counts = Counter(found for source in sources for found in line_hashes(source))
    return repeated_lines(counts, documents), sources


@pytest.mark.parametrize(
    ("line", "documents", "least"),
    [
        ("The Lantern", 5, 3),
        ("The Lantern", 100, 10),
        ("A paper for all who live by the water, since 1911", 100, 20),
        (ABOUT, 9, 6),
        (ABOUT, 90, 30),
    ],
    ids=["label, few", "label", "line", "prose, few", "prose"],
)
def test_the_longer_a_line_the_more_documents_it_takes(line: str, documents: int, least: int) -> None:
    (own,) = line_hashes(line)
    assert own in site(documents, line=line, among=least)[0]
    assert own not in site(documents, line=line, among=least - 1)[0]


def test_a_line_counts_once_a_document() -> None:
    assert len(line_hashes("The Lantern\nPorts reopen\nThe Lantern\n")) == 2


def test_numbers_make_no_difference_but_in_prose_and_alone() -> None:
    assert line_hashes("12 readers liked this") == line_hashes("1,204 readers liked this")
    assert line_hashes("83.12") != line_hashes("83.40")
    assert line_hashes("Brent rose by 3% on Monday.") != line_hashes("Brent rose by 4% on Monday.")


def test_a_label_that_the_site_repeats_goes_wherever_it_stands() -> None:
    repeated, sources = site(5, line="A Lantern exclusive")
    assert [removed.reason for removed in clean(sources[0], repeated=repeated).removed] == [Reason.REPEATED]


def test_background_between_an_article_s_own_sentences_stays() -> None:
    repeated, sources = site(12, line=BACKGROUND)
    assert line_hashes(BACKGROUND) <= repeated
    assert clean(sources[0], repeated=repeated).removed == ()


def test_prose_that_the_site_repeats_goes_below_the_article() -> None:
    repeated, _ = site(12, line=ABOUT)
    cleaned = clean(f"{' '.join(STORY)}\n\nThe last ship left on Friday.\n\n{ABOUT}", repeated=repeated)
    assert [removed.text for removed in cleaned.removed] == [ABOUT]


def test_copies_of_a_story_are_no_furniture() -> None:
    copies = ["\n\n".join((*STORY, f"Corrected for the {number}th time.")) for number in range(8)]
    repeated = repeated_lines(Counter(found for copy in copies for found in line_hashes(copy)), len(copies))
    assert {found for sentence in STORY for found in line_hashes(sentence)} <= repeated
    assert clean(copies[0], repeated=repeated).text == copies[0]


def test_the_title_stays_even_if_the_site_repeats_it() -> None:
    text = "\n\n".join(("The morning briefing", *STORY))
    assert clean(text, title="The morning briefing", repeated=line_hashes("The morning briefing")).text == text
