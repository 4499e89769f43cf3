"""Files read by position: from anywhere, by many at once, and never beyond their end unnoticed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from search.errors import DamagedIndexError
from search.positions import PositionalFile


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    path.write_bytes(np.arange(1000, dtype=np.int16).tobytes())
    return path


def test_any_place_is_read_by_any_thread(numbers: Path) -> None:
    file = PositionalFile(numbers)

    def at(place: int) -> list[int]:
        into = np.empty((2, 3), np.int16)
        file.read(into, 2 * place)
        return into.ravel().tolist()

    places = list(range(0, 990, 7)) * 4
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(at, places)) == [list(range(place, place + 6)) for place in places]


def test_nothing_is_read_for_nothing(numbers: Path) -> None:
    PositionalFile(numbers).read(np.empty((0, 3), np.int16), 10**6)


def test_a_file_that_ends_too_early_is_told(numbers: Path) -> None:
    file = PositionalFile(numbers)
    file.read(np.empty(10, np.int16), 2 * 990)
    with pytest.raises(DamagedIndexError, match="cut short") as caught:
        file.read(np.empty(10, np.int16), 2 * 991)
    assert "--rebuild" in caught.value.hint
    with pytest.raises(OSError, match="No such file"):
        PositionalFile(numbers.with_name("others"))
