"""Questions that the empty chat suggests: made from the documents' own sentences, and each asked before it is shown.

They are made in the background, once for each generation, and kept in memory alone: so nothing of a document that is
deleted stays in them.
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from itertools import islice

from assistant.errors import UserError
from assistant.ingest.suggest.suggest import Suggestion, suggest
from assistant.serve.live import LiveChain
from assistant.store.catalog import Catalog
from assistant.types import Answer, Question

WANTED = 4
MOST_ASKED = 16  # questions that are tried: a second each
MOST_DOCUMENTS = 32  # that are looked into, spread evenly over all
MOST_PASSAGES = 40  # of each, from its beginning
LONGEST = 90  # characters of a question on a button
# What makes a good first question, the best first; a definition or the cell of a table needs more of a context.
KINDS = ("date", "figure", "who", "where", "why", "what", "definition", "cell")

log = logging.getLogger(__name__)


class Suggestions:
    """The questions for the generation that answers. Threads may share it."""

    def __init__(self, live: LiveChain) -> None:
        self._live = live
        self._made: tuple[str, list[str]] = ("", [])  # a generation, and the questions for it
        self._making = threading.Lock()
        self._closed = threading.Event()

    def ready(self) -> list[str] | None:
        """The questions, or None while they are being made, which this begins if need be."""
        try:
            generation = self._live.manifest().generation
        except UserError:
            return []
        made_for, questions = self._made
        if made_for == generation:
            return questions
        if self._making.acquire(blocking=False):
            threading.Thread(target=self._make, args=(generation,), name="suggestions", daemon=True).start()
        return None

    def close(self) -> None:
        """Ask nothing more."""
        self._closed.set()

    def _make(self, generation: str) -> None:
        questions: list[str] = []
        try:
            with self._live.reading() as (_, catalog):
                candidates = by_turns(candidates_of(catalog))
            for candidate in islice(self._answered(candidates), WANTED):
                questions.append(candidate.question)
        except UserError as error:
            log.info("no questions are suggested: %s", error)
        except Exception:
            log.exception("questions to suggest could not be made")
        finally:
            self._made = generation, questions
            self._making.release()

    def _answered(self, candidates: Iterable[Suggestion]) -> Iterator[Suggestion]:
        """Those that are answered from where they were made of, of each document one."""
        used: set[str] = set()
        tried = 0
        for candidate in candidates:
            if self._closed.is_set() or tried == MOST_ASKED:
                return
            if candidate.document in used:
                continue
            tried += 1
            if is_answered(candidate, self._live.quote(Question(candidate.question))):
                used.add(candidate.document)
                yield candidate


def candidates_of(catalog: Catalog) -> list[list[Suggestion]]:
    """The questions for each of some documents, the best first; documents from all over the index."""
    count, _, _ = catalog.counts()
    step = max(1, count // MOST_DOCUMENTS)
    rows = catalog.connection.execute(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY path) AS n FROM documents)"
        " WHERE (n - 1) % ? = 0 ORDER BY n LIMIT ?",
        (step, MOST_DOCUMENTS),
    ).fetchall()
    return [_of_document(catalog, document_id) for (document_id,) in rows]


def _of_document(catalog: Catalog, document_id: int) -> list[Suggestion]:
    ids = catalog.connection.execute(
        "SELECT id FROM passages WHERE document_id = ? ORDER BY id LIMIT ?", (document_id, MOST_PASSAGES)
    ).fetchall()
    made = [each for (passage_id,) in ids for each in suggest(catalog.passage(passage_id))]
    return sorted(
        (each for each in made if len(each.question) <= LONGEST),
        key=lambda each: (KINDS.index(each.kind), len(each.question)),
    )


def by_turns(lists: list[list[Suggestion]]) -> list[Suggestion]:
    """The first of each list, then the second of each, and so on; a question that comes twice only once."""
    taken: dict[str, Suggestion] = {}
    for i in range(max(map(len, lists), default=0)):
        for each in lists:
            if i < len(each):
                taken.setdefault(each[i].question, each[i])
    return list(taken.values())


def is_answered(candidate: Suggestion, answer: Answer) -> bool:
    """Whether the first sentence of an answer is the one that the question was made of, and nothing is amiss."""
    if answer.status != "answered" or answer.note or answer.query != candidate.question or not answer.citations:
        return False
    first = answer.citations[0]
    meant = candidate.document in (first.document, *first.also)
    verified = all(sentence.support == "verified" for sentence in answer.sentences)
    return meant and verified and first.start < candidate.end and candidate.start < first.end
