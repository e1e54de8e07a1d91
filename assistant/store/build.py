"""Building the index: folder → parse → split → embed → catalog + Chroma → verify → swap."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError
from assistant.ingest.split import SplitLimits, split
from assistant.ingest.walk import walk
from assistant.ingest.worker import Limits, ParserPool
from assistant.laps import Laps
from assistant.models.embedder import Embedder
from assistant.store import generations
from assistant.store.catalog import Catalog
from assistant.store.generations import Manifest, Recipe
from assistant.store.plan import Plan, make_plan
from assistant.store.vectors import VectorStore
from assistant.types import Document, Skipped

EMBED_STEP = 512  # texts embedded between two reports of progress
VERIFY_STEP = 500  # vectors looked up at once
SELF_COSINE = 0.9999  # a vector's cosine with itself, but for rounding

Item = TypeVar("Item")
Progress = Callable[[str, int, int], None]  # a stage, how much of it is done, how much there is


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `changed` says whether a new generation answers now; `timings_ms` is per stage."""

    manifest: Manifest
    changed: bool
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    embedded: int
    skipped: tuple[Skipped, ...]
    timings_ms: dict[str, float]


def build_index(
    folder: Path,
    index: Path,
    embedder: Embedder,
    split_limits: SplitLimits,
    file_limits: Limits,
    keep: int,
    rebuild: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Bring the index up to date with a folder, or build it anew.

    Args:
        folder: the documents; every file below it is indexed or reported.
        index: where generations live.
        embedder: makes the vectors of texts that have none yet.
        split_limits: lengths of passages.
        file_limits: what a parser may use for one file.
        keep: generations left on the disk, the new one included.
        rebuild: start from nothing, also where the present index cannot be read.
        progress: told now and then how far a stage is.

    Raises:
        InputError: the folder does not exist or holds nothing that can be indexed.
        IndexMismatch: the present index has another recipe, and `rebuild` was not asked for.
        IndexBusy: another process is building.
    """
    laps = Laps()
    recipe = Recipe(embedder.name, embedder.digest, split_limits.target_tokens, split_limits.max_tokens)
    found = list(walk(folder))
    with generations.writing(index):
        base = None if rebuild else _base(index, recipe)
        plan = make_plan(found, base, file_limits.file_bytes)
        laps.end("walk")
        if base is not None and not plan.changes and _same_folder(base, folder):
            return _report(generations.read_manifest(base), plan, 0, laps, changed=False)

        new = generations.begin(index, copy_of=base)
        try:
            catalog = _open(new, fresh=base is None)
            _read(catalog, plan, split_limits, file_limits, embedder, progress)
            _require_something(catalog, folder, plan)
            laps.end("read")
            fresh = _embed(catalog, embedder, progress)
            laps.end("embed")
            store_vectors(catalog, new / generations.VECTORS, fresh, catalog.remove_orphan_vectors())
            laps.end("store")
            verify(catalog, new / generations.VECTORS, fresh)
            manifest = _describe(new, folder, catalog, recipe)
            catalog.close()
            laps.end("verify")
        except BaseException:  # a half-built generation is of no use to anyone, whatever stopped it
            shutil.rmtree(new)
            raise
        generations.swap(index, new, manifest)
        generations.prune(index, keep)
        laps.end("swap")
        return _report(manifest, plan, len(fresh), laps, changed=True)


def verify(catalog: Catalog, vectors: Path, keys: Sequence[str]) -> None:
    """Check a generation before it answers: counts agree, and each of `keys` is found by its own vector.

    Raises:
        RuntimeError: it is not so. Nothing was swapped; the index that answered still does.
    """
    store = VectorStore(vectors)
    try:
        _, _, expected = catalog.counts()
        if store.count() != expected:
            raise RuntimeError(f"the vector store holds {store.count()} vectors, the catalog {expected}")
        for step in _steps(list(catalog.vectors(keys)), VERIFY_STEP):
            matrix = np.stack([vector for _, vector in step])
            for (key, _), nearest in zip(step, store.nearest_each(matrix, 1), strict=True):
                # Different texts may have the same vector: then either may come first.
                if nearest[0][0] != key and nearest[0][1] < SELF_COSINE:
                    raise RuntimeError(f"vector {key} is not found by itself")
    finally:
        store.close()


def store_vectors(catalog: Catalog, vectors: Path, fresh: Sequence[str], stale: Sequence[str]) -> None:
    """Bring the vector store of a generation up to date with its catalog."""
    store = VectorStore(vectors)
    try:
        store.remove(stale)
        for step in _steps(list(catalog.vectors(fresh)), EMBED_STEP):
            store.add([key for key, _ in step], np.stack([vector for _, vector in step]))
    finally:
        store.close()


def _base(index: Path, recipe: Recipe) -> Path | None:
    """The generation to start from, if there is one."""
    base = generations.live(index)
    if base is not None:
        generations.check_recipe(generations.read_manifest(base).recipe, recipe)
    return base


def _same_folder(base: Path, folder: Path) -> bool:
    return generations.read_manifest(base).folder == str(folder.resolve())


def _open(generation: Path, fresh: bool) -> Catalog:
    path = generation / generations.CATALOG
    return Catalog.create(path) if fresh else Catalog.open_for_writing(path)


def _read(
    catalog: Catalog,
    plan: Plan,
    split_limits: SplitLimits,
    file_limits: Limits,
    embedder: Embedder,
    progress: Progress,
) -> None:
    """Take out of the catalog what is gone or changed, and put in what is new."""
    for path in plan.outdated:
        catalog.remove(path)
    with ParserPool(limits=file_limits) as pool:
        for done, item in enumerate(pool.read(plan.to_read), start=1):
            if isinstance(item, Document):
                catalog.add(item, split(item, embedder.count_tokens, split_limits))
            else:
                plan.reject(item)
            progress("read", done, len(plan.to_read))
    plan.skipped.sort(key=lambda item: item.path)
    catalog.set_skipped((item, plan.hashes.get(item.path)) for item in plan.skipped)


def _require_something(catalog: Catalog, folder: Path, plan: Plan) -> None:
    if catalog.counts()[1] == 0:
        reasons = "; ".join(f"{item.path}: {item.reason}" for item in plan.skipped[:3])
        raise InputError(f"nothing to index in {folder}" + (f" ({reasons})" if reasons else ": it has no files"))


def _embed(catalog: Catalog, embedder: Embedder, progress: Progress) -> list[str]:
    """Embed the texts that have no vector, and return their keys."""
    waiting = catalog.texts_without_vector()
    # Texts of like length side by side need the least padding.
    waiting.sort(key=lambda pair: len(pair[1]))
    done = 0
    for step in _steps(waiting, EMBED_STEP):
        vectors: NDArray[np.float32] = embedder.embed_passages([text for _, text in step])
        catalog.add_vectors([key for key, _ in step], vectors)
        catalog.commit()
        done += len(step)
        progress("embed", done, len(waiting))
    return [key for key, _ in waiting]


def _describe(generation: Path, folder: Path, catalog: Catalog, recipe: Recipe) -> Manifest:
    documents, passages, vectors = catalog.counts()
    return Manifest(
        generation=generation.name,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        folder=str(folder.resolve()),
        documents=documents,
        passages=passages,
        vectors=vectors,
        skipped=len(catalog.skipped()),
        recipe=recipe,
    )


def _report(manifest: Manifest, plan: Plan, embedded: int, laps: Laps, changed: bool) -> BuildReport:
    return BuildReport(
        manifest=manifest,
        changed=changed,
        added=tuple(plan.added),
        updated=tuple(plan.updated),
        removed=tuple(plan.removed),
        unchanged=plan.unchanged,
        embedded=embedded,
        skipped=tuple(plan.skipped),
        timings_ms=laps.times,
    )


def _steps(items: list[Item], size: int) -> Iterator[list[Item]]:
    return (items[i : i + size] for i in range(0, len(items), size))
