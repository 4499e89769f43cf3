"""What passages say, kept as numbers."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.shingles import SHINGLE_WORDS, Shingles

QUAY = "Dockers in Safi unloaded 1,200 tonnes of phosphate by hand while the crane was repaired."


def test_runs_of_words_and_figures_are_counted() -> None:
    says = Shingles.of(QUAY)
    assert says.words == 15
    assert len(says.shingles) == 15 - SHINGLE_WORDS + 1
    assert len(says.figures) == 1


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("وصلت السفينة إلى ميناء آسفي محمّلةً بالفوسفات.", "وصلت السفينه الي ميناء اسفي محملة بالفوسفات"),
        ("بلغ الإنتاج ٤٥٠ طناً في اليوم.", "بلغ الانتاج 450 طنا في اليوم"),
        ("The Crane was repaired on Tuesday!", "the crane was repaired on tuesday"),
    ],
)
def test_spelling_and_punctuation_do_not_matter(text: str, same: str) -> None:
    assert Shingles.of(text) == Shingles.of(same)


def test_fewer_words_than_a_run_are_one() -> None:
    assert len(Shingles.of("ميناء آسفي").shingles) == 1
    assert Shingles.of("ميناء آسفي") != Shingles.of("ميناء الصويرة")
    assert Shingles.of("…").words == 1


@given(st.text(max_size=300))
def test_packing_loses_nothing(text: str) -> None:
    says = Shingles.of(text)
    assert Shingles.unpacked(says.packed()) == says


def test_every_process_makes_the_same_bytes() -> None:
    program = f"from search.shingles import Shingles; print(Shingles.of({QUAY!r}).packed().hex())"
    told = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
        for _ in range(2)
    }
    assert told == {Shingles.of(QUAY).packed().hex()}
