import pytest

from indexer.headline import headline, is_headline


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Ports reopen after the storm", True),
        ("الجزائر تفوز بكأس إفريقيا لكرة اليد", True),
        ("Ports reopen", False),
        ("Rabat, Tunis, Cairo and then the sea", False),
        ("The minister said so on Monday.", False),
        ("12 400 77 1,900 3 000 8", False),
    ],
)
def test_some_words_few_commas_and_figures_no_full_stop(line: str, is_one: bool) -> None:
    assert is_headline(line) is is_one


def test_the_first_of_the_opening_lines_that_is_one() -> None:
    assert headline("الخبر:\n\nDamietta\n\nPorts reopen after the storm\n\nWhat it cost them all") == (
        "Ports reopen after the storm"
    )


@pytest.mark.parametrize(
    "text",
    ["", "Ships\n" * 10 + "Ports reopen after the storm", f"{'x' * 201}\nPorts reopen after the storm"],
    ids=["nothing", "too far below", "below prose"],
)
def test_no_headline(text: str) -> None:
    assert headline(text) == ""
