"""What people thought of answers: one SQLite file beside the generations, so that builds leave it alone.

It holds questions and answers, so only its owner may read it, and what is deleted is not in the file any more.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import InputError
from assistant.types import Turn

FEEDBACK = "feedback.sqlite"
Verdict = Literal["up", "down"]
LONGEST_REASON = 500  # characters
LONGEST_CORRECTION = 2_000
LONGEST_ANSWER = 500_000  # of its JSON
LONGEST_HISTORY = 200_000  # likewise
MOST = 20_000  # answers
PATIENCE = 5.0  # seconds that a write waits for another
SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
  answer_id TEXT PRIMARY KEY, at TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, correction TEXT NOT NULL,
  question TEXT NOT NULL, history TEXT NOT NULL, answer TEXT NOT NULL, generation TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thought of an answer; `answer` is its JSON as fields, `at` is ISO 8601, UTC."""

    verdict: Verdict
    question: str
    history: tuple[Turn, ...]
    answer: dict[str, Any]
    reason: str = ""
    correction: str = ""
    at: str = ""  # set when it is stored


class FeedbackStore:
    """The file of one index. Threads and processes may share it: each call opens it anew."""

    def __init__(self, index: Path) -> None:
        self.path = index / FEEDBACK

    def put(self, given: Feedback) -> None:
        """Keep what was thought of an answer, in the place of what was thought of it before.

        Raises:
            InputError: a part of it is too long, there is no room for more, or the file cannot be written.
        """
        history = [{"role": turn.role, "content": turn.content} for turn in given.history]
        answer, history_json = json.dumps(given.answer, ensure_ascii=False), json.dumps(history, ensure_ascii=False)
        _check(given, len(answer), len(history_json))
        row = (
            str(given.answer["id"]), datetime.now(UTC).isoformat(timespec="seconds"), given.verdict, given.reason,
            given.correction, given.question, history_json, answer, str(given.answer["index"]["generation"]),
        )  # fmt: skip
        with self._open(new=True) as db, db:
            (others,) = db.execute("SELECT count(*) FROM feedback WHERE answer_id != ?", row[:1]).fetchone()
            if others >= MOST:
                raise InputError(
                    f"there is feedback on {MOST:,} answers, and no room for more; export it with: assistant "
                    "feedback export, then delete it with: assistant feedback delete"
                )
            db.execute("INSERT OR REPLACE INTO feedback VALUES (?,?,?,?,?,?,?,?,?)", row)

    def withdraw(self, answer_id: str) -> None:
        """Forget what was thought of an answer."""
        if self.path.exists():
            with self._open() as db, db:
                db.execute("DELETE FROM feedback WHERE answer_id = ?", (answer_id,))

    def all(self) -> list[Feedback]:
        """All that is kept, the oldest first.

        Raises:
            InputError: the file cannot be read.
        """
        if not self.path.exists():
            return []
        with self._open() as db:
            rows = db.execute(
                "SELECT verdict, question, history, answer, reason, correction, at FROM feedback ORDER BY at, rowid"
            ).fetchall()
        return [
            Feedback(
                verdict, question, tuple(Turn(**turn) for turn in json.loads(history)), json.loads(answer), *rest
            )
            for verdict, question, history, answer, *rest in rows
        ]

    def forget(self, indexed: Set[str], generation: str) -> int:
        """Delete what may hold words of documents that are gone, and say on how many answers it was.

        It is feedback on answers that quote another document than those that are `indexed`, by their SHA-256, and on
        answers of earlier generations that came after other turns, of which nobody knows what they quote.

        Raises:
            InputError: the file cannot be used.
        """
        if not self.path.exists():
            return 0
        with self._open() as db, db:
            rows = db.execute("SELECT answer_id, history, answer, generation FROM feedback").fetchall()
            gone = [
                (answer_id,)
                for answer_id, history, answer, of in rows
                if not _quoted(json.loads(answer)) <= indexed or (of != generation and json.loads(history))
            ]
            db.executemany("DELETE FROM feedback WHERE answer_id = ?", gone)
        return len(gone)

    def delete(self) -> int:
        """Delete all of it, and say on how many answers there was feedback.

        Raises:
            InputError: the file cannot be deleted.
        """
        if not self.path.exists():
            return 0
        try:
            with self._open() as db:
                (count,) = db.execute("SELECT count(*) FROM feedback").fetchone()
        except InputError:  # damaged: it is to go all the same
            count = 0
        try:
            for end in ("", "-journal"):
                self.path.with_name(FEEDBACK + end).unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"{self.path} cannot be deleted: {error.strerror}") from error
        return int(count)

    @contextmanager
    def _open(self, new: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            if new:  # made before SQLite would, which knows no modes; its journal takes the mode of the file
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as db:
                db.execute("PRAGMA secure_delete = ON")
                db.execute(SCHEMA)
                yield db
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"the feedback in {self.path} cannot be used ({error}); delete it with: assistant feedback delete"
            ) from error


def _quoted(answer: dict[str, Any]) -> set[str]:
    """The hashes of the documents that an answer quotes."""
    return {each["document_sha256"] for part in ("citations", "near") for each in answer.get(part) or ()}


def _check(given: Feedback, answer: int, history: int) -> None:
    if given.verdict not in get_args(Verdict):
        raise InputError(f"unknown verdict {given.verdict!r}; it is up or down")
    limits = {
        "reason": (len(given.reason), LONGEST_REASON),
        "correction": (len(given.correction), LONGEST_CORRECTION),
        "answer": (answer, LONGEST_ANSWER),
        "conversation": (history, LONGEST_HISTORY),
    }
    for name, (length, most) in limits.items():
        if length > most:
            raise InputError(f"the {name} has {length:,} characters; at most {most:,} are kept")
