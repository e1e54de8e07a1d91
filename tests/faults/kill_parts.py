"""A folder that changes, processes that are forked and killed, and the points at which they are."""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.update(TOKENIZERS_PARALLELISM="false", OMP_NUM_THREADS="1", ANONYMIZED_TELEMETRY="False")

import chromadb  # noqa: E402, F401 - imported once here, and not by every process that is forked

from assistant.store import build, copies, generations, quarantine, resume, upkeep  # noqa: E402
from assistant.store.catalog import Catalog  # noqa: E402
from assistant.store.vectors import VectorStore  # noqa: E402

# Where a build is killed: what is called there, and how often it may have been called before.
POINTS: dict[str, tuple[Any, str, int]] = {
    "plan": (build, "make_plan", 1),
    "begin": (generations, "begin", 1),
    "small file": (generations, "write", 4),
    "rename": (os, "replace", 4),
    "document removed": (Catalog, "remove", 6),
    "document added": (Catalog, "add", 6),
    "vectors kept": (Catalog, "add_vectors", 3),
    "commit": (Catalog, "commit", 5),
    "resume": (build, "resume", 1),
    "vectors taken over": (resume, "take_vectors", 1),
    "orphan vectors": (Catalog, "remove_orphan_vectors", 1),
    "forget": (upkeep, "forget", 1),
    "mend": (upkeep, "mend", 1),
    "chroma opened": (VectorStore, "__init__", 3),
    "chroma add": (VectorStore, "add", 3),
    "chroma remove": (VectorStore, "remove", 1),
    "chroma filled": (build, "store_vectors", 1),
    "verify": (build, "verify", 1),
    "manifest": (build, "_describe", 1),
    "swap": (generations, "swap", 1),
    "sync": (generations, "sync", 12),
    "pointer": (generations, "point", 1),
    "quarantine": (quarantine, "set_aside", 1),
    "quarantine cleared": (quarantine, "clear", 1),
    "leftovers": (generations, "leftovers", 2),
    "generation removed": (generations, "remove", 2),
    "folder removed": (shutil, "rmtree", 3),
    "prune": (generations, "prune", 1),
    "copies": (copies, "sweep", 1),
}
STEP = 16  # vectors a commit, so that a kill finds some of them done
WAIT = 120.0  # seconds that a build may take
STREETS = ("Harbour", "Mill", "Castle", "Garden", "Station", "Bridge", "Market", "Abbey", "Quarry", "Orchard")


@dataclass
class Told:
    """What was counted."""

    kills: int = 0
    points: dict[str, int] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    not_reached: int = 0
    finished: int = 0
    embedded: int = 0
    resumed: int = 0
    asked: int = 0
    generations: int = 0


class Folder:
    """The documents, and what each generation may say of them."""

    def __init__(self, path: Path, count: int, chance: random.Random) -> None:
        self.path, self.chance, self.texts = path, chance, dict[str, str]()
        self.before: dict[str, str] = {}
        path.mkdir()
        for _ in range(count):
            self._write(self._new_name())

    def change(self) -> None:
        """Change, add, copy, delete and rename some files."""
        self.before = dict(self.texts)
        for _ in range(self.chance.randint(1, 6)):
            name = self.chance.choice(sorted(self.texts))
            match self.chance.choice(("change", "change", "add", "copy", "delete", "rename")):
                case "change":
                    self._write(name)
                case "add":
                    self._write(self._new_name())
                case "copy":
                    new = self._new_name()
                    shutil.copy(self.path / name, self.path / new)
                    self.texts[new] = self.texts[name]
                case "delete" if len(self.texts) > 10:
                    (self.path / name).unlink()
                    del self.texts[name]
                case "rename":
                    new = self._new_name()
                    (self.path / name).rename(self.path / new)
                    self.texts[new] = self.texts.pop(name)

    def may_say(self) -> list[dict[str, str]]:
        """The states that a build of now may have seen; while watched, a build may begin amid the changes."""
        return [self.texts.copy(), self.before]

    def _new_name(self) -> str:
        return f"{self.chance.choice(STREETS).lower()}-{self.chance.getrandbits(48):012x}.txt"

    def _write(self, name: str) -> None:
        mark = f"{self.chance.getrandbits(48):012x}"
        self.texts[name] = (
            f"House {mark} in {self.chance.choice(STREETS)} Street has {self.chance.randint(2, 90)} windows."
        )
        (self.path / name).write_text(self.texts[name] + "\n")


def forked(work: Callable[[], Any], out: Path) -> int:
    """Do some work in a process of its own, which writes what it returns, as JSON, to `out`; return its id."""
    out.unlink(missing_ok=True)
    if child := os.fork():
        return child
    code = 1
    try:
        out.write_text(json.dumps(work()))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(child: int, seconds: float) -> int | None:
    """The exit status of a process (negative: the signal), or None where it is still running after so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    return None


def kill_at(point: str, nth: int, before: bool) -> None:
    """Let this process kill itself at the `nth` call of a point, before or after it."""
    owner, name, _ = POINTS[point]
    called, count = getattr(owner, name), 0

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if count == nth and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = called(*args, **kwargs)
        if count == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def keys_of(generation: Path) -> set[str]:
    """The keys of the vectors in a catalog, looked up in a copy of it: opening may change it."""
    with tempfile.TemporaryDirectory() as work:
        for path in generation.glob(f"{generations.CATALOG}*"):
            shutil.copy(path, work)
        try:
            db = sqlite3.connect(Path(work, generations.CATALOG))
            rows = list(db.execute("SELECT key, vector FROM vectors"))
            db.close()
        except sqlite3.DatabaseError:
            return set()
    return {key for key, blob in rows if resume.is_whole(blob)}


def void(_: object) -> None:
    """Nothing, whatever it is given."""
