"""Files of the same bytes: one document, read and searched once, and cited under all of its paths.

The document is that of the first path in the order of their characters; its format, and its title and date where the
file says none, come from that name. The others are in the table `also`.
"""

from collections.abc import Iterable, Mapping, Sequence

from assistant.ingest.parse import kind_of
from assistant.ingest.walk import SourceFile
from assistant.store.catalog import Catalog


def grouped(files: Iterable[tuple[SourceFile, str]]) -> list[list[SourceFile]]:
    """Files, each with its SHA-256, by what makes them one document: bytes, and the format these are read as.

    Returns:
        For each document its files, by path; documents in the order of their first files.
    """
    groups: dict[tuple[str, str], list[SourceFile]] = {}
    for file, sha in files:
        groups.setdefault((sha, kind_of(file.path)), []).append(file)
    return [sorted(group, key=lambda file: file.path) for group in groups.values()]


def others(catalog: Catalog) -> dict[str, list[str]]:
    """The other paths of each document that has some, sorted, by its first one."""
    found: dict[str, list[str]] = {}
    query = "SELECT d.path, a.path FROM also a JOIN documents d ON d.id = a.document_id ORDER BY d.path, a.path"
    for first, path in catalog.connection.execute(query):
        found.setdefault(first, []).append(path)
    return found


def set_others(catalog: Catalog, paths: Mapping[str, Sequence[str]]) -> None:
    """Replace the other paths of all documents; those of a document that is not there are left out."""
    db = catalog.connection
    db.execute("DELETE FROM also")
    rows = [(path, first) for first, group in paths.items() for path in group]
    db.executemany("INSERT INTO also SELECT ?, id FROM documents WHERE path = ?", rows)


def count(catalog: Catalog) -> int:
    """How many files are another path of a document."""
    (number,) = catalog.connection.execute("SELECT count(*) FROM also").fetchone()
    return int(number)
