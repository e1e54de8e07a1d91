"""The chain of a running server: models loaded once, and the index that answers now.

`CURRENT` is read before every question, and whether there is another calibration. When it names another generation,
that one is opened beside the present one and searched once; then it takes over between two questions, and the old one
is closed when its last question is answered. With another calibration, the same generation is opened anew.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answer.calibration import CALIBRATION
from assistant.answer.question import checked
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.errors import UserError
from assistant.events import DoneEvent, Event, TokenEvent, WithdrawnEvent
from assistant.laps import Laps
from assistant.serve.gate import PATIENCE, Gate, Unavailable, late
from assistant.store.catalog import Catalog
from assistant.store.generations import POINTER, Manifest, read_manifest, require_live
from assistant.store.index import newest_whole, notice, open_catalog
from assistant.types import Answer, Question

MOST_AT_ONCE = 4  # questions worked on together: each uses every thread of the reranker, so more gain nothing
WAITING = 16  # questions in line; each holds one of the server's forty worker threads
START_LIMIT = 120.0  # seconds that a question waits for the models
PULSE = 0.25  # seconds between two looks whether a question that waits is still wanted
FIRST_QUERY = "What is this about?"  # loads the models, and the parts of an index that load late

log = logging.getLogger(__name__)


class _Pointer(NamedTuple):
    """What the index folder says now of what should answer."""

    generation: str  # what `CURRENT` holds
    calibration: tuple[int, ...]  # changes with the file; empty where there is none


@dataclass(slots=True)
class _Opened:
    """A chain over an open generation, and how many questions are using it."""

    chain: AnswerChain
    users: int = 0
    retired: bool = False


class LiveChain:
    """Answers with the newest generation that could be opened. Threads may share it."""

    def __init__(self, workshop: Workshop) -> None:
        self.gate = Gate(min(workshop.settings.threads, MOST_AT_ONCE), WAITING)
        self._workshop = workshop
        self._opened: _Opened | None = None
        self._problem: str | None = "the models are being loaded; try again in a moment"
        self._seen: _Pointer | None = None  # what the folder said when a generation was last opened, or could not be
        self._users = threading.Lock()  # held for moments, to change `_opened` and who uses it
        self._opening = threading.Lock()  # held by the thread that opens a generation
        self._started = threading.Event()  # the first opening is over, well or not

    @property
    def chat(self) -> str | None:
        """The chat model that questions and excerpts are sent to, if one is configured."""
        return self._workshop.settings.chat_model

    @property
    def models(self) -> tuple[str, ...]:
        """The models that run on this machine: what searches, and what reads."""
        return self._workshop.settings.embedder, self._workshop.settings.reranker

    @property
    def chat_server(self) -> str | None:
        """The address of the chat model's server, where the settings name one."""
        return self._workshop.settings.chat_base_url

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, as the embedding model counts them."""
        return self._workshop.embedder.count_tokens(texts)

    def start(self) -> None:
        """Open the index and load the models in the background; questions wait for it."""
        threading.Thread(target=self._start, name="warm-up", daemon=True).start()

    def _start(self) -> None:
        self._follow(wait=True)
        self._started.set()

    def problem(self) -> str | None:
        """Why no question can be answered now, or None when one can."""
        if self._started.is_set():
            self._follow(wait=False)
        return self._problem

    def manifest(self) -> Manifest:
        """What the generation that answers says of itself; does not wait for the models.

        Raises:
            IndexMissing, IndexMismatch: none is open, and what lies on the disk cannot be read.
        """
        opened = self._opened
        return opened.chain.index.manifest if opened else read_manifest(require_live(self._workshop.settings.index))

    def notice(self) -> str | None:
        """What is damaged in the index and what to do about it, in one line, or None."""
        return notice(self._workshop.settings.index)

    def documents(self) -> set[str]:
        """The paths of the documents that are indexed; does not wait for the models.

        Raises:
            IndexMissing: none is open, and there is none on the disk.
        """
        with self.reading() as (_, catalog):
            return set(catalog.hashes())

    @contextmanager
    def reading(self) -> Iterator[tuple[Manifest, Catalog]]:
        """What is indexed now, to be read for as long as this is held; does not wait for the models.

        Raises:
            IndexMissing, IndexMismatch, IndexDamaged: none is open, and what lies on the disk cannot be read.
        """
        if self._opened is not None:
            with self._lease() as opened:
                yield opened.chain.index.manifest, opened.chain.index.catalog
            return
        manifest, catalog = newest_whole(
            self._workshop.settings.index, lambda generation: open_catalog(generation, None)
        )
        try:
            yield manifest, catalog
        finally:
            catalog.close()

    def ask(self, question: Question) -> Answer:
        """Answer a question, with the generation that `CURRENT` names.

        Raises:
            InputError: the question is empty or too long.
            Unavailable: too many are asking, or there is nothing to answer with; the message says why.
        """
        [answer] = [event.answer for event in self.events(question) if isinstance(event, DoneEvent)]
        return answer

    def quote(self, question: Question) -> Answer:
        """Answer in the sources' own words, whatever chat model is configured; errors as for `ask`."""
        if not self._started.wait(START_LIMIT):
            raise Unavailable(str(self._problem))
        with self.gate.turn(), self._lease() as opened:
            chain = copy(opened.chain)
            chain.chat = None
            return chain.invoke(question)

    def events(self, question: Question) -> Generator[Event, None, None]:
        """The answer to a question as it comes about; errors as for `ask`.

        The turn is held until the end or until this is closed, which ends the work. While the question waits, empty
        `TokenEvent`s come, so that this can be closed.
        """
        checked(question)
        with self.gate.place() as called:
            yield from _until(called, PATIENCE, lambda: late(PATIENCE))
            yield from _until(self._started, START_LIMIT, lambda: Unavailable(str(self._problem)))
            self._follow(wait=False)
            while True:
                with self._lease() as opened:
                    try:
                        yield from opened.chain.events(question)
                        return
                    except UserError:
                        raise
                    except Exception:
                        # A build may have deleted this generation under the question: then the new one is asked.
                        self._follow(wait=True)
                        if self._opened is opened:
                            raise
                        log.info("asking again: %s is gone", opened.chain.index.manifest.generation)
                yield WithdrawnEvent("the documents were indexed anew")

    @contextmanager
    def using(self) -> Iterator[AnswerChain]:
        """The chain that answers now, open for as long as this is held, for what is no question.

        Raises:
            Unavailable: there is none (yet); the message says why.
        """
        if self._started.is_set():
            self._follow(wait=False)
        with self._lease() as opened:
            yield opened.chain

    def close(self) -> None:
        """Close the index, now or when the questions under way are answered."""
        self._problem = "the server is stopping"
        self._replace(None)

    def _follow(self, wait: bool) -> None:
        """Open what the index folder points to, unless that was done or tried before.

        While another thread does it, wait for it or leave it to that thread.
        """
        if self._pointer() != self._seen and self._opening.acquire(blocking=wait):
            try:
                while (pointer := self._pointer()) != self._seen:  # it may change again meanwhile
                    self._open(pointer)
                    self._seen = pointer
            finally:
                self._opening.release()

    def _pointer(self) -> _Pointer:
        folder = self._workshop.settings.index
        try:
            generation = (folder / POINTER).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            generation = ""
        try:
            file = (folder / CALIBRATION).stat()
            return _Pointer(generation, (file.st_ino, file.st_mtime_ns, file.st_size))
        except OSError:
            return _Pointer(generation, ())

    def _open(self, pointer: _Pointer) -> None:
        """Put the generation that answers now in the place of the one that is open, if it can be used."""
        try:
            chain = self._workshop.chain()
            try:
                chain.evidence(FIRST_QUERY, Laps(), chain.index)  # a chat model has no part in it
            except BaseException:
                chain.index.close()
                raise
        except Exception as error:
            if self._pointer() != pointer:
                return  # a build has deleted it by now, and there is a newer one
            users_error = isinstance(error, UserError)
            log.error("generation %s cannot be used: %s", pointer.generation.strip(), error, exc_info=not users_error)
            if self._opened is None:
                self._problem = str(error) if users_error else "the index cannot be opened; the server's log says why"
        else:
            self._problem = None
            self._replace(_Opened(chain))

    def _replace(self, new: _Opened | None) -> None:
        with self._users:
            old, self._opened = self._opened, new
            if old is None:
                return
            old.retired = True
            idle = old.users == 0
        if idle:
            old.chain.index.close()

    @contextmanager
    def _lease(self) -> Iterator[_Opened]:
        """What is open now; it stays open for as long as the lease is held."""
        with self._users:
            opened = self._opened
            if opened is None:
                raise Unavailable(str(self._problem))
            opened.users += 1
        try:
            yield opened
        finally:
            with self._users:
                opened.users -= 1
                last = opened.retired and opened.users == 0
            if last:
                opened.chain.index.close()


def _until(happened: threading.Event, seconds: float, error: Callable[[], UserError]) -> Iterator[Event]:
    """Nothing to show until it has happened; after so many seconds, the error."""
    ends = time.monotonic() + seconds
    while not happened.wait(PULSE):
        if time.monotonic() > ends:
            raise error()
        yield TokenEvent("")
