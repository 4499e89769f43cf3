import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.cache import CachedEncoder
from search.errors import DamagedIndexError
from search.late import TokenShift
from search.tokens import TokenCodes
from tests.conftest import REPOSITORY
from tests.indexer.words import WordEncoder

TEXTS = ["تحرير سفينة نور ستار", "The Nour Star is free", "سعر الخبز"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "vectors.sqlite"


def shift(value: float = 0.0) -> TokenShift:
    """A token shift by the same value in every dimension."""
    offsets = {lang: np.full(WordEncoder.width, value, np.float32) for lang in ("ar", "en")}
    none = TokenCodes.of([], WordEncoder.width // 8)
    return TokenShift(offsets, offsets, {"ar": none, "en": none})


def test_each_text_is_encoded_once(path: Path) -> None:
    encoder = WordEncoder()
    cache = CachedEncoder(path, encoder)
    for texts in (TEXTS[:2], TEXTS, TEXTS * 2):
        cache.add(cache.missing(texts))
    assert encoder.encoded == TEXTS
    cache.close()


def test_what_is_asked_for_is_encoded_unless_it_is_there(path: Path) -> None:
    encoder = WordEncoder()
    with closing(CachedEncoder(path, encoder)) as cache:
        cache.add(TEXTS[:1])
        asked = [TEXTS[1], TEXTS[0], TEXTS[1]]
        np.testing.assert_array_equal(cache.encode(asked), WordEncoder().encode_passages(asked))
    assert encoder.encoded == TEXTS[:2]


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


def test_passages_are_kept_with_their_token_codes(path: Path) -> None:
    encoder = WordEncoder()
    with closing(CachedEncoder(path, encoder, shift())) as cache:
        assert cache.missing_passages([*TEXTS, TEXTS[0]], "ar") == TEXTS
        cache.add_passages(TEXTS, "ar")
        assert cache.missing_passages(TEXTS, "ar") == cache.missing(TEXTS) == []
        assert encoder.encoded == TEXTS
        expected = encoder.encode_passage_tokens(TEXTS)
        assert cache.codes(TEXTS[::-1], "ar") == [shift().codes(text, "ar").tobytes() for text in expected[::-1]]
        np.testing.assert_array_equal(cache.vectors(TEXTS), [text.vector for text in expected])
        assert cache.codes([], "ar") == []


def test_codes_are_kept_by_language_and_by_token_shift(path: Path) -> None:
    with closing(CachedEncoder(path, WordEncoder(), shift())) as cache:
        cache.add_passages(TEXTS, "ar")
        codes = cache.codes(TEXTS, "ar")
        assert cache.missing_passages(TEXTS, "en") == TEXTS
        with pytest.raises(KeyError, match=TEXTS[1]):
            cache.codes([TEXTS[1]], "en")
    with closing(CachedEncoder(path, WordEncoder(), shift(0.5))) as other:
        assert other.missing_passages(TEXTS, "ar") == TEXTS
        assert other.missing(TEXTS) == []
        other.add_passages(TEXTS, "ar")
        assert other.codes(TEXTS, "ar") != codes
    with closing(CachedEncoder(path, WordEncoder("other words"), shift())) as other:
        assert other.missing_passages(TEXTS, "ar") == TEXTS
    with closing(CachedEncoder(path, WordEncoder(), shift())) as cache:
        assert cache.missing_passages(TEXTS, "ar") == []
        assert cache.codes(TEXTS, "ar") == codes


def test_what_has_a_vector_and_no_codes_is_encoded_again_only_where_codes_are_asked_for(path: Path) -> None:
    with closing(CachedEncoder(path, WordEncoder())) as plain:
        plain.add_passages(TEXTS[:2], "en")
    with closing(CachedEncoder(path, WordEncoder(), shift())) as cache:
        assert cache.missing(TEXTS) == TEXTS[2:]
        assert cache.missing_passages(TEXTS, "en") == TEXTS
        vectors = cache.vectors(TEXTS[:2])
        cache.add_passages(TEXTS, "en")
        np.testing.assert_array_equal(cache.vectors(TEXTS[:2]), vectors)
    with closing(CachedEncoder(path, WordEncoder())) as plain:
        assert plain.missing_passages(TEXTS, "en") == []


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
    with closing(sqlite3.connect(path)) as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM vectors")]
    assert {len(key) for key in keys} == {16}
