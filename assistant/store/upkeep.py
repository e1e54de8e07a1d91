"""What is done to a catalog as a whole: checked, mended, and cleared of what was deleted."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.store.catalog import Catalog, vector_key
from assistant.store.resume import is_whole

# The words are kept without the text, and by `spaced`, which catalogs that are opened for writing know.
FILL_WORDS = "INSERT INTO words(rowid, search_text) SELECT id, spaced(search_text) FROM passages"


@contextmanager
def durable(catalog: Catalog) -> Iterator[None]:
    """Let each commit wait for the disk: what it wrote outlives a loss of power, too."""
    catalog.commit()
    catalog.connection.execute("PRAGMA synchronous = FULL")
    try:
        yield
    finally:
        catalog.connection.rollback()  # of nothing, unless an error broke off the work
        catalog.connection.execute("PRAGMA synchronous = OFF")


def forget(catalog: Catalog, thoroughly: bool) -> None:
    """Clear the file of what was deleted from it.

    SQLite overwrites deleted rows (`secure_delete`), but a deleted text's words stay in FTS5's segments until these
    are merged. `thoroughly` writes the whole file anew as well.
    """
    db = catalog.connection
    db.execute("INSERT INTO words(words) VALUES ('optimize')")
    catalog.commit()
    if thoroughly:
        db.execute("VACUUM")


def mend(catalog: Catalog) -> None:
    """Make the words anew from the passages, and drop vectors that are not whole."""
    db = catalog.connection
    db.execute("INSERT INTO words(words) VALUES ('delete-all')")
    db.execute(FILL_WORDS)
    db.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in bad_vectors(db)])
    catalog.commit()


def words_agree(catalog: Catalog) -> bool:
    """Whether the words are those of the passages; the catalog has to be a copy, which this writes to.

    Raises:
        sqlite3.DatabaseError: the words cannot be read.
    """
    db = catalog.connection
    db.execute("INSERT INTO words(words) VALUES ('integrity-check')")
    db.execute("CREATE VIRTUAL TABLE temp.found USING fts5vocab(main, words, instance)")
    found = "SELECT term, doc, offset FROM temp.found"
    db.execute(f"CREATE TEMP TABLE before AS {found}")
    mend(catalog)
    were = "SELECT term, doc, offset FROM temp.before"
    pairs = ((found, were), (were, found))
    return not any(db.execute(f"{one} EXCEPT {other} LIMIT 1").fetchone() for one, other in pairs)


def broken(path: Path) -> str | None:
    """What is wrong with the file of a catalog, by SQLite's own check, or None."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            (first,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            unowned = db.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        return f"its catalog cannot be read: {error}"
    if first != "ok":
        return f"its catalog is damaged: {first}"
    return None if unowned is None else f"its catalog is damaged: rows of {unowned[0]} belong to nothing"


def bad_vectors(db: sqlite3.Connection) -> list[str]:
    """The keys of vectors that are not of length one, or not as long as the others."""
    lengths = [n for (n,) in db.execute("SELECT length(vector) FROM vectors GROUP BY 1 ORDER BY count(*) DESC")]
    rows = db.execute("SELECT key, vector FROM vectors ORDER BY key")
    return [key for key, blob in rows if len(blob) != lengths[0] or not is_whole(blob)]


def distrusted(path: Path) -> set[str]:
    """The paths of documents whose passages or sentences are not what their text says."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        documents = list(db.execute("SELECT id, path FROM documents ORDER BY path"))
        return {name for number, name in documents if not _consistent(db, number)}


def _consistent(db: sqlite3.Connection, document: int) -> bool:
    (text,) = db.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()
    passages = db.execute(
        "SELECT id, start, end, text, search_text, vector_key FROM passages WHERE document_id = ?", (document,)
    )
    whole = False
    for number, start, end, part, search_text, key in passages:
        whole = True
        if text[start:end] != part or vector_key(search_text) != key:
            return False
        (outside,) = db.execute(
            "SELECT count(*) FROM sentences WHERE passage_id = ? AND NOT (? <= start AND start < end AND end <= ?)",
            (number, start, end),
        ).fetchone()
        if outside:
            return False
    return whole
