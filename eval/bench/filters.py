"""Searching under a filter, over the same search of all documents: time, and recall against the exact nearest.

    python eval/bench/filters.py --passages 100000 --work folder

The index is made by the program: documents of ten passages, each about one of a thousand topics, with vectors drawn
around the topic's and words of the topic among common ones. It is kept in the folder, and taken from there next
time. Filters leave a share of the documents, either without regard to their topics or, `apart`, only such as are
about other topics than the question: there Chroma has to be asked for more again and again. Times are medians over
the questions, as ratios over the unfiltered search in the same run: `first` makes the selection, `again` finds it
made. No model takes part.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray

from assistant.answer.retrieve import any_word, retrieve
from assistant.filter import Filter
from assistant.store import generations
from assistant.store.catalog import Catalog, vector_key
from assistant.store.fill import steps, store_vectors
from assistant.store.generations import CATALOG, VECTORS, Manifest, Recipe
from assistant.store.index import Index, Searched
from assistant.store.selection import AllVectors
from assistant.types import Document, Passage, Sentence

DIMENSIONS, TOPICS, PER_DOCUMENT, CANDIDATES, QUESTIONS = 384, 1_000, 10, 10, 50
SHARES = (0.001, 0.01, 0.1, 0.5)
NOISE = 1.5  # length of what is a vector's own, beside its topic's direction
COMMON, OF_TOPIC, OWN_WORDS = 2_000, 30, 0.3  # words that all topics share, words of each, and how often these come
SILENT = 20  # of the common words
RECIPE = Recipe("drawn", "0", 0, 0)


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--work", type=Path, help="Where the index is kept; a temporary folder without it.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = (arguments.work or Path(temporary)) / f"index-{arguments.passages}"
        if generations.live(place) is None:
            make_index(place, arguments.passages)
        index = Index.open(place)
        try:
            json.dump(measure(index), sys.stdout, indent=2)
        finally:
            index.close()
    print()


def make_index(place: Path, passages: int) -> None:
    """An index whose documents lie in a folder by their share, and in that by whether their topic is even."""
    new = generations.begin(place, None, RECIPE)
    catalog = Catalog.create(new / CATALOG)
    random = np.random.default_rng(1)
    topic_of: dict[str, int] = {}
    for number in range(passages // PER_DOCUMENT):
        topic = int(random.integers(TOPICS))
        texts = [words(topic, random, 60) for _ in range(PER_DOCUMENT)]
        topic_of.update((vector_key(text), topic) for text in texts)
        path = f"{_folder(random.random())}/{topic % 2}/{number}.txt"
        catalog.add(*_document(path, texts))
    for keys in steps(sorted(topic_of), 10_000):
        catalog.add_vectors(keys, near([topic_of[key] for key in keys], random))
    catalog.commit()
    store_vectors(catalog, new / VECTORS, sorted(topic_of), [])
    documents, held, vectors = catalog.counts()
    catalog.close()
    manifest = Manifest(new.name, "2026-01-01T00:00:00+00:00", {"": str(place)}, documents, held, vectors, 0, RECIPE)
    generations.swap(place, new, manifest)


def words(topic: int, random: np.random.Generator, count: int) -> str:
    """Words of a topic among common ones, the first of which are the most common."""
    common = np.minimum(random.zipf(1.3, count), COMMON)
    own = random.integers(OF_TOPIC, size=count)
    is_own = random.random(count) < OWN_WORDS
    return " ".join(f"t{topic}w{w}" if o else f"common{c}" for w, c, o in zip(own, common, is_own, strict=True))


def asking(topic: int, random: np.random.Generator) -> str:
    """Words of a question: of its topic and common ones, but for the most common, which are left out of a search."""
    own, common = random.integers(OF_TOPIC, size=3), random.integers(SILENT, COMMON, size=3)
    return " ".join([*(f"t{topic}w{word}" for word in own), *(f"common{word}" for word in common)])


def near(of_topics: list[int], random: np.random.Generator) -> NDArray[np.float32]:
    """Unit vectors around those of topics, a row each."""
    return _units(_directions()[of_topics] + NOISE * _units(random.standard_normal((len(of_topics), DIMENSIONS))))


@cache
def _directions() -> NDArray[np.float32]:
    return _units(np.random.default_rng(2).standard_normal((TOPICS, DIMENSIONS)))


def _units(rows: NDArray[np.float64] | NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _folder(drawn: float) -> str:
    """The folder of a share, by a number between 0 and 1."""
    for share in SHARES:
        if drawn < share:
            return str(share)
        drawn -= share
    return "other"


def _document(path: str, texts: list[str]) -> tuple[Document, list[Passage]]:
    text, passages = "", []
    for part in texts:
        start, end = len(text), len(text) + len(part)
        passages.append(Passage(start, end, (Sentence(start, end, "paragraph"),), "", None, "", part))
        text += part + "\n"
    return Document(path, "0" * 64, "txt", path, None, "en", text, (), ()), passages


def measure(index: Index) -> dict[str, object]:
    """Time and recall, without a filter and under each."""
    random = np.random.default_rng(3)
    asked = [int(topic) | 1 for topic in random.integers(TOPICS, size=QUESTIONS)]  # of odd topics
    queries = [asking(topic, random) for topic in asked]
    questions = list(zip(queries, near(asked, random), strict=True))
    [retrieve(query, vector, index, CANDIDATES) for query, vector in questions[:10]]
    plain, every = _timed(index, questions), AllVectors(index.catalog)
    figures: dict[str, object] = {
        "passages": index.manifest.passages,
        "unfiltered_ms": {stage: round(seconds * 1000, 2) for stage, seconds in plain.items()},
        "unfiltered_recall": _recall(index, every, questions),
    }
    for name, folder in [
        (name, folder) for s in SHARES for name, folder in ((f"{s}", f"{s}"), (f"{s} apart", f"{s}/0"))
    ]:
        start = time.perf_counter()
        part = index.within(Filter(folder=folder))
        made = time.perf_counter() - start
        first = _timed(part, questions[:1])
        again = _timed(part, questions)
        figures[name] = {
            "passages": part.catalog.counts()[1],
            "first": round((made + first["all"]) / plain["all"], 2),
            "again": {stage: round(again[stage] / plain[stage], 2) for stage in plain},
            "recall": _recall(part, every, questions),
        }
    return figures


def _timed(part: Searched, questions: Sequence[tuple[str, NDArray[np.float32]]]) -> dict[str, float]:
    """Median seconds of a search, and of its two halves."""
    times: dict[str, list[float]] = {"all": [], "vectors": [], "words": []}
    for query, vector in questions:
        for stage, search in (
            ("all", lambda query=query, vector=vector: retrieve(query, vector, part, CANDIDATES)),
            ("vectors", lambda vector=vector: part.nearest(vector, CANDIDATES)),
            ("words", lambda query=query: part.catalog.match(any_word(query), CANDIDATES)),
        ):
            start = time.perf_counter()
            search()
            times[stage].append(time.perf_counter() - start)
    return {stage: median(seconds) for stage, seconds in times.items()}


def _recall(part: Searched, every: AllVectors, questions: Sequence[tuple[str, NDArray[np.float32]]]) -> float:
    """The share of the exactly nearest that is found, on average."""
    allowed = {key for (key,) in part.catalog.connection.execute("SELECT vector_key FROM passages")}
    shares = []
    for _, vector in questions:
        order = np.argsort(-(every.rows @ vector), kind="stable")
        exact = set(islice((key for i in order if (key := every.keys[i]) in allowed), CANDIDATES))
        shares.append(len(exact & {key for key, _ in part.nearest(vector, CANDIDATES)}) / len(exact))
    return round(mean(shares), 4)


if __name__ == "__main__":
    main()
