from threading import Barrier, get_ident

import pytest

from search.threads import CORES, aside


def test_work_is_done_elsewhere_where_there_is_room() -> None:
    met = Barrier(2)

    def task() -> int:
        met.wait(10)
        return get_ident()

    result = aside(task)
    met.wait(10)
    assert result() != get_ident()


def test_work_is_done_here_when_all_others_are_busy() -> None:
    busy, done = Barrier(CORES + 1), Barrier(CORES + 1)

    def occupy() -> None:
        busy.wait(10)
        done.wait(10)

    others = [aside(occupy) for _ in range(CORES)]
    busy.wait(10)
    assert aside(get_ident)() == get_ident()
    done.wait(10)
    for other in others:
        other()


def test_an_error_comes_with_the_result() -> None:
    def fail() -> None:
        raise ValueError("no such word")

    result = aside(fail)
    with pytest.raises(ValueError, match="no such word"):
        result()
