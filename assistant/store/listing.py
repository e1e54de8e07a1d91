"""The documents of an index, listed page by page."""

import json
from dataclasses import dataclass
from typing import Any

from assistant.filter import Filter
from assistant.store.catalog import Catalog
from assistant.store.selection import CONDITIONS

_COLUMNS = (
    "path, sha256, title, kind, language, date, length(text), json_array_length(pages),"
    " (SELECT count(*) FROM passages WHERE document_id = documents.id),"
    " (SELECT json_group_array(path) FROM (SELECT path FROM also WHERE document_id = documents.id ORDER BY path))"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What is said of a document without its text; `characters` are code points of the stored text."""

    document: str  # its path, as citations have it
    sha256: str
    title: str
    type: str
    language: str | None
    date: str | None
    characters: int
    pages: int
    passages: int
    also: tuple[str, ...]


def count_documents(catalog: Catalog, wanted: Filter | None) -> int:
    """How many documents match."""
    condition, values = _condition(wanted)
    (count,) = catalog.connection.execute(f"SELECT count(*) FROM documents WHERE {condition}", values).fetchone()
    return int(count)


def list_documents(catalog: Catalog, wanted: Filter | None, after: str, limit: int) -> list[Listed]:
    """The first `limit` documents that match and whose path comes after `after`, by path."""
    condition, values = _condition(wanted)
    query = f"SELECT {_COLUMNS} FROM documents WHERE path > :after AND {condition} ORDER BY path LIMIT :limit"
    return [_listed(row) for row in catalog.connection.execute(query, values | {"after": after, "limit": limit})]


def find_listed(catalog: Catalog, sha256: str, kind: str) -> Listed | None:
    """The document that was read from these bytes in this format, or None."""
    query = f"SELECT {_COLUMNS} FROM documents WHERE sha256 = ? AND kind = ?"
    row = catalog.connection.execute(query, (sha256, kind)).fetchone()
    return _listed(row) if row else None


def _condition(wanted: Filter | None) -> tuple[str, dict[str, str | int]]:
    values = {name: value for name in CONDITIONS if (value := getattr(wanted, name, None)) is not None}
    return " AND ".join(["1", *(CONDITIONS[name] for name in values)]), values


def _listed(row: tuple[Any, ...]) -> Listed:
    values = dict(zip(Listed.__slots__, row, strict=True))
    return Listed(**{**values, "also": tuple(json.loads(values["also"]))})
