"""What a catalog speaks of: its words by base form, as its full-text index has them, and years of documents."""

import sqlite3

from assistant.store.catalog import Catalog

# Views of the index, made anew for each connection; the file does not have them.
VIEWS = """
CREATE VIRTUAL TABLE IF NOT EXISTS temp.stems USING fts5vocab(main, words, row);
CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab(main, words, instance);
"""


def stems(catalog: Catalog, letter: str, shortest: int, longest: int) -> list[str]:
    """The base forms that begin with a letter and have so many letters, in alphabetical order."""
    query = "SELECT term FROM temp.stems WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
    rows = _views(catalog).execute(query, (letter, chr(ord(letter) + 1), shortest, longest))
    return [stem for (stem,) in rows]


def texts_with(catalog: Catalog, stem: str, limit: int) -> list[str]:
    """The search texts of the first passages that hold a word with this base form."""
    places = "SELECT DISTINCT doc FROM temp.places WHERE term = ? ORDER BY doc LIMIT ?"
    query = f"SELECT search_text FROM passages WHERE id IN ({places}) ORDER BY id"
    return [text for (text,) in _views(catalog).execute(query, (stem, limit))]


def dates_from(catalog: Catalog, year: str) -> bool:
    """Whether a document dates from a year, by its own date."""
    query = "SELECT EXISTS (SELECT 1 FROM documents WHERE date LIKE ? || '%')"
    return bool(catalog.connection.execute(query, (year,)).fetchone()[0])


def _views(catalog: Catalog) -> sqlite3.Connection:
    catalog.connection.executescript(VIEWS)
    return catalog.connection
