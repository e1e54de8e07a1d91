"""What `assistant doctor` looks at: every part of an index held against the others. Nothing of it is written to."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexMissing, InputError
from assistant.ingest.collections import Collection, walk_all
from assistant.store import copies, generations, quarantine, room, upkeep
from assistant.store.build import Making
from assistant.store.catalog import Catalog
from assistant.store.copies import PrivateCopy
from assistant.store.fill import not_found, steps
from assistant.store.generations import CATALOG, VECTORS, Manifest
from assistant.store.index import open_catalog
from assistant.store.plan import make_plan
from assistant.store.vectors import Damaged, VectorStore

SYNC = "run: assistant index"
REPAIR = "run: assistant doctor --repair"
SAMPLE = 16  # passages that are embedded again, to see that the embedder is the one that made the vectors
SAME = 0.999  # cosine of the same text's vectors, embedded beside other texts and on another processor

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was found, and what to do where it is a problem."""

    name: str
    ok: bool
    found: str
    advice: str | None = None


def examine(index: Path, making: Making, progress: Progress = lambda stage, done, total: None) -> list[Check]:
    """Look at the generation that answers and at what lies beside it.

    Args:
        index: the folder of the index.
        making: how the present settings would build it.
        progress: told now and then how far a stage is.

    Raises:
        IndexMissing: nothing was built there yet.
        IndexMismatch: it was built by another embedder, splitter or schema.
        InputError: there is no room for a private copy of it.
    """
    checks: list[Check] = []
    try:
        generation = generations.require_live(index)
    except IndexMissing as error:
        if not generations.finished(index):
            raise
        return [Check("pointer", False, str(error).partition(";")[0], REPAIR), *_beside(index)]
    checks.append(Check("pointer", True, f"{generation.name} answers"))
    try:
        manifest, catalog = open_catalog(generation, making.recipe)
    except Damaged as error:
        return [*checks, Check("catalog", False, str(error), REPAIR), *_beside(index)]
    try:
        checks += _catalog(generation, manifest, catalog, making, progress)
    finally:
        catalog.close()
    return [*checks, *_beside(index)]


def _catalog(
    generation: Path, manifest: Manifest, catalog: Catalog, making: Making, progress: Progress
) -> Iterator[Check]:
    reason = upkeep.broken(generation / CATALOG)
    if reason:
        yield Check("catalog", False, reason, REPAIR)
        return  # what is read from it now means nothing
    yield Check("catalog", True, f"{manifest.counted}, {manifest.passages} passages, as the manifest says")
    yield _files(generation, manifest, making)
    wrong = sorted(upkeep.distrusted(generation / CATALOG))
    yield _named(
        "passages", wrong, "each passage is its document's text", "documents do not agree with their passages"
    )
    yield _passages_and_vectors(catalog)
    yield _embedder(catalog, making)
    copy = PrivateCopy()
    try:
        with room.told_when_full(copy.path.parent, "the index is examined in a private copy"):
            yield _words(generation, copy.path)
            yield _chroma(generation, manifest, catalog, copy.path, progress)
    finally:
        copy.close()


def _files(generation: Path, manifest: Manifest, making: Making) -> Check:
    try:
        found = walk_all(
            [Collection(name, Path(folder)) for name, folder in manifest.folders.items()], making.patterns
        )
    except InputError as error:
        return Check("files", False, str(error).partition(";")[0], "run: assistant index, with its new place")
    plan = make_plan(found, generation, making.file_limits)
    if plan.changes:
        changed = [*plan.added, *plan.updated, *plan.removed, *(new for _, new in plan.renamed)]
        return Check("files", False, f"{len(changed)} changed since the build{_some(changed)}", SYNC)
    return Check("files", True, f"{plan.unchanged} files by their hashes, {len(plan.skipped)} not indexed")


def _passages_and_vectors(catalog: Catalog) -> Check:
    db = catalog.connection
    missing = [key for key, _ in catalog.texts_without_vector()]
    orphans = "SELECT count(*) FROM vectors WHERE key NOT IN (SELECT vector_key FROM passages)"
    (unused,) = db.execute(orphans).fetchone()
    bad = upkeep.bad_vectors(db)
    if missing or unused or bad:
        found = f"{len(missing)} passage texts without a vector, {unused} vectors without one, {len(bad)} damaged"
        return Check("vectors", False, found, REPAIR)
    return Check("vectors", True, f"{catalog.counts()[2]} vectors, one for each distinct text")


def _embedder(catalog: Catalog, making: Making) -> Check:
    """Embed some passages again: the digest says which weights they were, this what those weights do now."""
    db = catalog.connection
    (passages,) = db.execute("SELECT count(*) FROM passages").fetchone()
    step = max(1, passages // SAMPLE)
    rows = list(db.execute("SELECT vector_key, search_text FROM passages WHERE id % ? = 0 LIMIT ?", (step, SAMPLE)))
    if not rows:
        return Check("embedder", True, f"{making.embedder.name}, by the hash of its weights")
    made = making.embedder.embed_passages([text for _, text in rows])
    stored = dict(catalog.vectors([key for key, _ in rows]))
    other = [
        key for (key, _), vector in zip(rows, made, strict=True) if key in stored and not _same(stored[key], vector)
    ]
    if other:
        found = f"{len(other)} of {len(rows)} passages have another vector than {making.embedder.name} gives them"
        return Check("embedder", False, found, "run: assistant index --rebuild")
    return Check("embedder", True, f"{making.embedder.name}: {len(rows)} passages have the same vectors again")


def _words(generation: Path, copy: Path) -> Check:
    shutil.copyfile(generation / CATALOG, copy / CATALOG)
    catalog = Catalog.open_for_writing(copy / CATALOG)
    try:
        agree, why = upkeep.words_agree(catalog), "some are missing or of another text"
    except sqlite3.DatabaseError as error:
        agree, why = False, str(error)
    finally:
        catalog.connection.close()
    if not agree:
        return Check("words", False, f"the words do not agree with the passages: {why}", REPAIR)
    return Check("words", True, "the words of every passage, made again and compared")


def _chroma(generation: Path, manifest: Manifest, catalog: Catalog, copy: Path, progress: Progress) -> Check:
    keys = [key for key, _ in catalog.vectors()]
    try:
        if not (generation / VECTORS).is_dir():
            raise Damaged("the folder of the vectors is missing")
        shutil.copytree(generation / VECTORS, copy / VECTORS)
        store = VectorStore.open(copy / VECTORS, manifest.vectors, next(catalog.vectors(), None))
    except Damaged as error:
        return Check("chroma", False, str(error), REPAIR)
    wrong = 0
    try:
        for done, step in enumerate(steps(keys), start=1):
            held = store.get(step)
            stored = dict(catalog.vectors(step))
            wrong += sum(key not in held or not _same(held[key], stored[key]) for key in step)
            wrong += len(not_found(catalog, store, step))
            progress("vectors", min(done * len(step), len(keys)), len(keys))
    finally:
        store.close()
    if wrong:
        return Check("chroma", False, f"{wrong} of {len(keys)} vectors are not the catalog's, or not found", REPAIR)
    return Check("chroma", True, f"{len(keys)} vectors, the catalog's, each found by itself")


def _beside(index: Path) -> Iterator[Check]:
    noted = quarantine.notes(index)
    yield Check("quarantine", not noted, "; ".join(note.text for note in noted) or "nothing is set aside", REPAIR)
    unfinished = [folder.name for folder in generations.leftovers(index)]
    yield _named("orphans", unfinished, "no build left anything behind", "generations of interrupted builds")
    gone = [folder.name for folder in copies.left_behind(copies.OLD)]
    yield _named("copies", gone, "no reader left a private copy behind", "private copies were left by dead readers")
    size, free = room.size_of(index), shutil.disk_usage(index).free
    found = f"{room.megabytes(size)} in {len(generations.all_of(index))} generations, {room.megabytes(free)} free"
    newest = max((room.size_of(folder) for folder in generations.all_of(index)), default=0)
    yield Check("disk", free > newest + room.SLACK, found, "free some space: the next build would not fit")


def _named(name: str, wrong: list[str], fine: str, problem: str) -> Check:
    if not wrong:
        return Check(name, True, fine)
    return Check(name, False, f"{len(wrong)} {problem}{_some(wrong)}", REPAIR)


def _some(names: list[str]) -> str:
    return f" ({', '.join(map(repr, names[:3]))}{', …' if len(names) > 3 else ''})" if names else ""


def _same(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and bool(float(one @ other) >= SAME)
