import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.cache import CachedEncoder
from search.errors import DamagedIndexError
from tests.conftest import REPOSITORY
from tests.indexer.words import WordEncoder

TEXTS = ["تحرير سفينة نور ستار", "The Nour Star is free", "سعر الخبز"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "vectors.sqlite"


def test_each_text_is_encoded_once(path: Path) -> None:
    encoder = WordEncoder()
    cache = CachedEncoder(path, encoder)
    for texts in (TEXTS[:2], TEXTS, TEXTS * 2):
        cache.add(cache.missing(texts))
    assert encoder.encoded == TEXTS
    cache.close()


def test_what_is_missing_comes_once_and_in_order(path: Path) -> None:
    cache = CachedEncoder(path, WordEncoder())
    cache.add([TEXTS[1]])
    assert cache.missing([TEXTS[2], TEXTS[0], TEXTS[1], TEXTS[2]]) == [TEXTS[2], TEXTS[0]]
    cache.close()


def test_vectors_are_those_of_the_encoder_to_the_last_bit(path: Path) -> None:
    encoder = WordEncoder()
    cache = CachedEncoder(path, encoder)
    cache.add(TEXTS)
    order = [TEXTS[2], TEXTS[0], TEXTS[2]]
    assert np.array_equal(cache.vectors(order), encoder.encode_passages(order))
    assert cache.vectors([]).shape == (0, encoder.dim)
    cache.close()


def test_it_survives_reopening(path: Path) -> None:
    first = CachedEncoder(path, WordEncoder())
    first.add(TEXTS)
    first.close()
    encoder = WordEncoder()
    second = CachedEncoder(path, encoder)
    assert second.missing(TEXTS) == []
    assert np.array_equal(second.vectors(TEXTS), WordEncoder().encode_passages(TEXTS))
    assert encoder.encoded == []
    second.close()


def test_batches_that_were_added_survive_a_killed_process(path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys\n"
        "from indexer.cache import CachedEncoder\n"
        "from tests.indexer.words import WordEncoder\n"
        "CachedEncoder(pathlib.Path(sys.argv[1]), WordEncoder()).add(sys.argv[2:])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program, str(path), *TEXTS[:2]]
    killed = subprocess.run(command, cwd=REPOSITORY, check=False)
    assert killed.returncode == -9
    cache = CachedEncoder(path, WordEncoder())
    assert cache.missing(TEXTS) == [TEXTS[2]]
    cache.close()


def test_another_model_does_not_hit(path: Path) -> None:
    ours, theirs = CachedEncoder(path, WordEncoder()), CachedEncoder(path, WordEncoder("other words"))
    ours.add(TEXTS)
    assert theirs.missing(TEXTS) == TEXTS
    theirs.add(TEXTS)
    assert not np.array_equal(ours.vectors(TEXTS), theirs.vectors(TEXTS))
    ours.close()
    theirs.close()


def test_a_vector_that_is_not_there(path: Path) -> None:
    cache = CachedEncoder(path, WordEncoder())
    with pytest.raises(KeyError, match="سعر الخبز"):
        cache.vectors(["سعر الخبز"])
    cache.close()


def test_a_damaged_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no SQLite at all" * 100)
    with pytest.raises(DamagedIndexError, match=str(path)) as caught:
        CachedEncoder(path, WordEncoder())
    assert "Remove that file" in caught.value.hint


def test_keys_do_not_hold_the_text(path: Path) -> None:
    cache = CachedEncoder(path, WordEncoder())
    cache.add(TEXTS)
    cache.close()
    keys = [key for (key,) in sqlite3.connect(path).execute("SELECT key FROM vectors")]
    assert {len(key) for key in keys} == {16}
