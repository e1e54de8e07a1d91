"""Where the file of a document lies: its path goes through folders and at most one archive."""

from collections.abc import Mapping
from pathlib import Path

from assistant.ingest.members import ENDING, member_at
from assistant.ingest.parse import Unreadable
from assistant.ingest.walk import SourceFile

GONE = "its file is not there any more"


def locate(path: str, folders: Mapping[str, str]) -> SourceFile:
    """The file of a document.

    Args:
        path: the document's path, as the index has it.
        folders: the folders that are indexed, by the name that the paths begin with; "" for one without a name.

    Raises:
        Unreadable: it is not there any more, or has come to lie outside its folder.
    """
    name, _, rest = path.partition("/")
    folder, below = (folders[name], rest) if rest and name in folders else (folders.get(""), path)
    parts = below.split("/")
    if folder is None or any(part in ("", ".", "..") for part in parts):
        raise Unreadable(GONE)
    root = Path(folder).resolve()
    place = root
    for number, part in enumerate(parts, start=1):
        place = place / part
        last = number == len(parts)
        if not last and part.lower().endswith(ENDING) and place.is_file():
            member = member_at(_inside(place, root), "/".join(parts[number:]))
            if member is None:
                raise Unreadable(GONE)
            return SourceFile(path, _inside(place, root), 0, 0, member)
    if not place.is_file():
        raise Unreadable(GONE)
    return SourceFile(path, _inside(place, root), 0, 0)


def _inside(place: Path, root: Path) -> Path:
    """The place, links followed; a link may have been laid since the folder was walked."""
    found = place.resolve()
    if not found.is_relative_to(root):
        raise Unreadable("it lies outside its folder now")
    return found
