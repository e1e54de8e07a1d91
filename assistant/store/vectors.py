"""The vectors of one generation, in a Chroma collection of its own folder."""

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
# Denser and searched more widely than by default (16, 100, 100): a vector must be found by itself.
HNSW: "CreateHNSWConfiguration" = {"space": "cosine", "max_neighbors": 24, "ef_construction": 200, "ef_search": 200}


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
