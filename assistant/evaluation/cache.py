"""What earlier runs found out, for runs that differ from them in little: whole answers, and the reranker's scores.

DIR/cache.sqlite

An answer is kept under all that it depends on: the question with its turns, the index, settings, models and the code
that answers. What judges is not among it, so that a set whose expectations or a program whose measures changed is
judged anew without a question being asked. A score is a function of the model, the question and the text, and takes
most of a question's time; so it serves where only the threshold, the candidates or some documents are others. What
comes out is the same as without a cache, but for the times.
"""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from assistant.errors import InputError
from assistant.models.reranker import Reranker
from assistant.types import Answer

FILE = "cache.sqlite"
WAIT = 30.0  # seconds for another process that writes
AT_ONCE = 500  # keys a query
TABLES = (
    "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS scores (key BLOB PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID",
)

Proposed = tuple[int, float, float | None, float | None]  # a passage's id, score, cosine and BM25


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with the passages that were read for it, and the tokens of a chat model."""

    answer: Answer
    ranked: tuple[Proposed, ...]
    tokens: tuple[int, int] | None


_KEPT = TypeAdapter(Kept)


class CacheUseless(InputError):
    """The cache is damaged, locked or cannot be written."""


class Cache:
    """A cache in a folder, closed at the end of a `with`; several processes may use one."""

    def __init__(self, folder: Path) -> None:
        """Open it, or begin one.

        Raises:
            InputError: it cannot be read or written.
        """
        self.path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=WAIT)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            for table in TABLES:
                self._db.execute(table)
            self._db.commit()
        except OSError as error:
            raise InputError(f"cannot write {folder}: {error.strerror}; give another --cache") from error
        except sqlite3.Error as error:
            raise self._useless(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._db.close()

    def answer(self, key: bytes) -> Kept | None:
        """What is kept under a key; None where nothing is, or nothing that can be read."""
        try:
            row = self._db.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._useless(error) from error
        try:
            return _KEPT.validate_json(row[0]) if row else None
        except ValidationError:
            return None

    def keep(self, key: bytes, kept: Kept) -> None:
        """Keep an answer; it is there whatever happens after."""
        self._write("INSERT OR REPLACE INTO answers VALUES (?,?)", [(key, json.dumps(asdict(kept)))])

    def scores(self, keys: Sequence[bytes]) -> dict[bytes, float]:
        """The scores that are kept under some of these keys."""
        found: dict[bytes, float] = {}
        try:
            for start in range(0, len(keys), AT_ONCE):
                part = keys[start : start + AT_ONCE]
                query = f"SELECT key, value FROM scores WHERE key IN ({','.join('?' * len(part))})"
                with closing(self._db.execute(query, part)) as rows:
                    found |= dict(rows)
        except sqlite3.Error as error:
            raise self._useless(error) from error
        return found

    def keep_scores(self, scores: dict[bytes, float]) -> None:
        """Keep scores under their keys."""
        self._write("INSERT OR REPLACE INTO scores VALUES (?,?)", list(scores.items()))

    def _write(self, statement: str, rows: Sequence[tuple[bytes, object]]) -> None:
        try:
            with self._db:
                self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise self._useless(error) from error

    def _useless(self, error: sqlite3.Error) -> CacheUseless:
        return CacheUseless(f"the cache {self.path} cannot be used: {error}; delete it, or give another --cache")


class KeptScores:
    """A `Reranker` that asks the model only for pairs whose score is not kept; `found` counts those that were."""

    def __init__(self, reranker: Reranker, cache: Cache) -> None:
        self.name = reranker.name
        self.digest = reranker.digest
        self.found = 0
        self._reranker = reranker
        self._cache = cache

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text, as the model gives it."""
        keys = [key_of(self.digest, question, text) for text in texts]
        scores = self._cache.scores(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in scores}
        self.found += len(scores)
        if missing:
            new = dict(zip(missing, self._reranker.score(question, list(missing.values())), strict=True))
            self._cache.keep_scores(new)
            scores |= new
        return [scores[key] for key in keys]


def key_of(*parts: Any) -> bytes:
    """A key for what depends on all of these parts, and on nothing else."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).digest()
