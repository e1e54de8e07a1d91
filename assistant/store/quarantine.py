"""Generations that were found damaged: set aside, so that an older one answers, and told until a build mends it.

index/quarantine/000003.json   what was found, and when
index/quarantine/000003/       the generation, where it could not answer at all

The next build that makes a generation deletes both.
"""

import json
import logging
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import IndexMissing, UserError
from assistant.store import generations
from assistant.store.generations import QUARANTINE
from assistant.store.lock import writing

MEND = "mend it with: assistant doctor --repair, and the same --index"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """A generation that was found damaged: why, what answers since, and when that was seen (ISO 8601, UTC)."""

    generation: str  # or the name of the pointer, where that was damaged
    reason: str
    answers: str | None  # the generation that answers instead; None where its vectors are made anew by each reader
    at: str

    @property
    def text(self) -> str:
        """One line: what is wrong, and what to do."""
        if self.answers is None:
            made = "they are made anew from the catalog at each start"
            return f"the vectors of generation {self.generation} are damaged ({self.reason}); {made}; {MEND}"
        what = f"generation {self.generation}" if self.generation.isdecimal() else self.generation
        return f"{what} is damaged ({self.reason}); generation {self.answers} answers instead; {MEND}"


def make_note(generation: Path, reason: str, answers: Path | None) -> Note:
    """A note of now."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Note(generation.name, " ".join(reason.split())[:200], answers.name if answers else None, at)


def notes(index: Path) -> list[Note]:
    """What was found and is not mended yet."""
    found = []
    for path in sorted((index / QUARANTINE).glob("*.json")):
        with suppress(OSError, ValueError, TypeError):
            found.append(Note(**json.loads(path.read_text(encoding="utf-8"))))
    return found


def report(index: Path, note: Note) -> None:
    """Tell the log, and where this process may write and no other does, set aside what cannot answer."""
    log.error("%s", note.text)
    try:
        with writing(index, patience=0):
            set_aside(index, note)
    except (UserError, OSError):  # a build is under way and will see it, or the index may only be read
        return


def set_aside(index: Path, note: Note) -> None:
    """Keep a note, and let the older generation answer; for who holds the index for writing."""
    damaged = index / generations.GENERATIONS / note.generation
    try:
        answering = generations.live(index)
    except IndexMissing:
        answering = None  # the pointer itself is what was damaged
    if answering is not None and answering != damaged:
        return  # a build was faster
    folder = index / QUARANTINE
    folder.mkdir(exist_ok=True)
    generations.write(folder / f"{note.generation}.json", json.dumps(asdict(note)) + "\n")
    if note.answers is None:
        return
    generations.point(index, index / generations.GENERATIONS / note.answers)
    if damaged.is_dir():
        os.replace(damaged, folder / note.generation)


def clear(index: Path) -> None:
    """Delete what was set aside and its notes: the index has been mended."""
    shutil.rmtree(index / QUARANTINE, ignore_errors=True)
