"""The index that answers: one generation, opened for reading; an older one where that is damaged."""

import json
import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged, IndexMissing, UserError
from assistant.filter import Filter
from assistant.store import generations, quarantine, room, same
from assistant.store.catalog import Catalog
from assistant.store.copies import PrivateCopy
from assistant.store.fill import store_vectors
from assistant.store.generations import Manifest, Recipe
from assistant.store.schema import SCHEMA_VERSION
from assistant.store.selection import AllVectors, Selection
from assistant.store.vectors import Damaged, VectorStore
from assistant.types import IndexInfo, Skipped

SELECTIONS = 8  # parts of an index, by filter, that are kept while it is open
log = logging.getLogger(__name__)
Opened = TypeVar("Opened")


@dataclass(frozen=True, slots=True)
class Index:
    """An open generation. Threads may share it.

    Chroma writes to the files of a collection when it loads them, so the generation's own are never opened: the
    vectors are read from a copy, which goes when the index is closed. Many processes may read one generation.
    `notice` says, in one line, what is damaged and what to do about it, or is None.
    """

    manifest: Manifest
    catalog: Catalog
    vectors: VectorStore
    notice: str | None
    _copy: PrivateCopy
    _select: Any  # a cached function from a filter to its `Selection`; pydantic cannot read the name of its type

    @classmethod
    def open(cls, folder: Path, wanted: Recipe | None = None) -> "Index":
        """Open the generation that answers, or the newest that can be opened where it is damaged.

        Where only its vectors are damaged, they are made anew from the catalog, for this process.

        Args:
            folder: the index folder, as given to `assistant index --index`.
            wanted: what the present settings would build, to be held against what was built.

        Raises:
            IndexMissing: nothing was built there yet.
            IndexMismatch: it was built by another embedder, splitter or schema.
            IndexDamaged: no generation can be read.
            InputError: there is no room for the private copy.
        """
        return newest_whole(folder, lambda generation: cls._open(folder, generation, wanted))

    @classmethod
    def _open(cls, folder: Path, generation: Path, wanted: Recipe | None) -> "Index":
        manifest, catalog = open_catalog(generation, wanted)
        copy = PrivateCopy()
        try:
            with room.told_when_full(copy.path.parent, "the vectors are read from a private copy"):
                vectors, damage = _vectors(generation / generations.VECTORS, copy.path, catalog)
        except BaseException:
            catalog.close()
            copy.close()
            raise
        if damage is not None and generations.live(folder) == generation:
            quarantine.report(folder, quarantine.make_note(generation, str(damage), None))
        select = lru_cache(SELECTIONS)(partial(Selection, catalog, vectors, AllVectors(catalog)))
        return cls(manifest, catalog, vectors, notice(folder), copy, select)

    @property
    def info(self) -> IndexInfo:
        """Which index this is."""
        manifest = self.manifest
        return IndexInfo(manifest.generation, manifest.built_at, manifest.documents, manifest.passages)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Keys and cosines of the nearest vectors, best first."""
        return self.vectors.nearest(vector, limit)

    def within(self, wanted: Filter | None) -> "Searched":
        """The part of the index that a filter leaves, or all of it without one.

        Raises:
            InputError: no document matches.
        """
        return self if wanted is None else self._select(wanted)

    def close(self) -> None:
        """Release the generation's files."""
        self._select.cache_clear()
        self.catalog.close()
        self.vectors.close()
        self._copy.close()


Searched = Index | Selection  # an index, or the part of it that a filter leaves


@dataclass(frozen=True, slots=True)
class Status:
    """What the index that answers says of itself, the files it does not hold, and what is damaged, a line each.

    `languages` are those of its documents by ISO 639-1 code, with how many there are; None for what told none.
    """

    manifest: Manifest
    skipped: list[Skipped]
    languages: dict[str | None, int]
    notices: list[str]


def status(folder: Path) -> Status:
    """The state of an index; opens no vectors.

    Raises:
        IndexMissing, IndexMismatch, IndexDamaged: as for `Index.open`.
    """

    def read(generation: Path) -> tuple[Manifest, list[Skipped], dict[str | None, int]]:
        manifest, catalog = open_catalog(generation, None)
        try:
            return manifest, [item for item, _ in catalog.skipped()], catalog.languages()
        finally:
            catalog.close()

    return Status(*newest_whole(folder, read), [note.text for note in quarantine.notes(folder)])


def notice(folder: Path) -> str | None:
    """What is damaged and what to do about it, in one line, or None."""
    return "; ".join(note.text for note in quarantine.notes(folder)) or None


def newest_whole(folder: Path, opener: Callable[[Path], Opened]) -> Opened:
    """What `opener` makes of the generation that answers or, where it raises Damaged, of the newest whole one.

    What is damaged is set aside and told to the log.

    Raises:
        IndexMissing: nothing was built there yet.
        IndexDamaged: there is no whole one.
    """
    while True:
        try:
            generation = generations.require_live(folder)
        except IndexMissing as error:
            if not generations.finished(folder):
                raise
            generation, damage = folder / generations.GENERATIONS / generations.POINTER, Damaged(str(error))
        else:
            try:
                return opener(generation)
            except Damaged as error:
                damage = error
        with suppress(IndexMissing):
            if generations.require_live(folder) != generation:
                continue  # a build has deleted it meanwhile, and there is a newer one
        return _older(folder, generation, damage, opener)


def _older(folder: Path, damaged: Path, damage: Damaged, opener: Callable[[Path], Opened]) -> Opened:
    for generation in generations.finished(folder):
        if generation == damaged:
            continue
        try:
            opened = opener(generation)
        except (Damaged, UserError) as error:
            log.error("generation %s cannot answer instead: %s", generation.name, error)
            continue
        reason = "it names no generation that exists" if damaged.name == generations.POINTER else str(damage)
        quarantine.report(folder, quarantine.make_note(damaged, reason, generation))
        return opened
    raise IndexDamaged(
        f"the index in {folder} is damaged ({damage}) and no older generation is whole; build it anew with: "
        f"assistant index FOLDER --rebuild --index {folder}"
    ) from damage


def open_catalog(generation: Path, wanted: Recipe | None) -> tuple[Manifest, Catalog]:
    """The manifest and the catalog of a finished generation, which agree on what it holds.

    Raises:
        IndexMismatch: it was built by another embedder, splitter or schema.
        Damaged: its catalog cannot be read, or is not the one of its manifest.
    """
    try:
        text = (generation / generations.MANIFEST).read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError) as error:
        raise Damaged("its manifest cannot be read") from error
    manifest = generations.parse_manifest(text, generation)
    generations.check_recipe(manifest.recipe, wanted or replace(manifest.recipe, schema=SCHEMA_VERSION))
    path = generation / generations.CATALOG
    if not path.is_file():
        raise Damaged("its catalog is missing")
    try:
        catalog = Catalog.open(path)
    except sqlite3.DatabaseError as error:
        raise Damaged(f"its catalog cannot be opened: {error}") from error
    try:
        counts, further = catalog.counts(), same.count(catalog)
        catalog.hashes()
    except sqlite3.DatabaseError as error:
        catalog.close()
        raise Damaged(f"its catalog cannot be read: {error}") from error
    if (*counts, further) != (manifest.documents, manifest.passages, manifest.vectors, manifest.copies):
        catalog.close()
        raise Damaged("its catalog does not hold what its manifest says")
    return manifest, catalog


def _vectors(source: Path, copy: Path, catalog: Catalog) -> tuple[VectorStore, Damaged | None]:
    """The vectors, in a private copy of `source`, or made anew beside it where that is damaged, and why."""
    count = catalog.counts()[2]
    some = next(catalog.vectors(), None)
    try:
        _copy(source, copy / "copied")
        return VectorStore.open(copy / "copied", count, some), None
    except Damaged as error:
        if not (source.parent / generations.MANIFEST).is_file():
            raise  # all of the generation is going
        if room.is_full(error.__cause__ or error, copy):
            raise error.__cause__ or error from None
        damage = error
    anew = copy / "anew"
    store_vectors(catalog, anew, [key for key, _ in catalog.vectors()], [])
    return VectorStore.open(anew, count, some), damage


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copytree(source, target)
    except (FileNotFoundError, shutil.Error) as error:
        if room.is_full(error, target.parent):
            raise
        raise Damaged(f"the vectors cannot be copied: {error}") from error
