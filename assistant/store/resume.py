"""What a build that was cut short had embedded is taken over by the next one, instead of embedding it again."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexMismatch
from assistant.store import generations
from assistant.store.catalog import Catalog
from assistant.store.generations import CATALOG, Recipe

STEP = 512  # vectors taken over at once
UNIT = 1e-3  # how far the length of a whole unit vector may be from one

log = logging.getLogger(__name__)


def resume(catalog: Catalog, index: Path, new: Path, recipe: Recipe, reuses: bool) -> int:
    """Take the vectors that `catalog` lacks from what builds of the same recipe left; return how many.

    A build that was to reuse nothing takes them only from one like it.
    """
    taken = 0
    for leftover in generations.leftovers(index):
        if leftover == new or not (leftover / CATALOG).is_file():
            continue
        began = generations.began_as(leftover) or _finished_as(leftover)
        if began is not None and began[0] == recipe and (reuses or not began[1]):
            taken += take_vectors(catalog, leftover / CATALOG)
    return taken


def take_vectors(catalog: Catalog, source: Path) -> int:
    """Take the vectors that `catalog` lacks from another catalog, whole or damaged; return how many.

    Each is checked: a vector that is not of length one was not written whole.
    """
    wanted = [key for key, _ in catalog.texts_without_vector()]
    taken = 0
    try:
        # Opened for writing, so that SQLite undoes what was being written when the build was cut short.
        with closing(sqlite3.connect(source)) as db:
            for keys, vectors in _whole(db, wanted):
                catalog.add_vectors(keys, vectors)
                taken += len(keys)
    except sqlite3.DatabaseError as error:
        log.warning("of an interrupted build, %d vectors could be used, and the others not: %s", taken, error)
    catalog.commit()
    return taken


def _whole(db: sqlite3.Connection, keys: Sequence[str]) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
    for i in range(0, len(keys), STEP):
        found: list[tuple[str, NDArray[np.float32]]] = []
        for key in keys[i : i + STEP]:
            for (blob,) in db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)):
                if is_whole(blob):
                    found.append((key, np.frombuffer(blob, dtype=np.float32)))
        if found:
            yield [key for key, _ in found], np.stack([vector for _, vector in found])


def is_whole(blob: bytes) -> bool:
    """Whether these bytes are a vector of length one."""
    if not blob or len(blob) % 4:
        return False
    return bool(abs(float(np.linalg.norm(np.frombuffer(blob, dtype=np.float32))) - 1.0) < UNIT)


def _finished_as(leftover: Path) -> tuple[Recipe, bool] | None:
    """The recipe of a generation that was finished and never answered."""
    try:
        return generations.read_manifest(leftover).recipe, True
    except IndexMismatch:
        return None
