"""The files of an index, those that it does not hold among them, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, get_args

from assistant.filter import Filter
from assistant.store.catalog import Catalog
from assistant.store.selection import BELOW, CONDITIONS

State = Literal["indexed", "copy", "not indexed"]
STATES: tuple[State, ...] = get_args(State)
MOST_FOLDERS = 500  # named to choose from
FILES = """
WITH files AS (
  SELECT 'indexed' AS state, path, title, kind, date, language, id, '' AS why FROM documents
  UNION ALL
  SELECT 'copy', a.path, d.title, d.kind, d.date, d.language, d.id, d.path FROM also a
    JOIN documents d ON d.id = a.document_id
  UNION ALL
  SELECT 'not indexed', path, '', NULL, NULL, NULL, NULL, reason FROM skipped
)
"""
ORDERS = {"path": "path", "date": "date IS NULL, date DESC, path", "type": "kind IS NULL, kind, path"}


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file of the indexed folders. What a file that was not indexed would be is not known: None, 0 or empty."""

    state: State
    path: str
    title: str
    kind: str | None
    date: str | None
    language: str | None
    pages: int  # 0 where the format has none
    passages: int
    why: str  # of a copy the path of its document; why a file was not indexed; else empty


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """Which files: those for which all holds that is given. Each of `words` is in the path or the title."""

    words: tuple[str, ...] = ()
    state: State | None = None
    filter: Filter = Filter()


def count_files(catalog: Catalog, wanted: LibraryQuery) -> int:
    """How many files match."""
    conditions, values = _conditions(wanted)
    (count,) = catalog.connection.execute(f"{FILES} SELECT count(*) FROM files WHERE {conditions}", values).fetchone()
    return int(count)


def list_files(catalog: Catalog, wanted: LibraryQuery, order: str, first: int, most: int) -> list[LibraryFile]:
    """The files that match, `most` of them from number `first` on, counted from 0.

    Args:
        catalog: an open catalog.
        wanted: which files.
        order: one of `ORDERS`; dates come newest first.
        first: how many are left out at the beginning.
        most: how many are wanted.
    """
    conditions, values = _conditions(wanted)
    # Pages lie behind the text of a document, so they are read for the files of this page of the list alone.
    query = f"""{FILES}
    SELECT f.state, f.path, f.title, f.kind, f.date, f.language,
      coalesce((SELECT json_array_length(d.pages) FROM documents d WHERE d.id = f.id), 0),
      (SELECT count(*) FROM passages p WHERE p.document_id = f.id), f.why
    FROM (SELECT * FROM files WHERE {conditions} ORDER BY {ORDERS[order]} LIMIT :most OFFSET :first) f
    """
    rows = catalog.connection.execute(query, {**values, "most": most, "first": first}).fetchall()
    return [LibraryFile(*row) for row in rows]


def count_kinds(catalog: Catalog) -> dict[str, int]:
    """How many documents there are of each format, the most frequent first."""
    return dict(catalog.connection.execute("SELECT kind, count(*) FROM documents GROUP BY kind ORDER BY 2 DESC, 1"))


def list_folders(catalog: Catalog) -> list[str]:
    """The folders, collections and archives that hold documents, sorted; the upper ones where there are too many."""
    found = {str(parent) for (path,) in catalog.connection.execute("SELECT path FROM documents") for parent in
             PurePosixPath(path).parents} - {"."}  # fmt: skip
    return sorted(sorted(found, key=lambda folder: (folder.count("/"), folder))[:MOST_FOLDERS])


def _conditions(wanted: LibraryQuery) -> tuple[str, Mapping[str, str]]:
    given = {name: getattr(wanted.filter, name) for name in CONDITIONS}
    values = {name: value for name, value in given.items() if value is not None}
    conditions = [BELOW if name == "folder" else CONDITIONS[name] for name in values]
    if wanted.state:
        conditions.append("state = :state")
        values["state"] = wanted.state
    for number, word in enumerate(wanted.words):
        name = f"word{number}"
        conditions.append(f"(path LIKE :{name} ESCAPE '\\' OR title LIKE :{name} ESCAPE '\\')")
        values[name] = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return " AND ".join(conditions) or "1", values
