"""multilingual-e5-small as a sentence-transformers folder, made of the weights that `search.carrier` reads.

Wang et al., "Multilingual E5 Text Embeddings", 2024 (arXiv:2402.05672): a BERT encoder of 12 layers, mean pooling,
L2 normalisation, and the prefixes ``query: `` and ``passage: ``.

Its vocabulary of 250,000 pieces is cut to the 173,000 that have no letters of scripts other than Latin, Arabic,
Hebrew, Greek and Cyrillic: text in those tokenises as before, text in others becomes unknown, and starting takes a
third less time.
"""

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from search.carrier import Carrier, Vocabulary, carrier_path, read_carrier

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PROMPTS = {"query": "query: ", "passage": "passage: "}

_KEPT_SCRIPTS = {"LATIN", "ARABIC", "HEBREW", "GREEK", "CYRILLIC", "MODIFIER", "CARON"}

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_default_model(folder: Path) -> None:
    """Decode the carrier into `folder`, a standard sentence-transformers model of 470 MB.

    Raises `ModelError` when the carrier is missing or is not the pinned file.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    carrier = _with_kept_pieces(read_carrier(carrier_path()))
    bare = folder / "bare"
    _write_bert(carrier, bare)
    _write_tokenizer(carrier, bare)
    modules = [
        Transformer(str(bare), max_seq_length=carrier.positions),
        Pooling(carrier.hidden, pooling_mode="mean"),
        Normalize(),
    ]
    SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save(str(folder))
    for file in bare.iterdir():
        file.unlink()
    bare.rmdir()


def _with_kept_pieces(carrier: Carrier) -> Carrier:
    """The carrier without the pieces, and rows of the word table, of other scripts."""
    vocabulary = carrier.vocabulary
    specials = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk, len(vocabulary.pieces) - 1}
    kept = [i for i, (piece, _) in enumerate(vocabulary.pieces) if i in specials or _is_kept(piece)]
    new_id = {old: new for new, old in enumerate(kept)}
    pieces = [vocabulary.pieces[i] for i in kept]
    bos, eos, pad, unk = (new_id[i] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk))
    cut = Vocabulary(pieces, bos=bos, eos=eos, pad=pad, unk=unk, rewrites=vocabulary.rewrites)
    return replace(carrier, vocabulary=cut, tensors={**carrier.tensors, "emb.word": carrier.tensors["emb.word"][kept]})


def _is_kept(piece: str) -> bool:
    """Whether all letters are of kept scripts, told by the first word of their Unicode names."""
    return all(unicodedata.name(letter, "").partition(" ")[0] in _KEPT_SCRIPTS for letter in piece if letter.isalpha())


def _write_bert(carrier: Carrier, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(carrier.tensors["emb.word"]),
        hidden_size=carrier.hidden,
        num_hidden_layers=carrier.layers,
        num_attention_heads=carrier.heads,
        intermediate_size=carrier.intermediate,
        max_position_embeddings=carrier.positions,
        type_vocab_size=carrier.token_types,
        layer_norm_eps=carrier.epsilon,
        pad_token_id=carrier.vocabulary.pad,
    )
    weights = {_bert_name(name): torch.tensor(values) for name, values in carrier.tensors.items()}
    # The pooler plays no part, but loading would fill in a missing one at random.
    weights["pooler.dense.weight"] = torch.zeros(carrier.hidden, carrier.hidden)
    weights["pooler.dense.bias"] = torch.zeros(carrier.hidden)
    bert = BertModel(config)
    bert.load_state_dict(weights)
    bert.save_pretrained(folder)


def _bert_name(name: str) -> str:
    """The name that transformers gives a tensor: ``l0.q.w`` → ``encoder.layer.0.attention.self.query.weight``."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _write_tokenizer(carrier: Carrier, folder: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    vocabulary = carrier.vocabulary
    bos, eos, pad, unk = (
        vocabulary.pieces[i][0] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    PreTrainedTokenizerFast(
        tokenizer_object=_unigram(vocabulary),
        bos_token=bos,
        eos_token=eos,
        pad_token=pad,
        unk_token=unk,
        cls_token=bos,
        sep_token=eos,
        mask_token="<mask>",  # noqa: S106
        model_max_length=carrier.positions,
    ).save_pretrained(folder)


def _unigram(vocabulary: Vocabulary) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unk))
    beyond_nfkc = {
        before: after for before, after in vocabulary.rewrites.items() if unicodedata.normalize("NFKC", before) != after
    }
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(before, after) for before, after in beyond_nfkc.items()]
        + [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    specials = [(vocabulary.pieces[i][0], i) for i in (vocabulary.bos, vocabulary.eos)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=specials
    )
    return tokenizer
