"""The vectors of one generation, in a Chroma collection of its own folder."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

COLLECTION = "passages"
# Chroma refuses larger steps (5,461 records in 1.5); smaller ones bound memory.
STEP = 2_000
SELF_COSINE = 0.9999  # a vector's cosine with itself, but for rounding
# Denser and searched more widely than by default (16, 100, 100): a vector must be found by itself. What was added
# since the index was last written out is inserted again at each opening: with up to 1,000 vectors, as by default,
# that took 0.7 seconds, with up to 100 it takes 0.02.
HNSW: "CreateHNSWConfiguration" = {
    "space": "cosine",
    "max_neighbors": 24,
    "ef_construction": 200,
    "ef_search": 200,
    "sync_threshold": 100,
    "batch_size": 100,
}


class Damaged(Exception):
    """A part of a generation cannot be read, or is not what its manifest says."""


class VectorStore:
    """Keys and unit vectors; nearest first."""

    def __init__(self, path: Path) -> None:
        import chromadb
        from chromadb.api.client import Client
        from chromadb.config import Settings

        self._client = cast(Client, chromadb.PersistentClient(path, Settings(anonymized_telemetry=False)))
        # No embedding function: the default one would fetch a model. Creating what is there already would write.
        if COLLECTION in {collection.name for collection in self._client.list_collections()}:
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        else:
            self._collection = self._client.create_collection(
                COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None
            )

    @classmethod
    def open(cls, path: Path, count: int, some: tuple[str, NDArray[np.float32]] | None) -> "VectorStore":
        """Open what should hold `count` vectors, `some` among them.

        Raises:
            Damaged: it cannot be opened or searched, or does not hold them.
        """
        store = None
        try:
            store = cls(path)
            if store.count() != count:
                raise Damaged(f"Chroma holds {store.count()} vectors, the catalog {count}")
            if some is not None and store.nearest(some[1], 1)[0][1] < SELF_COSINE:
                raise Damaged("a vector is not found by itself")
        except BaseException as error:  # Chroma raises errors of many kinds, and a panic of its core is no Exception
            if store is not None:
                store.close()
            if isinstance(error, (Damaged, KeyboardInterrupt, SystemExit, MemoryError)):
                raise
            raise Damaged(f"Chroma cannot open it: {error}") from error
        return store

    def close(self) -> None:
        """Release the files; needed before they are copied or deleted."""
        self._client.close()

    def count(self) -> int:
        """How many vectors there are."""
        return self._collection.count()

    def add(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Insert vectors, shape (keys, dimensions); a key that is there already is replaced."""
        for i in range(0, len(keys), STEP):
            self._collection.upsert(ids=list(keys[i : i + STEP]), embeddings=vectors[i : i + STEP])

    def get(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of those of these keys that are there."""
        found = self._collection.get(ids=list(keys), include=["embeddings"])
        embeddings = found["embeddings"]
        rows = np.asarray(embeddings if embeddings is not None else [], dtype=np.float32)
        return dict(zip(found["ids"], rows, strict=True))

    def remove(self, keys: Sequence[str]) -> None:
        """Delete these keys."""
        for i in range(0, len(keys), STEP):
            self._collection.delete(ids=list(keys[i : i + STEP]))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Keys and cosines of the nearest vectors, best first."""
        return self.nearest_each(vector[np.newaxis], limit)[0]

    def nearest_each(self, vectors: NDArray[np.float32], limit: int) -> list[list[tuple[str, float]]]:
        """For each row of `vectors`, keys and cosines of the nearest, best first."""
        limit = min(limit, self.count())
        if limit == 0:
            return [[] for _ in vectors]
        found = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        distances = found["distances"] or []
        return [
            [(key, 1.0 - distance) for key, distance in zip(ids, row, strict=True)]
            for ids, row in zip(found["ids"], distances, strict=True)
        ]


def blank(path: Path) -> None:
    """Write zeros where Chroma's files, which nobody has open, hold no vectors.

    Chroma's index (hnswlib) reserves room for more vectors than there are, and writes that room out as it found it
    in memory: with whatever this process had there before, such as the text of documents.

    Raises:
        RuntimeError: the files are not those of the Chroma that this was written for.
    """
    for header in path.glob("*/header.bin"):
        # As hnswlib's saveIndex writes them: version, offset of level 0, capacity, number and size of elements.
        version, _, capacity, count, size = struct.unpack_from("<i4Q", header.read_bytes())
        for name, each in (("data_level0.bin", size), ("length.bin", 4)):
            end = header.with_name(name).stat().st_size
            if version != 1 or not count * each <= end <= capacity * each:
                raise RuntimeError(f"the files in {header.parent} are of an unknown form; see constraints.txt")
            with header.with_name(name).open("r+b") as file:
                file.seek(count * each)
                file.write(bytes(end - count * each))
