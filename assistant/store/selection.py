"""The part of an index that a filter leaves. For who searches it, there are no other documents.

Its catalog is the index's own over a connection in which views of the same names hide the other documents, so that
nothing that is read from it, now or by what is yet to be written, can come from them. BM25 weighs words by all
passages still: FTS5 knows no other statistics.
"""

import json
import sqlite3
import weakref
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError
from assistant.filter import Filter
from assistant.store.catalog import Catalog
from assistant.store.vectors import VectorStore

# From this share of the vectors on, Chroma is asked for more than is wanted, and what does not match is left out. Of
# a smaller one, or where too few are left, the cosines of all that match are computed.
LARGE = 0.5
SPARE = 4  # times as many as would leave enough if the filter had nothing to do with meaning
# The vectors of so many passages are read by themselves (3 MB): the others need not be in memory for them.
FEW = 2_000

HIDE = """
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY);
CREATE TEMP TABLE allowed (id INTEGER PRIMARY KEY);
CREATE TEMP TABLE shown (id INTEGER PRIMARY KEY, path TEXT);
CREATE TEMP VIEW documents AS SELECT * FROM main.documents WHERE id IN (SELECT id FROM temp.chosen);
CREATE TEMP VIEW passages AS SELECT * FROM main.passages WHERE document_id IN (SELECT id FROM temp.chosen);
"""
BELOW = "(path = :folder OR path >= :folder || '/' AND path < :folder || '0')"  # 0 is what comes after /
# A document of which only copies lie in the folder is shown under the first of their paths.
OUTSIDE = f"""
INSERT INTO temp.shown SELECT document_id, min(path) FROM main.also
WHERE {BELOW} AND document_id IN (SELECT id FROM temp.chosen)
AND document_id NOT IN (SELECT id FROM main.documents WHERE {BELOW}) GROUP BY document_id
"""
RENAME = """
DROP VIEW temp.documents;
CREATE TEMP VIEW documents AS
SELECT d.id, coalesce(s.path, d.path) AS path, sha256, kind, title, date, language, text, blocks, pages
FROM main.documents d LEFT JOIN temp.shown s ON s.id = d.id WHERE d.id IN (SELECT id FROM temp.chosen);
CREATE TEMP VIEW also AS
SELECT path, document_id FROM main.also WHERE path NOT IN (SELECT path FROM temp.shown)
UNION ALL SELECT d.path, d.id FROM main.documents d JOIN temp.shown s ON s.id = d.id;
"""
CHOOSE = "INSERT INTO temp.chosen SELECT id FROM main.documents WHERE "
ALLOW = "INSERT INTO temp.allowed SELECT id FROM main.passages WHERE document_id IN (SELECT id FROM temp.chosen)"
KEYS = "SELECT DISTINCT vector_key FROM passages"
VECTORS = f"SELECT key, vector FROM vectors WHERE key IN ({KEYS}) ORDER BY rowid"
HELD = f"{KEYS} WHERE vector_key IN (SELECT value FROM json_each(?))"
# Two dates overlap unless, as far as both are known, one is before the other.
CONDITIONS = {
    "folder": f"({BELOW} OR id IN (SELECT document_id FROM main.also WHERE {BELOW}))",  # copies have several paths
    "type": "kind = :type",
    "language": "language = :language",
    "since": "substr(date, 1, length(:since)) >= substr(:since, 1, length(date))",
    "until": "substr(date, 1, length(:until)) <= substr(:until, 1, length(date))",
}


class AllVectors:
    """The vectors of a catalog in memory, once the first of them is asked for: 1.5 kB each, of 384 dimensions."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def keys(self) -> list[str]:
        """Their keys, in the order of the rows."""
        return [key for (key,) in self._catalog.connection.execute("SELECT key FROM vectors ORDER BY rowid")]

    @cached_property
    def rows(self) -> NDArray[np.float32]:
        """A row for each."""
        blobs = self._catalog.connection.execute("SELECT vector FROM vectors ORDER BY rowid")
        first = np.frombuffer(next(blobs)[0], np.float32)
        rows = np.empty((len(self.keys), len(first)), np.float32)
        rows[0] = first
        for number, (blob,) in enumerate(blobs, start=1):
            rows[number] = np.frombuffer(blob, np.float32)
        return rows


class Selection:
    """What matches a filter, searched as an index is."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, every: AllVectors, wanted: Filter) -> None:
        """Select from an open catalog and its vectors.

        Raises:
            InputError: nothing matches.
        """
        uri = f"{catalog.path.resolve().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        weakref.finalize(self, db.close)  # not before the last who searches it is done
        values = {name: value for name in CONDITIONS if (value := getattr(wanted, name)) is not None}
        db.executescript(HIDE)
        db.execute(CHOOSE + " AND ".join(["1", *(CONDITIONS[name] for name in values)]), values)
        db.execute(ALLOW)
        if wanted.folder is not None and db.execute(OUTSIDE, values).rowcount:
            db.executescript(RENAME)  # not where nothing is renamed: no index finds a path in this view
        db.commit()
        self.catalog = Catalog(catalog.path, db, " AND +rowid IN (SELECT id FROM temp.allowed)")
        self._vectors, self._every = vectors, every
        self._count = int(db.execute("SELECT count(*) FROM temp.allowed").fetchone()[0])
        if not self._count:
            raise InputError(f"no document matches the filter ({wanted}); ask without it, or with another")

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Keys and cosines of the nearest vectors of passages that match, best first.

        They are exactly the nearest unless a large share of all passages matches: then they are those of Chroma.
        """
        total = self._vectors.count()
        if self._count >= LARGE * total:
            found = self._vectors.nearest(vector, SPARE * limit * total // self._count)
            among = json.dumps([key for key, _ in found])
            held = {key for (key,) in self.catalog.connection.execute(HELD, (among,))}
            kept = [(key, cosine) for key, cosine in found if key in held][:limit]
            if len(kept) == limit:
                return kept
        return self._exactly(vector, limit)

    def _exactly(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        if self._count <= FEW:
            keys, rows = self._few
            cosines = rows @ vector
            return [(keys[i], float(cosines[i])) for i in np.argsort(-cosines, kind="stable")[:limit]]
        every, places = self._every.rows, self._places
        # To copy many rows takes longer than to multiply those that do not count as well.
        cosines = (every @ vector)[places] if 2 * len(places) > len(every) else every[places] @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self._every.keys[places[i]], float(cosines[i])) for i in best]

    @cached_property
    def _few(self) -> tuple[list[str], NDArray[np.float32]]:
        """The keys of passages that match, and a vector for each as a row."""
        pairs = self.catalog.connection.execute(VECTORS).fetchall()
        return [key for key, _ in pairs], np.stack([np.frombuffer(blob, np.float32) for _, blob in pairs])

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Where in the rows of all vectors those of passages that match are."""
        keys = {key for (key,) in self.catalog.connection.execute(KEYS)}
        return np.array([place for place, key in enumerate(self._every.keys) if key in keys], np.intp)
