"""The files of a folder: those that can be read, and those that cannot, with the reason."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputError
from assistant.ingest.members import ENDING, Refused, list_members
from assistant.ingest.parse import Unreadable, cannot_read, kind_of
from assistant.ingest.patterns import Patterns
from assistant.types import Skipped


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file whose format is known. `path` is below the folder, with forward slashes.

    A file in a zip archive has the archive's path before its own; `absolute` is then the archive, `member` its name
    there, and `sha256` that of its bytes, unpacked.
    """

    path: str
    absolute: Path
    size: int  # bytes
    mtime_ns: int
    member: str = ""
    sha256: str = ""  # empty where the file is still to be hashed


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to be listed."""

    path: str
    absolute: Path


@dataclass(frozen=True, slots=True)
class _Archive:
    """A zip archive to be listed."""

    path: str
    absolute: Path
    mtime_ns: int


_Found = SourceFile | Skipped | _Folder | _Archive


EVERY = Patterns()


def walk(folder: Path, patterns: Patterns = EVERY) -> Iterator[SourceFile | Skipped]:
    """Every file of a folder and the folders in it, sorted by path.

    Left out without a word, by rule: files and folders whose names begin with a dot, and index folders
    (those that hold a file `CURRENT` or `lock` beside a folder `generations`), and what `patterns` leave out. All
    else that is not read is reported.
    What is in a zip archive is found like what is in a folder, but in archives inside it.
    A link is followed where it leads to a hidden place inside the folder, as in mounted volumes; what it
    leads to elsewhere inside is read in its own place.

    Raises:
        InputError: `folder` is no folder, is an index, or cannot be listed.
    """
    if not folder.exists():
        raise InputError(f"no such folder: {folder}; give a folder of documents")
    if not folder.is_dir():
        raise InputError(f"not a folder: {folder}; give a folder of documents")
    if _is_index(folder):
        raise InputError(f"an index, not documents: {folder}; give a folder of documents")
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise InputError(f"cannot list {folder}: {error.strerror}; give a folder that you may read") from error
    return _walk(folder.resolve(), patterns)


def _walk(root: Path, patterns: Patterns) -> Iterator[SourceFile | Skipped]:
    waiting: list[_Found] = [_Folder("", root)]  # the next one last; a folder may be nested deeper than calls may be
    followed: set[Path] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, _Folder):
            if not found.path or patterns.enters(found.path):
                waiting += reversed(_listed(found, root, followed))
        elif isinstance(found, _Archive):
            if patterns.takes(found.path):
                yield from _packed(found)
        elif patterns.takes(found.path):
            yield found


def _listed(folder: _Folder, root: Path, followed: set[Path]) -> list[_Found]:
    """What is in a folder, sorted so that all paths below it come out in order."""
    if folder.path and _is_index(folder.absolute):
        return []
    try:
        with os.scandir(folder.absolute) as entries:
            found = [_found(entry, folder, root, followed) for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        return [Skipped(folder.path or ".", f"its files cannot be listed: {(error.strerror or '').lower()}")]
    return sorted(found, key=lambda each: each.path + "/" * isinstance(each, _Folder | _Archive))


def _found(entry: os.DirEntry[str], folder: _Folder, root: Path, followed: set[Path]) -> _Found:
    path = f"{folder.path}/{entry.name}" if folder.path else entry.name
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        return Skipped(shown, "its name is not valid UTF-8; rename it")
    if entry.name.startswith("~$"):
        return Skipped(path, "a lock file, which an office program leaves while a document is open")
    try:
        if entry.is_symlink():
            return _linked(entry, path, root, followed)
        if entry.is_dir():
            return _Folder(path, folder.absolute / entry.name)
        return _file(entry, path, folder.absolute / entry.name)
    except OSError as error:
        return Skipped(path, cannot_read(error))


def _linked(entry: os.DirEntry[str], path: str, root: Path, followed: set[Path]) -> _Found:
    """What a link leads to, where that is not read in its own place."""
    try:
        target = Path(entry.path).resolve(strict=True)
    except FileNotFoundError:
        return Skipped(path, "a link that leads nowhere")
    except (OSError, RuntimeError):  # RuntimeError: before Python 3.13, for a link in a circle
        return Skipped(path, "a link that cannot be followed")
    if not target.is_relative_to(root):
        return Skipped(path, "a link that leads outside the folder")
    inside = target.relative_to(root)
    if not any(part.startswith(".") for part in inside.parts):
        return Skipped(path, f"a link to {inside.as_posix()}, which is read in its own place")
    if not entry.is_dir():
        return _file(entry, path, target)
    if target in followed:
        return Skipped(path, "a link to a folder that is read through another link")
    followed.add(target)
    return _Folder(path, target)


def _packed(archive: _Archive) -> Iterator[SourceFile | Skipped]:
    """What is in a zip archive."""
    for found in list_members(archive.absolute):
        path = f"{archive.path}/{found.path}" if found.path else archive.path
        if isinstance(found, Refused):
            yield Skipped(path, found.reason)
        else:
            yield SourceFile(path, archive.absolute, found.size, archive.mtime_ns, found.name, found.sha256)


def _file(entry: os.DirEntry[str], path: str, absolute: Path) -> SourceFile | Skipped | _Archive:
    if not entry.is_file():
        return Skipped(path, "it is not a regular file")
    if path.lower().endswith(ENDING):
        return _Archive(path, absolute, entry.stat().st_mtime_ns)
    try:
        kind_of(path)
    except Unreadable as error:
        return Skipped(path, str(error))
    status = entry.stat()
    return SourceFile(path, absolute, status.st_size, status.st_mtime_ns)


def _is_index(folder: Path) -> bool:
    signs = (folder / "CURRENT").is_file() or (folder / "lock").is_file()  # the latter while the first build runs
    return signs and (folder / "generations").is_dir()
