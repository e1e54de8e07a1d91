"""The catalog: everything the index knows, in one SQLite file. Chroma can be rebuilt from it alone.

A vector is kept once for each distinct `search_text`, under a key that is a hash of that text: the same words
in two places are embedded once, and a file that moves takes its vectors along.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.ingest.language import spaced
from assistant.ingest.split import page_at, row_in_words
from assistant.ingest.wire import block_fields, page_fields, read_block, read_page
from assistant.store.schema import SCHEMA
from assistant.types import Document, Passage, Sentence, Skipped, StoredPassage, StoredSentence

# The document with this first or other path.
AT_PATH = "(SELECT id FROM documents WHERE path = ?1 UNION ALL SELECT document_id FROM also WHERE path = ?1)"


def vector_key(search_text: str) -> str:
    """The name of the vector of a text: the first 128 bits of its SHA-256, in hexadecimal."""
    return hashlib.sha256(search_text.encode()).hexdigest()[:32]


class Catalog:
    """An open catalog. The one that answers is opened read-only; only a new generation's is written."""

    def __init__(self, path: Path, connection: sqlite3.Connection, within: str = "") -> None:
        self.path = path
        self._db = connection
        self._within = within  # a further condition on `words`, where not all passages may be found

    @classmethod
    def create(cls, path: Path) -> "Catalog":
        """A new, empty catalog."""
        catalog = cls.open_for_writing(path)
        catalog._db.executescript(SCHEMA)
        return catalog

    @classmethod
    def open_for_writing(cls, path: Path) -> "Catalog":
        """A catalog of a generation that is being built."""
        db = sqlite3.connect(path)
        db.execute("PRAGMA foreign_keys = ON")
        # Nothing reads this file before the swap, which syncs it: a commit need not wait for the disk.
        db.execute("PRAGMA synchronous = OFF")
        db.create_function("spaced", 1, spaced, deterministic=True)
        db.execute("PRAGMA secure_delete = ON")  # what is deleted must not be in the file any more
        return cls(path, db)

    @classmethod
    def open(cls, path: Path) -> "Catalog":
        """A finished catalog, read-only; it may be shared by threads (SQLite is in serialized mode)."""
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return cls(path, sqlite3.connect(uri, uri=True, check_same_thread=False))

    @property
    def connection(self) -> sqlite3.Connection:
        """The database itself, for what is done to a catalog as a whole."""
        return self._db

    def close(self) -> None:
        """Commit what is pending and close."""
        self._db.commit()
        self._db.close()

    def commit(self) -> None:
        """Make what was written so far visible to the next opening."""
        self._db.commit()

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Insert a document with its passages and sentences."""
        cursor = self._db.execute(
            "INSERT INTO documents (path, sha256, kind, title, date, language, text, blocks, pages)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                document.path, document.sha256, document.kind, document.title, document.date,
                document.language, document.text,
                json.dumps(block_fields(document.blocks)), json.dumps(page_fields(document.pages)),
            ),
        )  # fmt: skip
        document_id = cursor.lastrowid
        labels = [(document_id, page.number, page.label) for page in document.pages if page.label]
        self._db.executemany("INSERT INTO page_labels VALUES (?,?,?)", labels)
        recognised = [page for page in document.pages if page.recognised]
        for passage in passages:
            text = document.text[passage.start : passage.end]
            row = (document_id, passage.start, passage.end, passage.page, passage.heading, text)
            seen = any(page.start < passage.end and passage.start < page.end for page in recognised)
            passage_id = self._db.execute(
                "INSERT INTO passages (document_id, start, end, page, heading, text, search_text, vector_key,"
                " recognised) VALUES (?,?,?,?,?,?,?,?,?)",
                (*row, passage.search_text, vector_key(passage.search_text), seen),
            ).lastrowid
            rows = [(passage_id, *_sentence_row(document, s)) for s in passage.sentences]
            self._db.executemany("INSERT INTO sentences VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def remove(self, path: str) -> None:
        """Delete a document with its passages and sentences."""
        self._db.execute("DELETE FROM documents WHERE path = ?", (path,))

    def set_skipped(self, skipped: Iterable[tuple[Skipped, str | None]]) -> None:
        """Replace the list of files that were not indexed; the second part is a file's SHA-256, if known."""
        self._db.execute("DELETE FROM skipped")
        self._db.executemany(
            "INSERT OR REPLACE INTO skipped VALUES (?,?,?)", [(s.path, s.reason, sha) for s, sha in skipped]
        )

    def add_vectors(self, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store one vector a key; `vectors` has shape (keys, dimensions)."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?,?)", rows)

    def remove_orphan_vectors(self) -> list[str]:
        """Delete the vectors that no passage uses, and return their keys."""
        orphans = "key NOT IN (SELECT vector_key FROM passages)"
        keys = [key for (key,) in self._db.execute(f"SELECT key FROM vectors WHERE {orphans}")]
        self._db.execute(f"DELETE FROM vectors WHERE {orphans}")
        return keys

    def hashes(self) -> dict[str, str]:
        """Path to SHA-256 of every file that is indexed, also of those that are another path of a document."""
        others = "SELECT a.path, d.sha256 FROM also a JOIN documents d ON d.id = a.document_id"
        return dict(self._db.execute(f"SELECT path, sha256 FROM documents UNION ALL {others} ORDER BY path"))

    def skipped(self) -> list[tuple[Skipped, str | None]]:
        """The files that were not indexed, by path, with their SHA-256 where it is known."""
        rows = self._db.execute("SELECT path, reason, sha256 FROM skipped ORDER BY path")
        return [(Skipped(path, reason), sha) for path, reason, sha in rows]

    def counts(self) -> tuple[int, int, int]:
        """How many documents, passages and vectors there are."""
        query = "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {}), (SELECT count(*) FROM {})"
        documents, passages, vectors = self._db.execute(query.format("documents", "passages", "vectors")).fetchone()
        return documents, passages, vectors

    def texts_without_vector(self) -> list[tuple[str, str]]:
        """Key and text of every distinct passage text that has not been embedded."""
        rows = self._db.execute(
            "SELECT vector_key, min(search_text) FROM passages"
            " WHERE vector_key NOT IN (SELECT key FROM vectors) GROUP BY vector_key ORDER BY min(id)"
        )
        return list(rows)

    def vectors(self, keys: Sequence[str] | None = None) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Key and vector, of these keys or of all."""
        every, one = "SELECT key, vector FROM vectors ORDER BY key", "SELECT key, vector FROM vectors WHERE key = ?"
        wanted: list[tuple[str, tuple[str, ...]]] = [(every, ())] if keys is None else [(one, (key,)) for key in keys]
        for key, blob in (row for query, values in wanted for row in self._db.execute(query, values)):
            yield key, np.frombuffer(blob, dtype=np.float32)

    def match(self, expression: str, limit: int) -> list[tuple[int, float]]:
        """Passage id and BM25 (higher is better) of the best matches of an FTS5 expression."""
        found = f"SELECT rowid, -bm25(words) FROM words WHERE words MATCH ?{self._within}"
        return list(self._db.execute(f"{found} ORDER BY bm25(words), rowid LIMIT ?", (expression, limit)))

    def frequency(self, word: str, at_most: int) -> int:
        """In how many passages a word stands, in any of its forms, counted up to `at_most`."""
        return self.count(quoted(word), at_most)

    def count(self, expression: str, at_most: int) -> int:
        """In how many passages an FTS5 expression finds something, counted up to `at_most`."""
        query = f"SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ?{self._within} LIMIT ?)"
        (count,) = self._db.execute(query, (expression, at_most)).fetchone()
        return int(count)

    def languages(self) -> dict[str | None, int]:
        """How many documents are in each language, by its ISO 639-1 code; None for those that told none."""
        return dict(self._db.execute("SELECT language, count(*) FROM documents GROUP BY language ORDER BY 2 DESC, 1"))

    def passages_with(self, key: str) -> list[int]:
        """Ids of the passages whose text has this vector."""
        rows = self._db.execute("SELECT id FROM passages WHERE vector_key = ? ORDER BY id", (key,))
        return [passage_id for (passage_id,) in rows]

    def passage(self, passage_id: int) -> StoredPassage:
        """One passage with its sentences."""
        start, text, document_id, *rest = self._db.execute(
            "SELECT p.start, p.text, d.id, d.path, d.sha256, d.title, d.date, p.page, p.heading, p.end,"
            " p.search_text, p.recognised FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id = ?",
            (passage_id,),
        ).fetchone()
        path, sha256, title, date, page, heading, end, search_text, recognised = rest
        rows = self._db.execute(
            "SELECT s.start, s.end, s.kind, s.words, s.page, l.label, s.row FROM sentences s LEFT JOIN page_labels l"
            " ON l.document_id = ? AND l.page = s.page WHERE s.passage_id = ? ORDER BY s.start",
            (document_id, passage_id),
        )
        sentences = []
        for s, e, kind, words, *at in rows:
            quote = text[s - start : e - start]
            sentences.append(StoredSentence(s, e, kind, quote, words or quote, *at))
        place = (passage_id, path, sha256, title, date, page, heading, start, end)
        others = self._db.execute("SELECT path FROM also WHERE document_id = ? ORDER BY path", (document_id,))
        also = tuple(other for (other,) in others)
        return StoredPassage(*place, text, search_text, tuple(sentences), also, bool(recognised))

    def passages_of(self, path: str, first: int, last: int) -> list[StoredPassage]:
        """The passages of a document whose ids lie between these two, both included, in the order of the text."""
        rows = self._db.execute(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
            f" WHERE d.id = {AT_PATH} AND p.id BETWEEN ?2 AND ?3 ORDER BY p.id",
            (path, first, last),
        )
        return [self.passage(passage_id) for (passage_id,) in list(rows)]

    def passages_at(self, path: str, start: int, end: int) -> list[StoredPassage]:
        """The passages of a document that have anything of `text[start:end]`, in the order of the text."""
        rows = self._db.execute(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
            " WHERE d.path = ? AND p.start < ? AND p.end > ? ORDER BY p.id",
            (path, end, start),
        )
        return [self.passage(passage_id) for (passage_id,) in list(rows)]

    def slice(self, path: str, start: int, end: int) -> str | None:
        """The text of a document from `start` to `end`, or None where no such path is indexed."""
        query = f"SELECT substr(text, ?2, ?3) FROM documents WHERE id = {AT_PATH}"
        row = self._db.execute(query, (path, start + 1, end - start)).fetchone()
        return None if row is None else str(row[0])

    def header(self, path: str, start: int) -> str | None:
        """The header row of the table whose row starts at `start`, or None where there is no such row."""
        row = self._db.execute(
            "SELECT s.header_start, s.header_end FROM documents d JOIN passages p ON p.document_id = d.id"
            f" JOIN sentences s ON s.passage_id = p.id WHERE d.id = {AT_PATH} AND s.start = ?2",
            (path, start),
        ).fetchone()
        return None if row is None or row[0] is None else self.slice(path, *row)

    def document(self, path: str) -> Document | None:
        """The document at a path, the first or another of its paths, or None where no such path is indexed."""
        return self._document(f"id = {AT_PATH}", path)

    def document_of(self, sha256: str, kind: str) -> Document | None:
        """The document that was read from these bytes in this format, or None where there is none."""
        return self._document("sha256 = ? AND kind = ?", sha256, kind)

    def also(self, path: str) -> list[str]:
        """The other paths of the document whose first path this is, sorted."""
        query = "SELECT a.path FROM also a JOIN documents d ON d.id = a.document_id WHERE d.path = ? ORDER BY a.path"
        return [other for (other,) in self._db.execute(query, (path,))]

    def _document(self, condition: str, *values: str) -> Document | None:
        columns = "path, sha256, kind, title, date, language, text, blocks, pages"
        row = self._db.execute(f"SELECT {columns} FROM documents WHERE {condition}", values).fetchone()
        if row is None:
            return None
        path, sha256, kind, title, date, language, text, blocks, pages = row
        laid_out = tuple(map(read_block, json.loads(blocks)))
        paged = tuple(map(read_page, json.loads(pages)))
        return Document(path, sha256, kind, title, date, language, text, laid_out, paged)


def quoted(word: str) -> str:
    """A word as an FTS5 string, so that nothing in it is read as syntax."""
    return '"' + word.replace('"', '""') + '"'


def _sentence_row(document: Document, s: Sentence) -> tuple[int | str | None, ...]:
    words = row_in_words(document.text, (s.start, s.end), s.header) if s.kind == "row" else None
    page = page_at(document.pages, s.start)
    return s.start, s.end, s.kind, words, *(s.header or (None, None)), page.number if page else None, s.row
