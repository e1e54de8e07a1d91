"""The index that answers: one generation, opened for reading."""

from dataclasses import dataclass
from pathlib import Path

from assistant.store import generations
from assistant.store.catalog import Catalog
from assistant.store.generations import Manifest, Recipe
from assistant.store.vectors import VectorStore


@dataclass(frozen=True, slots=True)
class Index:
    """An open generation. Threads may share it."""

    manifest: Manifest
    catalog: Catalog
    vectors: VectorStore

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
        catalog = Catalog.open(generation / generations.CATALOG)
        return cls(manifest, catalog, VectorStore(generation / generations.VECTORS))

    def close(self) -> None:
        """Release the generation's files."""
        self.catalog.close()
        self.vectors.close()
