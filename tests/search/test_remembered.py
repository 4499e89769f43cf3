from collections.abc import Sequence

from search.remembered import Remembered


def test_only_what_is_not_known_any_more_is_worked_out() -> None:
    worked_out: list[list[int]] = []

    def squares(numbers: Sequence[int]) -> dict[int, int]:
        worked_out.append(list(numbers))
        return {number: number**2 for number in numbers}

    remembered = Remembered(squares, 3)
    assert remembered([3, 1, 3]) == {3: 9, 1: 1}
    assert list(remembered([2, 1])) == [2, 1]
    assert remembered([]) == {}
    remembered([4])  # 3 was asked for longest ago
    remembered([1, 2])
    assert remembered(range(5)) == {number: number**2 for number in range(5)}  # more than are kept
    assert worked_out == [[3, 1], [2], [4], [0, 3]]
    remembered.learn({9: 81})
    assert remembered([9]) == {9: 81}
    assert len(worked_out) == 4
