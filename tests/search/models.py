"""Models that tests make on disk: as small as can be, and of the kinds that differ."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SENTENCES = ["a patrol ship left the port", "غادرت سفينة الدورية الميناء", "rain"]
WIDTH = 32
LENGTH = 32


def bert(layers: int = 2) -> "PreTrainedModel":
    """A network in which every token hears every other one."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    return BertModel(BertConfig(vocab_size=64, hidden_size=WIDTH, num_hidden_layers=layers, num_attention_heads=4,
                                intermediate_size=64, max_position_embeddings=LENGTH))  # fmt: skip


def windowed() -> "PreTrainedModel":
    """A network whose second layer hears four tokens to each side only."""
    import torch
    from transformers import ModernBertConfig, ModernBertModel

    torch.manual_seed(1)
    return ModernBertModel(ModernBertConfig(vocab_size=64, hidden_size=WIDTH, num_hidden_layers=2, local_attention=8,
                                            num_attention_heads=4, intermediate_size=64, global_attn_every_n_layers=2,
                                            max_position_embeddings=LENGTH, pad_token_id=0))  # fmt: skip


def one_way() -> "PreTrainedModel":
    """A network whose tokens hear only those before them, and whose heads share what they hear."""
    import torch
    from transformers import Qwen2Config, Qwen2Model

    torch.manual_seed(1)
    return Qwen2Model(Qwen2Config(vocab_size=64, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=4,
                                  num_key_value_heads=2, intermediate_size=64,
                                  max_position_embeddings=LENGTH))  # fmt: skip


def write_model(folder: Path, network: "PreTrainedModel") -> Path:
    """A sentence-transformers model with a WordPiece tokenizer, CLS pooling and prompts of its own; its folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ask", "find", ":", *" ".join(SENTENCES).split()]
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(dict.fromkeys(words))}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    bare = folder / "bare"
    network.save_pretrained(bare)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(bare)
    modules = [Transformer(str(bare), max_seq_length=LENGTH), Pooling(WIDTH, pooling_mode="cls")]
    prompts = {"query": "ask : ", "document": "find : "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder / "small"))
    return folder / "small"
