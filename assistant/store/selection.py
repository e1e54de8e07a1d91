"""The part of an index that a filter leaves. For who searches it, there are no other documents.

Its catalog is the index's own over a connection in which views of the same names hide the other documents, so that
nothing that is read from it, now or by what is yet to be written, can come from them. BM25 weighs words by all
passages still: FTS5 knows no other statistics.
"""

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError
from assistant.filter import Filter
from assistant.store.catalog import Catalog
from assistant.store.vectors import VectorStore

# Up to so many passages, the cosines of all are computed: no slower than asking Chroma again and again for more, and
# exact. Their vectors (3 MB) stay with the selection.
EXACT = 2_000
SPARE = (
    2  # times as many vectors are asked of Chroma as would hold enough if the filter had nothing to do with meaning
)
WIDER = 4  # times as many the next time
MOST = 4_000  # vectors asked of Chroma; if too few of these match, the cosines of all that match are computed

HIDE = """
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY);
CREATE TEMP TABLE allowed (id INTEGER PRIMARY KEY);
CREATE TEMP VIEW documents AS SELECT * FROM main.documents WHERE id IN (SELECT id FROM temp.chosen);
CREATE TEMP VIEW passages AS SELECT * FROM main.passages WHERE document_id IN (SELECT id FROM temp.chosen);
"""
CHOOSE = "INSERT INTO temp.chosen SELECT id FROM main.documents WHERE "
ALLOW = "INSERT INTO temp.allowed SELECT id FROM main.passages WHERE document_id IN (SELECT id FROM temp.chosen)"
VECTORS = "SELECT key, vector FROM vectors WHERE key IN (SELECT vector_key FROM passages) ORDER BY key"
HELD = "SELECT DISTINCT vector_key FROM passages WHERE vector_key IN (SELECT value FROM json_each(?))"
# Two dates overlap unless, as far as both are known, one is before the other.
CONDITIONS = {
    "folder": "(path = :folder OR path >= :folder || '/' AND path < :folder || '0')",  # 0 is what comes after /
    "type": "kind = :type",
    "language": "language = :language",
    "since": "substr(date, 1, length(:since)) >= substr(:since, 1, length(date))",
    "until": "substr(date, 1, length(:until)) <= substr(:until, 1, length(date))",
}

Keyed = tuple[list[str], NDArray[np.float32]]  # keys, and the vector of each as a row


class Selection:
    """What matches a filter, searched as an index is."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, wanted: Filter) -> None:
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
        db.commit()
        self.catalog = Catalog(catalog.path, db, " AND +rowid IN (SELECT id FROM temp.allowed)")
        self._vectors = vectors
        self._count = int(db.execute("SELECT count(*) FROM temp.allowed").fetchone()[0])
        if not self._count:
            raise InputError(f"no document matches the filter ({wanted}); ask without it, or with another")

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Keys and cosines of the nearest vectors of passages that match, best first.

        Where few passages match, these are exactly the nearest. Else as many are asked of Chroma as should do, and
        more where too few of them match; where `MOST` are not enough, the nearest are computed as well.
        """
        if self._count <= EXACT:
            return _nearest([self._few], vector, limit)
        total = self._vectors.count()
        asked = SPARE * limit * total // self._count
        while asked <= MOST:
            found = self._vectors.nearest(vector, asked)
            held = self._held([key for key, _ in found])
            kept = [(key, cosine) for key, cosine in found if key in held]
            if len(kept) >= limit:
                return kept[:limit]
            asked *= WIDER
        return _nearest(self._all(), vector, limit)

    def _held(self, keys: list[str]) -> set[str]:
        """Those of these keys that a passage that matches has."""
        return {key for (key,) in self.catalog.connection.execute(HELD, (json.dumps(keys),))}

    @cached_property
    def _few(self) -> Keyed:
        return next(self._all())

    def _all(self) -> Iterator[Keyed]:
        """The vectors of all passages that match, by key, some at a time."""
        rows = self.catalog.connection.execute(VECTORS)
        while step := rows.fetchmany(EXACT):
            yield (
                [key for key, _ in step],
                np.frombuffer(b"".join(v for _, v in step), np.float32).reshape(len(step), -1),
            )


def _nearest(parts: Iterable[Keyed], vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
    """Keys and cosines of the nearest of unit vectors, best first; ties go to the smaller key."""
    best: list[tuple[str, float]] = []
    for keys, rows in parts:
        cosines = rows @ vector
        likely = np.argsort(-cosines, kind="stable")[:limit]
        best = sorted([*best, *((keys[i], float(cosines[i])) for i in likely)], key=lambda pair: (-pair[1], pair[0]))[
            :limit
        ]
    return best
