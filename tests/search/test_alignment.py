from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.alignment import costs
from search.transliteration import LEFT_OUT, LEFT_OVER, LETTER, SPELLINGS

LATIN = "abcdefghijklmnopqrstuvwxyzßж"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤگپڤچ"
LIKELY = ("sch", "tion", "gh", "ou", "ck", "ee", "x")


def plain(latin: str, arabic: str) -> float:
    """The definition as it stands: the cheapest of all ways to read on from each place of both words."""
    marked = f"^{latin}$"

    @cache
    def rest(at: int, place: int) -> float:
        ways = [0.0] if (at, place) == (len(marked), len(arabic)) else []
        if place < len(arabic):
            ways.append(LEFT_OVER.get(arabic[place], LETTER) + rest(at, place + 1))
        if at < len(marked):
            ways.append(LEFT_OUT.get(marked[at], LETTER) + rest(at + 1, place))
        for end in range(at + 1, len(marked) + 1):
            for piece, cost in SPELLINGS.get(marked[at:end], {}).items():
                if len(piece) <= 2 and arabic.startswith(piece, place):
                    ways.append(cost + rest(end, place + len(piece)))
        return min(ways)

    return rest(0, 0)


latin_words = st.lists(st.one_of(st.sampled_from(LATIN), st.sampled_from(LIKELY)), min_size=1, max_size=12).map("".join)
arabic_words = st.text(alphabet=ARABIC, min_size=1, max_size=12)


@given(st.lists(st.tuples(latin_words, arabic_words), min_size=1, max_size=8))
def test_many_pairs_at_a_time_cost_what_each_costs(pairs: list[tuple[str, str]]) -> None:
    latin, arabic = zip(*pairs, strict=True)
    np.testing.assert_allclose(costs(latin, arabic), [plain(*pair) for pair in pairs], atol=1e-9)


@pytest.mark.parametrize(
    ("latin", "arabic", "cost"),
    [
        ("haftar", "حفتر", 0.3),  # two short vowels that nothing is written for
        ("lee", "لي", 0.0),
        ("taxi", "تاكسي", 0.0),
        ("b", "ببب", 2.0),
    ],
)
def test_what_some_names_cost(latin: str, arabic: str, cost: float) -> None:
    assert costs([latin], [arabic]).tolist() == pytest.approx([cost])


def test_short_words_beside_long_ones() -> None:
    assert costs(["b" * 200, "b", "a"], ["ب", "ب" * 200, "ب"]).tolist() == pytest.approx([98.75, 199.0, 1.15])


def test_more_pairs_than_go_at_once_and_none() -> None:
    assert costs(["b", "lee"] * 1000, ["بب", "لي"] * 1000).tolist() == [1.0, 0.0] * 1000
    assert costs([], []).tolist() == []
