"""What of a model stands for a token in late interaction: the mean of the upper half of its layers.

The last layers turn from what a token means to what the vector of the whole text needs; so tokens by themselves are
better told by several layers than by the last one (for this task docs/EVALUATION.md; for another one Devlin et al.,
"BERT", 2019, arXiv:1810.04805, section 5.3).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


def with_upper_tokens(model: "SentenceTransformer") -> "SentenceTransformer":
    """The same model, its ``token_embeddings`` from now on the mean of the upper half of its layers.

    Of a model that does not tell its layers they stay those of the last one. Its vectors are as before.
    """
    import torch

    class UpperTokens(torch.nn.Module):
        def forward(self, features: "dict[str, torch.Tensor]") -> "dict[str, torch.Tensor]":
            layers = features.pop("all_layer_embeddings", None)
            if layers is not None:  # of all layers, and of the words before the first one
                upper = layers[-(len(layers) // 2) :]
                features["token_embeddings"] = sum(upper[1:], upper[0]) / len(upper)
            return features

    if model.transformers_model is not None:
        model.transformers_model.config.output_hidden_states = True
        model.append(UpperTokens())
    return model
