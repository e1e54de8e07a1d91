"""The folders that are indexed together, each under a name."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import InputError
from assistant.ingest.patterns import Patterns
from assistant.ingest.walk import EVERY, SourceFile, walk
from assistant.types import Skipped

NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of documents, whose paths begin with its name; a folder that is indexed alone may have none ("")."""

    name: str
    folder: Path

    @property
    def prefix(self) -> str:
        """What the paths of its documents begin with."""
        return f"{self.name}/" if self.name else ""


def collections_of(folders: Mapping[str, Path]) -> tuple[Collection, ...]:
    """Collections by name, in the order of their documents' paths.

    Raises:
        InputError: a name cannot be used, or a folder is one of the others or lies in it.
    """
    found = sorted((Collection(name, folder) for name, folder in folders.items()), key=lambda each: each.prefix)
    for each in found:
        if not NAME.fullmatch(each.name):
            raise InputError(f"{each.name!r} is no name for a collection; use letters, digits, - and _")
    for one in found:
        for other in found:
            if one is not other and one.folder.resolve().is_relative_to(other.folder.resolve()):
                raise InputError(
                    f"{one.name} ({one.folder}) lies in {other.name} ({other.folder}), and its documents would be "
                    f"indexed twice; name one of them alone: questions can be restricted to a folder of a collection"
                )
    return tuple(found)


def require_named(before: Mapping[str, str], now: Sequence[Collection], drop: Set[str]) -> None:
    """Check that no collection leaves an index because its name was forgotten.

    One that is there under another name does not leave it, nor one whose name another folder has now, which was none
    of the others: a folder may be moved, and one without a name exchanged.

    Args:
        before: the folders that were indexed, by name.
        now: what is to be indexed.
        drop: names of those that may leave.

    Raises:
        InputError: one that was indexed is neither among the present ones nor dropped.
    """
    folders = {each.name: str(each.folder.resolve()) for each in now}
    for name, folder in before.items():
        moved = name in folders and folders[name] not in before.values()
        if moved or folder in folders.values() or name in drop:
            continue
        if name:
            raise InputError(
                f"the index holds the collection {name} ({folder}), which was not named; name it as well, or take it "
                f"out with: --drop {name}"
            )
        raise InputError(
            f"the index holds {folder} without a name, which was not named; name it as well, as in docs={folder}, or "
            "build anew without it: --rebuild"
        )


def require_files(now: Sequence[Collection], found: Sequence[SourceFile | Skipped], outdated: Sequence[str]) -> None:
    """Check that no collection is to lose all its documents because a disk is not there.

    Args:
        now: what is to be indexed.
        found: what is in their folders.
        outdated: paths whose documents are to leave the index.

    Raises:
        InputError: one that had documents is empty.
    """
    for each in now:
        gone = each.name and any(path.startswith(each.prefix) for path in outdated)
        if gone and not any(item.path.startswith(each.prefix) for item in found):
            raise InputError(
                f"the collection {each.name} ({each.folder}) had documents and is empty; if it is not for want of a "
                f"disk, take it out with: --drop {each.name}"
            )


def told(folders: Mapping[str, str]) -> str:
    """Folders by name, for people."""
    return ", ".join(f"{name}={folder}" if name else folder for name, folder in folders.items())


def walk_all(collections: Sequence[Collection], patterns: Patterns = EVERY) -> Iterator[SourceFile | Skipped]:
    """Every file of these collections, as `walk` finds it in each; paths begin with the collection's name.

    Raises:
        InputError: as for `walk`, before the first file.
    """
    walks = [(each.prefix, walk(each.folder, patterns)) for each in collections]
    return (replace(item, path=prefix + item.path) for prefix, items in walks for item in items)
