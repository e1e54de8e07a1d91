"""Filling the vector store of a generation from its catalog, and checking that it holds what it should."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.store.catalog import Catalog
from assistant.store.vectors import SELF_COSINE, Damaged, VectorStore

STEP = 512  # texts embedded, or vectors looked up, at once
VECTORS_AT_ONCE = 2_000  # into Chroma, which writes its whole index out after each


def store_vectors(catalog: Catalog, vectors: Path, fresh: Sequence[str], stale: Sequence[str]) -> None:
    """Bring the vector store of a generation up to date with its catalog."""
    store = VectorStore(vectors)
    try:
        store.remove(stale)
        for keys in steps(fresh, VECTORS_AT_ONCE):
            pairs = list(catalog.vectors(keys))
            store.add([key for key, _ in pairs], np.stack([vector for _, vector in pairs]))
    finally:
        store.close()


def verify(catalog: Catalog, vectors: Path, keys: Sequence[str]) -> None:
    """Check a generation before it answers: counts agree, and each of `keys` is found by its own vector.

    Raises:
        Damaged: it is not so.
    """
    _, _, expected = catalog.counts()
    store = VectorStore.open(vectors, expected, None)
    try:
        for step in steps(keys):
            lost = not_found(catalog, store, step)
            if lost:
                raise Damaged(f"vector {lost[0]} is not found by itself")
    finally:
        store.close()


def not_found(catalog: Catalog, store: VectorStore, keys: Sequence[str]) -> list[str]:
    """Those of `keys` whose vector does not find itself."""
    pairs = list(catalog.vectors(keys))
    if not pairs:
        return list(keys)
    found = store.nearest_each(np.stack([vector for _, vector in pairs]), 1)
    # Different texts may have the same vector: then either may come first.
    return [
        key
        for (key, _), nearest in zip(pairs, found, strict=True)
        if not nearest or (nearest[0][0] != key and nearest[0][1] < SELF_COSINE)
    ]


def steps(keys: Sequence[str], size: int | None = None) -> Iterator[list[str]]:
    """Keys, `size` or `STEP` at a time."""
    rest = iter(keys)
    while step := list(islice(rest, size or STEP)):
        yield step
