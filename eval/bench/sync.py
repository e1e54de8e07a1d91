"""Bringing an index of many files up to date after one of them changed, over walking and hashing the folder.

    python eval/bench/sync.py --files 20000

The files are made by the program, a sentence each. For the first build the vectors are drawn at random, since
embedding all files would take most of the time and is not what is measured; the file that changes is embedded by
the packaged model. `sync_over_hashing` is the median of several rounds, each of them a walk with hashes and a sync.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from assistant.compose import Workshop
from assistant.hashing import sha256_of
from assistant.ingest.walk import SourceFile, walk
from assistant.models.embedder import Embedder
from assistant.settings import load_settings
from assistant.store.build import build_index

ROUNDS = 5
A_FOLDER = 200  # files


class Drawn:
    """An embedder that draws vectors, and is in all else the one it stands for."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.digest, self.window = embedder.name, embedder.digest, embedder.window
        self.count_tokens, self.embed_query, self.match_words = (
            embedder.count_tokens, embedder.embed_query, embedder.match_words,
        )  # fmt: skip
        self._random = np.random.default_rng(1)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of no meaning."""
        vectors = self._random.standard_normal((len(texts), 384)).astype(np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        json.dump(measure(Path(work), arguments.files), sys.stdout, indent=2)
    print()


def measure(work: Path, files: int) -> dict[str, object]:
    """Make the files and the index, and change one file a round."""
    folder = work / "documents"
    for number in range(files):
        place = folder / f"{number // A_FOLDER:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06}.txt").write_text(f"The master of berth {number} wrote {number * 7919 % 100003}.\n")
    workshop = Workshop(load_settings(folder=folder, index=work / "index"))
    drawn = replace(workshop.making, embedder=Drawn(workshop.embedder))
    report = build_index(workshop.collections(), work / "index", drawn, workshop.settings.keep_generations)
    workshop.embedder.embed_passages(["warm"])
    hashing, syncing, idle, stages = [], [], [], []
    for number in range(ROUNDS):
        (folder / "000" / "000007.txt").write_text(f"The master of berth 7 wrote {number} lines anew.\n")
        start = time.perf_counter()
        hashed = [sha256_of(file.absolute) for file in walk(folder) if isinstance(file, SourceFile)]
        hashing.append(time.perf_counter() - start)
        start = time.perf_counter()
        report = workshop.build(False, lambda stage, done, total: None)
        syncing.append(time.perf_counter() - start)
        assert report.updated == ("000/000007.txt",) and len(hashed) == files
        stages.append(report.timings_ms)
        start = time.perf_counter()
        workshop.build(False, lambda stage, done, total: None)
        idle.append(time.perf_counter() - start)
    return {
        "files": files,
        "sync_over_hashing": round(median(s / h for s, h in zip(syncing, hashing, strict=True)), 2),
        "unchanged_over_hashing": round(median(s / h for s, h in zip(idle, hashing, strict=True)), 2),
        "hashing_seconds": [round(s, 2) for s in hashing],
        "sync_seconds": [round(s, 2) for s in syncing],
        "stages_ms": stages[-1],
    }


if __name__ == "__main__":
    main()
