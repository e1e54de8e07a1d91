"""Building the index: folder → parse → split → embed → catalog + Chroma → verify → swap."""

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError
from assistant.ingest.collections import Collection, require_files, require_named, told, walk_all
from assistant.ingest.patterns import Patterns
from assistant.ingest.split import SplitLimits, split
from assistant.ingest.walk import SourceFile
from assistant.ingest.worker import Limits, ParserPool
from assistant.laps import Laps
from assistant.models.embedder import Embedder
from assistant.store import copies, generations, quarantine, room, same, upkeep
from assistant.store.base import Base, base_of
from assistant.store.catalog import Catalog
from assistant.store.fill import steps, store_vectors, verify
from assistant.store.generations import CATALOG, VECTORS, Manifest, Recipe
from assistant.store.lock import writing
from assistant.store.plan import Plan, make_plan
from assistant.store.resume import resume, take_vectors
from assistant.store.vectors import Damaged, VectorStore, blank
from assistant.types import Document, Skipped

MANY_LEFT = 0.25  # of the vectors: once so many were taken out of Chroma, it is made anew

# sync: what changed. rebuild: everything, reusing nothing of the index. prune: what changed, and only the new
# generation stays, with nothing of what was deleted. repair: what changed, and all that is made of the text anew.
Mode = Literal["sync", "rebuild", "prune", "repair"]
log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]  # a stage, how much of it is done, how much there is


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `changed` says whether a new generation answers now; `timings_ms` is per stage.

    `renamed` are pairs of an old and a new path; `resumed` counts texts that an interrupted build had embedded;
    `lost` are documents that were damaged in the index and whose files are not there to be read again.
    """

    manifest: Manifest
    changed: bool
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int
    embedded: int
    resumed: int
    lost: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    timings_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Making:
    """How a build is done: what makes vectors, lengths of passages, limits for a file, which files count.

    `readers` is how many files are read at a time; the index is the same, whatever it is.
    """

    embedder: Embedder
    split_limits: SplitLimits
    file_limits: Limits
    patterns: Patterns = Patterns()
    readers: int = 1

    @property
    def recipe(self) -> Recipe:
        """What must be the same in the index that is brought up to date."""
        return Recipe(
            self.embedder.name, self.embedder.digest, self.split_limits.target_tokens, self.split_limits.max_tokens
        )


def build_index(
    collections: Sequence[Collection],
    index: Path,
    making: Making,
    keep: int,
    mode: Mode = "sync",
    progress: Progress = lambda stage, done, total: None,
    drop: Set[str] = frozenset(),
) -> BuildReport:
    """Bring the index up to date with its folders, or build it anew.

    Args:
        collections: the documents; every file in these folders is indexed or reported.
        index: where generations live.
        making: how it is done.
        keep: generations left on the disk, the new one included.
        mode: how much of what is there is used again.
        progress: told now and then how far a stage is.
        drop: names of collections that may leave the index.

    Raises:
        InputError: a folder does not exist, there is nothing to index, a collection is neither named nor dropped, or
            the disk is full.
        IndexMismatch: the present index has another recipe, and `rebuild` was not asked for.
        IndexBusy: another process is building.
    """
    laps = Laps()
    here = [each for each in collections if mode != "repair" or each.folder.is_dir()]
    absent = tuple(each.prefix for each in collections if each not in here)
    folders = {each.name: str(each.folder.resolve()) for each in collections}
    found = list(walk_all(here, making.patterns))
    with writing(index), room.told_when_full(index, "the index that answered still does"):
        base = base_of(index, making.recipe, mode)
        if absent and base.generation is None:
            raise InputError(f"no such folder: {told(folders)}, and no generation to repair the index from")
        require_named(base.folders, collections, drop)
        distrusted = upkeep.distrusted(base.generation / CATALOG) if mode == "repair" and base.generation else set()
        plan = make_plan(found, base.generation, making.file_limits, distrusted, absent)
        require_files(here, found, plan.gone)
        laps.end("walk")
        if base.manifest is not None and not plan.changes and not base.must_change(folders):
            _tidy(index, 1 if mode == "prune" else keep)
            return _report(base.manifest, plan, 0, 0, laps, changed=False)

        room.require(index, room.estimate(base.generation, [(file.path, file.size) for file in plan.to_read]))
        new = generations.begin(index, base.generation, making.recipe, reuses=mode != "rebuild")
        try:
            built = _Build(new, making, base, mode, laps, progress)
            manifest = built.run(folders, index, plan, distrusted)
            generations.swap(index, new, manifest)
        except BaseException as error:
            _abandon(new, error, index)
            raise
        quarantine.clear(index)
        _tidy(index, 1 if mode == "prune" else keep)
        laps.end("swap")
        return _report(manifest, plan, built.embedded, built.resumed, laps, changed=True)


class _Build:
    """One generation in the making, and how many texts were embedded or taken over for it."""

    def __init__(self, new: Path, making: Making, base: Base, mode: Mode, laps: Laps, progress: Progress) -> None:
        self.embedded = self.resumed = 0
        self._new, self._making, self._base, self._mode = new, making, base, mode
        self._laps, self._progress = laps, progress

    def run(self, folders: dict[str, str], index: Path, plan: Plan, distrusted: set[str]) -> Manifest:
        """Everything but the swap."""
        path = self._new / CATALOG
        catalog = Catalog.open_for_writing(path) if self._base.generation else Catalog.create(path)
        try:
            for gone in (*plan.outdated, *distrusted):
                catalog.remove(gone)
            if self._mode == "repair":
                upkeep.mend(catalog)
            self._read(catalog, plan)
            _require_something(catalog, folders, plan)
            self._laps.end("read")
            fresh = [key for key, _ in catalog.texts_without_vector()]
            if self._base.damaged is not None:
                self.resumed += take_vectors(catalog, self._base.damaged / CATALOG)
            self.resumed += resume(catalog, index, self._new, self._making.recipe, self._mode != "rebuild")
            self._embed(catalog)
            self._laps.end("embed")
            stale = catalog.remove_orphan_vectors()
            if plan.outdated or distrusted or self._mode == "prune":
                upkeep.forget(catalog, thoroughly=self._mode == "prune")
            left = self._store(catalog, fresh, stale)
            self._laps.end("verify")
            return _describe(self._new, folders, catalog, self._making.recipe, left)
        finally:
            catalog.close()

    def _read(self, catalog: Catalog, plan: Plan) -> None:
        """Put into the catalog what is new."""
        making = self._making
        waiting, done = plan.to_read, 0
        with ParserPool(making.readers, making.file_limits) as pool:
            while waiting:  # once, and again with the copies of what could not be read or has changed meanwhile
                total, instead = done + len(waiting), list[SourceFile]()
                for item in pool.read(waiting):
                    done += 1
                    if isinstance(item, Document):
                        catalog.add(item, split(item, making.embedder.count_tokens, making.split_limits))
                    else:
                        plan.reject(item)
                    if isinstance(item, Skipped) or item.sha256 != plan.hashes[item.path]:
                        instead += filter(None, [plan.next_of(item.path)])
                    self._progress("read", done, total)
                waiting = instead
        same.set_others(catalog, plan.others)
        plan.skipped.sort(key=lambda item: item.path)
        catalog.set_skipped((item, plan.hashes.get(item.path)) for item in plan.skipped)
        catalog.commit()

    def _embed(self, catalog: Catalog) -> None:
        """Embed the texts that have no vector; each step is on the disk before the next begins."""
        waiting = dict(catalog.texts_without_vector())
        # Texts of like length side by side need the least padding.
        ordered = sorted(waiting, key=lambda key: len(waiting[key]))
        with upkeep.durable(catalog):
            for keys in steps(ordered):
                vectors: NDArray[np.float32] = self._making.embedder.embed_passages([waiting[key] for key in keys])
                catalog.add_vectors(keys, vectors)
                catalog.commit()
                self.embedded += len(keys)
                self._progress("embed", self.embedded, len(ordered))

    def _store(self, catalog: Catalog, fresh: list[str], stale: list[str]) -> int:
        """Fill and verify the vector store; return how many vectors were taken out of it since it was made anew."""
        copied, anew, place = self._new / "copied", self._new / "anew", self._new / VECTORS
        catalog.commit()
        before = self._base.manifest
        left = before.left_behind + len(stale) if before is not None else 0
        whole = before is not None and not self._base.vectors_damaged and self._mode not in ("prune", "repair")
        if before is not None and whole and left <= MANY_LEFT * before.vectors and place.is_dir():
            # What Chroma has failed to open in this process it cannot open at the same path again: hence the names.
            place.rename(copied)
            try:
                VectorStore.open(copied, before.vectors, None).close()
                store_vectors(catalog, copied, fresh, stale)
                verify(catalog, copied, fresh)
                blank(copied)
                copied.rename(place)
                return left
            except Damaged as error:  # the catalog is the truth, and all of it is there
                log.warning("the vectors are made anew from the catalog: %s", error)
                shutil.rmtree(copied)
        shutil.rmtree(place, ignore_errors=True)
        store_vectors(catalog, anew, [key for key, _ in catalog.vectors()], [])
        verify(catalog, anew, [key for key, _ in catalog.vectors()])
        blank(anew)
        anew.rename(place)
        return 0


def _require_something(catalog: Catalog, folders: Mapping[str, str], plan: Plan) -> None:
    if catalog.counts()[1] == 0:
        reasons = "; ".join(f"{item.path}: {item.reason}" for item in plan.skipped[:3])
        raise InputError(
            f"nothing to index in {told(folders)}" + (f" ({reasons})" if reasons else ": it has no files")
        )


def _abandon(new: Path, error: BaseException, index: Path) -> None:
    """Delete a half-built generation; what it has embedded stays for the next build, if the disk is not full."""
    if isinstance(error, InputError) or room.is_full(error, index) or not (new / CATALOG).is_file():
        generations.remove(new)


def _tidy(index: Path, keep: int) -> None:
    """Delete what builds and readers that were cut short left, and old generations."""
    for leftover in generations.leftovers(index):
        generations.remove(leftover)
    generations.prune(index, keep)
    copies.sweep()


def _describe(
    generation: Path, folders: dict[str, str], catalog: Catalog, recipe: Recipe, left_behind: int
) -> Manifest:
    documents, passages, vectors = catalog.counts()
    return Manifest(
        generation=generation.name,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        folders=folders,
        documents=documents,
        passages=passages,
        vectors=vectors,
        skipped=len(catalog.skipped()),
        recipe=recipe,
        left_behind=left_behind,
        copies=same.count(catalog),
    )


def _report(manifest: Manifest, plan: Plan, embedded: int, resumed: int, laps: Laps, changed: bool) -> BuildReport:
    return BuildReport(
        manifest=manifest,
        changed=changed,
        added=tuple(plan.added),
        updated=tuple(plan.updated),
        removed=tuple(plan.removed),
        renamed=tuple(plan.renamed),
        unchanged=plan.unchanged,
        embedded=embedded,
        resumed=resumed,
        lost=tuple(plan.lost),
        skipped=tuple(plan.skipped),
        timings_ms=laps.times,
    )
