"""How fast the encoder is, and what share that is of the machine's int8 arithmetic.

Run as ``python -m bench.encoding CACHE TEXTS.json ROUNDS`` it prints the figures; `measure_encoding` does that in a
process of its own. Encoder and plain products take turns.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.peak import Peak, Product, layers
from bench.processes import run_module
from bench.sample import Sample
from bench.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """The encoder over some passages, round by round, and the products of the same rounds.

    `tokens` is what the model reads of all passages, prompts included, and `operations` what one token costs in its
    linear layers. `seconds` are the encoder's, tokenizing included. `peaks` are operations a second.
    """

    passages: int
    tokens: int
    operations: int
    seconds: Sample
    peaks: Sample
    products: list[Product]

    @property
    def shares(self) -> Sample:
        """The share of the peak that the encoder reaches, round by round."""
        done = self.tokens * self.operations
        return Sample(
            tuple(done / took / peak for took, peak in zip(self.seconds.values, self.peaks.values, strict=True))
        )

    @property
    def passages_per_s(self) -> float:
        """Passages a second, the median round."""
        return self.passages / self.seconds.median


def measure_encoding(workshop: Workshop, passages: int, rounds: int) -> Encoding:
    """Encode some real passages so many times, in turn with the products."""
    from pydantic import TypeAdapter

    sample = workshop.inputs[:: max(1, len(workshop.inputs) // passages)][:passages]
    texts = workshop.folder / "encoded.json"
    texts.write_text(json.dumps(sample, ensure_ascii=False), "utf-8")
    workshop.say("encoding, in turn with plain products")
    said = run_module("bench.encoding", workshop.cache, texts, str(rounds)).last_json()
    return TypeAdapter(Encoding).validate_python(said)


def main(cache: str, texts: str, rounds: str) -> None:
    """Print the figures."""
    from tokenizers import Tokenizer

    from search.encoder import open_encoder
    from search.model import prepare
    from search.settings import Settings

    model = prepare(Settings(cache=Path(cache)))
    passages: list[str] = json.loads(Path(texts).read_text("utf-8"))
    tokenizer = Tokenizer.from_file(str(model.sentence_transformers / "tokenizer.json"))
    tokenizer.no_truncation()
    read = [len(tokenizer.encode(model.passage_prompt + passage).ids) for passage in passages]
    encoder = open_encoder(model)
    encoder.encode_passages(passages[:8])
    linear = layers(model.sentence_transformers / "config.json")
    peak = Peak(linear)
    seconds, peaks = [], []
    for _ in range(int(rounds)):
        peaks.append(peak.measure())
        started = time.perf_counter()
        encoder.encode_passages(passages)
        seconds.append(time.perf_counter() - started)
    figures = Encoding(
        passages=len(passages),
        tokens=sum(min(count, model.max_tokens) for count in read),
        operations=sum(layer.operations for layer in linear),
        seconds=Sample(tuple(seconds)),
        peaks=Sample(tuple(peaks)),
        products=peak.products(),
    )
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main(*sys.argv[1:])
