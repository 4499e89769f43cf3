"""What people write today: sentence-transformers on torch, full precision, and FAISS, in one plain script.

Run as ``python -m bench.plain MODEL_FOLDER TEXTS.json INDEX_FILE``. It imports nothing of Jisr. The clock starts when
the libraries are imported and the model is loaded, and stops when the index is on the disk.
"""

import json
import sys
import time
from pathlib import Path

BATCH_SIZE = 32
"""The default of sentence-transformers, which also sorts the texts by length before it batches them."""


def main(model: str, texts: str, index: str) -> None:
    """Index the texts, then print the seconds it took, the tokens the model read and the type of its weights."""
    import faiss
    from sentence_transformers import SentenceTransformer

    transformer = SentenceTransformer(model, device="cpu")
    passages = json.loads(Path(texts).read_text("utf-8"))
    started = time.perf_counter()
    vectors = transformer.encode(passages, prompt_name="passage", batch_size=BATCH_SIZE, show_progress_bar=False)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    faiss.write_index(flat, index)
    seconds = time.perf_counter() - started
    prompt = transformer.prompts["passage"]
    tokens = sum(map(len, transformer.tokenizer([prompt + passage for passage in passages])["input_ids"]))
    print(json.dumps({"seconds": seconds, "tokens": tokens, "weights": str(transformer.dtype)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
