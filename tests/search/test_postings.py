from random import Random
from tempfile import TemporaryFile

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.postings import Postings, unpacked

gap = st.one_of(st.integers(1, 3), st.integers(1, 70_000))
passages = st.lists(st.tuples(gap, st.sets(st.integers(0, 12), min_size=1)), max_size=40)


@given(passages, st.integers(1, 50), st.randoms(use_true_random=False))
def test_each_word_has_its_rows_in_whatever_parts_and_order(
    passages: list[tuple[int, set[int]]], at_once: int, random: Random
) -> None:
    standing: dict[int, list[int]] = {}
    row = -1
    with TemporaryFile() as file:
        postings = Postings(file, at_once=at_once)
        for step, held in passages:
            row += step
            numbers = [standing.setdefault(word, [len(standing)])[0] for word in sorted(held)]
            for word in held:
                standing[word].append(row)
            postings.add(numbers, row)
        order = random.sample(range(len(standing)), len(standing))
        packed = list(postings.packed(np.array(order, np.int64)))
        assert postings.counts().tolist() == [len(rows) - 1 for rows in standing.values()]
    by_number = {number: rows for number, *rows in standing.values()}
    assert [unpacked(data).tolist() for data in packed] == [by_number[number] for number in order]


def test_frequent_words_take_a_byte_a_row() -> None:
    with TemporaryFile() as file:
        postings = Postings(file)
        for row in range(1000):
            postings.add([0, 1] if row % 300 == 0 else [0], row)
        every, some = postings.packed(np.arange(2))
    assert (len(every), len(some)) == (1 + 1000, 1 + 2 * 4)
    assert unpacked(every).tolist() == list(range(1000))
