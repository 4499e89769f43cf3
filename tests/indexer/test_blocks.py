import pytest

from indexer.blocks import blocks, words

WRAPPED = """\
Ports along the coast reopened on Wednesday after a storm that had
closed them for two days, officials said. Share prices of three
shipping lines fell by 3% and then recovered before the exchange closed
on Monday.

Related
The port of Damietta was the last of them to open its gates, and two
ships waited.
It rained."""


def said(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def test_a_line_is_a_block() -> None:
    text = " first\n\n\tsecond line \nthird\n"
    assert said(text) == ["first", "second line", "third"]
    assert all(text[block.start : block.end] == block.text for block in blocks(text))


def test_lines_that_an_editor_wrapped_are_one() -> None:
    first, *others = said(WRAPPED)
    assert first.startswith("Ports along")
    assert first.endswith("on Monday.")
    assert [other.split()[0] for other in others] == ["Related", "The", "It"]


def test_with_a_longer_line_nothing_is_wrapped() -> None:
    assert len(said(f"{WRAPPED}\n\n{'A longer line, as pages have them. ' * 4}")) == 9


@pytest.mark.parametrize(
    ("line", "is_prose"),
    [
        ("He left the port on Monday.", True),
        ("وغادر السفينةَ آخرُ البحارة «قبل المساء».", True),
        ('"We lost no ship at all."', True),
        ("The last of the ports to open was Damietta, and ships waited for hours " * 2, True),
        ("Ports reopen after the storm", False),
        ("What comes after the storm?", False),
        ("ماذا بعد العاصفة؟", False),
        ("Damietta, Egypt.", False),
    ],
)
def test_a_sentence_ends_like_one_or_is_long(line: str, is_prose: bool) -> None:
    assert blocks(line)[0].is_prose is is_prose


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("اقرأ أيضًا", "اقرا ايضا"),
        ("مقـالات ذات صلة:", "مقالات ذات صله :"),
        ("COMMENTS (12)", "Comments"),
        ("Don’t miss!", "don't miss"),
        ("» Share «", "share"),
    ],
)
def test_spellings_and_numbers_make_no_difference(one: str, other: str) -> None:
    assert words(one) == words(other)
