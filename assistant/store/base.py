"""What a build starts from: the generation that answers, or what can be used in its place where that is damaged."""

import logging
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexMismatch, IndexMissing
from assistant.store import generations, quarantine, upkeep
from assistant.store.generations import CATALOG, GENERATIONS, POINTER, QUARANTINE, Manifest, Recipe
from assistant.store.index import open_catalog
from assistant.store.vectors import Damaged

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Base:
    """A generation to start from with its manifest, or none; and what is known to be wrong with it.

    `damaged` is a generation that is not built upon, but whose vectors may be used, each after a check.
    """

    generation: Path | None = None
    manifest: Manifest | None = None
    damaged: Path | None = None
    vectors_damaged: bool = False
    mends: bool = False  # a new generation is wanted, also where no file has changed

    @property
    def folders(self) -> dict[str, str]:
        """The folders that it was built from, by name."""
        return self.manifest.folders if self.manifest else {}

    def must_change(self, folders: dict[str, str]) -> bool:
        """Whether there is a reason for a new generation besides changed files."""
        return self.mends or self.folders != folders


def base_of(index: Path, recipe: Recipe, mode: str) -> Base:
    """What to start a build from; for who holds the index for writing. What is damaged is set aside.

    Raises:
        IndexMismatch: the generation that answers has another recipe.
    """
    if mode == "rebuild":
        return Base()
    try:
        answering = generations.live(index)
    except IndexMissing:
        answering = index / GENERATIONS / POINTER  # none of that name: it will be found damaged
    if answering is None:
        return Base()
    try:
        return _sound(answering, index, recipe, mode)
    except Damaged as error:
        damage = error
    for older in generations.finished(index):
        if older == answering:
            continue
        try:
            found = _sound(older, index, recipe, mode)
        except (Damaged, IndexMismatch) as error:
            log.warning("generation %s is of no use: %s", older.name, error)
            continue
        note = quarantine.make_note(answering, str(damage), older)
        log.error("%s", note.text)
        quarantine.set_aside(index, note)
        aside = index / QUARANTINE / answering.name
        return Base(found.generation, found.manifest, aside if aside.is_dir() else None, found.vectors_damaged, True)
    log.error("generation %s is damaged (%s); all files are read again", answering.name, damage)
    return Base(damaged=answering if answering.is_dir() else None, mends=True)


def _sound(generation: Path, index: Path, recipe: Recipe, mode: str) -> Base:
    manifest, catalog = open_catalog(generation, recipe)
    catalog.close()
    if mode == "repair" and (reason := upkeep.broken(generation / CATALOG)):
        raise Damaged(reason)
    notes = quarantine.notes(index)
    return Base(
        generation,
        manifest,
        vectors_damaged=any(note.generation == generation.name for note in notes),
        mends=bool(notes) or mode == "repair" or (mode == "prune" and manifest.left_behind > 0),
    )
