"""Generations: whole indexes side by side, and a pointer to the one that answers.

    index/CURRENT                 the name of the generation that answers, one line
    index/generations/000001/     catalog.sqlite, chroma/, manifest.json
    index/lock                    held by the process that builds

A generation is written beside the one that answers and never after it has answered. The swap is one rename of
`CURRENT`, after everything it points to is on the disk; a kill at any moment leaves the old index or the new.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexMismatch, IndexMissing, InputError
from assistant.store.catalog import SCHEMA_VERSION

POINTER = "CURRENT"
GENERATIONS = "generations"
CATALOG = "catalog.sqlite"
VECTORS = "chroma"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What must be the same for vectors and passages of two builds to go together."""

    embedder: str
    embedder_digest: str
    target_tokens: int
    max_tokens: int
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished generation says of itself."""

    generation: str
    built_at: str  # ISO 8601, UTC
    folder: str  # the folder that was indexed, as an absolute path
    documents: int
    passages: int
    vectors: int
    skipped: int
    recipe: Recipe


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexMismatch: it was written by another version of the program, or is damaged.
    """
    try:
        data = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        recipe = Recipe(**data.pop("recipe"))
        return Manifest(recipe=recipe, **data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexMismatch(
            f"the index in {generation.parent.parent} cannot be read by this version; "
            "build it anew with: assistant index FOLDER --rebuild, and the same --index"
        ) from error


def check_recipe(built: Recipe, wanted: Recipe) -> None:
    """Raise IndexMismatch, saying what differs, unless both recipes are the same."""
    for name, old in asdict(built).items():
        new = asdict(wanted)[name]
        if old != new:
            what = name.replace("_", " ")
            raise IndexMismatch(
                f"the index was built with {what} {str(old)[:60]!r}, the present one is {str(new)[:60]!r}; "
                "rebuild it with: assistant index FOLDER --rebuild, and the same --index"
            )


def live(index: Path) -> Path | None:
    """The folder of the generation that answers, or None where nothing was built yet."""
    try:
        name = (index / POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    folder = index / GENERATIONS / name
    if not name or "/" in name or not folder.is_dir():
        raise IndexMissing(
            f"{index / POINTER} names no generation that exists; build it anew with: "
            "assistant index FOLDER --rebuild, and the same --index"
        )
    return folder


def require_live(index: Path) -> Path:
    """The folder of the generation that answers.

    Raises:
        IndexMissing: nothing was built in `index` yet.
    """
    folder = live(index)
    if folder is None:
        raise IndexMissing(f"no index in {index} yet; build it with: assistant index FOLDER --index {index}")
    return folder


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for writing.

    Raises:
        IndexBusy: another process holds it.
        InputError: the folder cannot be written.
    """
    lock = FileLock(index / "lock", blocking=False)
    try:
        (index / GENERATIONS).mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(f"another process is building {index}; wait for it to end and try again") from error
    except OSError as error:
        raise InputError(f"cannot write the index in {index}: {error.strerror}; give another --index") from error
    try:
        yield
    finally:
        lock.release()


def begin(index: Path, copy_of: Path | None) -> Path:
    """A folder for a new generation, empty or starting as a copy of another one; leftovers are removed."""
    there = sorted((index / GENERATIONS).iterdir())
    # Numbers rather than times: a clock may be set back, and the newest must still come last.
    last = max((int(folder.name) for folder in there if folder.name.isdecimal()), default=0)
    new = index / GENERATIONS / f"{last + 1:06}"
    for folder in there:
        if not (folder / MANIFEST).exists():
            shutil.rmtree(folder)  # an interrupted build
    if copy_of is None:
        new.mkdir()
    else:
        shutil.copytree(copy_of, new, ignore=shutil.ignore_patterns(MANIFEST))
    return new


def swap(index: Path, generation: Path, manifest: Manifest) -> None:
    """Make a finished generation the one that answers: all of it to the disk, then one rename."""
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n"
    (generation / MANIFEST).write_text(text, encoding="utf-8")
    for path in sorted(generation.rglob("*")):
        _sync(path)
    _sync(generation)
    _sync(generation.parent)
    pending = index / f"{POINTER}.new"
    pending.write_text(generation.name + "\n", encoding="utf-8")
    _sync(pending)
    os.replace(pending, index / POINTER)
    _sync(index)


def prune(index: Path, keep: int) -> None:
    """Delete all but the newest `keep` finished generations; the one that answers always stays."""
    answering = require_live(index)
    folders = sorted(f for f in (index / GENERATIONS).iterdir() if f != answering)
    for folder in folders[: max(0, len(folders) - (keep - 1))]:
        (folder / MANIFEST).unlink(missing_ok=True)  # half deleted, it must not pass for finished
        shutil.rmtree(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
