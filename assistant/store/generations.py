"""Generations: whole indexes side by side, and a pointer to the one that answers.

    index/CURRENT                 the name of the generation that answers, one line
    index/generations/000001/     catalog.sqlite, chroma/, manifest.json
    index/quarantine/             generations that were found damaged, and what was wrong with them
    index/lock, index/lock.owner  held by the process that builds, and who that is

A generation is written beside the one that answers and never after it has answered. Its manifest is written when
all else of it is on the disk, so one that has a manifest is finished; until then `building.json` says what it is
to become. The swap is one rename of `CURRENT`: a kill at any moment leaves the old index or the new.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import IndexMismatch, IndexMissing
from assistant.store.schema import SCHEMA_VERSION

POINTER = "CURRENT"
GENERATIONS = "generations"
QUARANTINE = "quarantine"
CATALOG = "catalog.sqlite"
VECTORS = "chroma"
MANIFEST = "manifest.json"
BUILDING = "building.json"


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
    folders: dict[str, str]  # collections by name, as absolute paths; a folder without a name is ""
    documents: int  # files of the same bytes are one; `copies` counts their other paths
    passages: int
    vectors: int
    skipped: int
    recipe: Recipe
    copies: int = 0
    left_behind: int = 0  # vectors taken out of Chroma since it was made anew: their bytes stay in its files

    @property
    def counted(self) -> str:
        """How many documents it holds, and how many files are copies of one of them."""
        copies = f" and {self.copies} {'copy' if self.copies == 1 else 'copies'} of these" if self.copies else ""
        return f"{self.documents} documents{copies}"


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexMismatch: it was written by another version of the program, or is damaged.
    """
    try:
        text = (generation / MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return parse_manifest(text, generation)


def parse_manifest(text: str, generation: Path) -> Manifest:
    """The same from its text."""
    try:
        data = json.loads(text)
        recipe = Recipe(**data.pop("recipe"))
        return Manifest(recipe=recipe, **data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexMismatch(
            f"the index in {generation.parent.parent} cannot be read by this version; "
            "build it anew with: assistant index FOLDER --rebuild, and the same --index"
        ) from error


def indexed(index: Path) -> dict[str, str]:
    """The folders that the newest readable generation was built from, by name; none where there is no such one."""
    for generation in finished(index):
        try:
            return read_manifest(generation).folders
        except IndexMismatch:
            continue
    return {}


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
    except (OSError, UnicodeDecodeError):
        name = ""
    folder = index / GENERATIONS / name
    if not name or "/" in name or name.startswith(".") or not folder.is_dir():
        raise IndexMissing(
            f"{index / POINTER} names no generation that exists; mend it with: assistant doctor --repair, or build "
            "it anew with: assistant index FOLDER --rebuild, and the same --index"
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


def all_of(index: Path) -> list[Path]:
    """Every generation, finished or not, the newest last."""
    try:
        return sorted(folder for folder in (index / GENERATIONS).iterdir() if folder.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def finished(index: Path) -> list[Path]:
    """The finished generations, the newest first."""
    return [folder for folder in reversed(all_of(index)) if (folder / MANIFEST).is_file()]


def leftovers(index: Path) -> list[Path]:
    """What builds that were cut short left: generations that never answered, the newest first."""
    try:
        answering = live(index)
    except IndexMissing:
        answering = None
    newest = answering.name if answering else ""
    return [g for g in reversed(all_of(index)) if not (g / MANIFEST).is_file() or g.name > newest]


def begin(index: Path, copy_of: Path | None, recipe: Recipe, reuses: bool = True) -> Path:
    """A folder for a new generation, empty or starting as a copy of another one.

    Args:
        index: the index.
        copy_of: the generation to start from.
        recipe: what it is to be built by.
        reuses: whether vectors of earlier builds may be in it; an interrupted one is taken up only by its like.
    """
    # Numbers rather than times: a clock may be set back, and the newest must still come last. No number comes
    # again, or a server that has seen it would not look.
    names = [folder.name for folder in all_of(index)] + [p.stem for p in (index / QUARANTINE).glob("*")]
    last = max((int(name) for name in names if name.isdecimal()), default=0)
    new = index / GENERATIONS / f"{last + 1:06}"
    new.mkdir(parents=True)
    try:
        write(new / BUILDING, json.dumps({"recipe": asdict(recipe), "reuses": reuses}))
        if copy_of is not None:
            shutil.copytree(copy_of, new, ignore=shutil.ignore_patterns(MANIFEST), dirs_exist_ok=True)
    except BaseException:  # a full disk above all, on which nothing half-made must stay
        shutil.rmtree(new, ignore_errors=True)
        raise
    return new


def began_as(generation: Path) -> tuple[Recipe, bool] | None:
    """What `begin` was told of a generation, or None where that cannot be read."""
    try:
        data = json.loads((generation / BUILDING).read_text(encoding="utf-8"))
        return Recipe(**data["recipe"]), bool(data["reuses"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def swap(index: Path, generation: Path, manifest: Manifest) -> None:
    """Make a built generation the one that answers: all of it to the disk, its manifest, then one rename."""
    for path in sorted(generation.rglob("*")):
        sync(path)
    write(generation / MANIFEST, json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n")
    (generation / BUILDING).unlink(missing_ok=True)
    sync(generation)
    sync(generation.parent)
    point(index, generation)


def point(index: Path, generation: Path) -> None:
    """Make a finished generation the one that answers."""
    write(index / POINTER, generation.name + "\n")
    sync(index.resolve().parent)  # the index may be new itself


def prune(index: Path, keep: int) -> None:
    """Delete all but the newest `keep` finished generations; the one that answers always stays."""
    answering = require_live(index)
    folders = [folder for folder in all_of(index) if folder != answering]
    for folder in folders[: max(0, len(folders) - (keep - 1))]:
        remove(folder)


def remove(generation: Path) -> None:
    """Delete a generation that does not answer."""
    (generation / MANIFEST).unlink(missing_ok=True)  # half deleted, it must not pass for finished
    shutil.rmtree(generation)


def write(path: Path, text: str) -> None:
    """Replace a small file, so that it is whole and on the disk, or as it was."""
    pending = path.with_name(path.name + ".new")
    pending.write_text(text, encoding="utf-8")
    sync(pending)
    os.replace(pending, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
