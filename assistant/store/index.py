"""The index that answers: one generation, opened for reading."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.store import generations
from assistant.store.catalog import Catalog
from assistant.store.generations import Manifest, Recipe
from assistant.store.vectors import VectorStore


@dataclass(frozen=True, slots=True)
class Index:
    """An open generation. Threads may share it.

    Chroma writes to the files of a collection when it loads them, so the generation's own are never opened: the
    vectors are read from a copy, which goes when the index is closed. Many processes may read one generation.
    """

    manifest: Manifest
    catalog: Catalog
    vectors: VectorStore
    _copy: TemporaryDirectory[str]

    @classmethod
    def open(cls, folder: Path, wanted: Recipe | None = None) -> "Index":
        """Open the generation that answers.

        Args:
            folder: the index folder, as given to `assistant index --index`.
            wanted: what the present settings would build, to be held against what was built.

        Raises:
            IndexMissing: nothing was built there yet.
            IndexMismatch: it was built by another embedder, splitter or schema.
        """
        generation = generations.require_live(folder)
        manifest = generations.read_manifest(generation)
        if wanted is not None:
            generations.check_recipe(manifest.recipe, wanted)
        copy = TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True)
        vectors = shutil.copytree(generation / generations.VECTORS, Path(copy.name, generations.VECTORS))
        return cls(manifest, Catalog.open(generation / generations.CATALOG), VectorStore(vectors), copy)

    def close(self) -> None:
        """Release the generation's files."""
        self.catalog.close()
        self.vectors.close()
        self._copy.cleanup()
