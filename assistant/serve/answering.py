"""Answers that come about in threads of their own, and are read as they do, by whoever asked and stays.

The chain is made of functions that wait; the server is not. So each question gets a thread, what it tells is kept,
and readers follow it. When the last reader goes before the end, the thread ends at its next event, and with it the
call to a chat model. What was told is kept for a short time, for a reader whose connection broke.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractContextManager, ExitStack, aclosing, closing, suppress

from starlette.requests import Request

from assistant.errors import UserError
from assistant.events import DoneEvent, Event, TokenEvent
from assistant.serve.gate import Unavailable
from assistant.serve.live import LiveChain
from assistant.serve.quota import Quota
from assistant.settings import Settings
from assistant.types import Answer, Question

LOOK = 0.25  # seconds between two looks whether a client is still there
HEARTBEAT = 10.0  # seconds of silence after which a sign of life is due
KEPT = 60.0  # seconds that an answer can be taken up again after its end
MOST_KEPT = 100  # answers; older ones go first

log = logging.getLogger(__name__)

Told = Event | Exception  # what is told of an answer; an exception is the last


class Gone(Exception):
    """Nobody waits for the answer any more."""


class Coming:
    """An answer that is coming, or has come: what was told of it, and who follows."""

    def __init__(self, question: Question, seconds: float) -> None:
        self.id = secrets.token_urlsafe(16)  # whoever knows it may read the answer, so nobody can guess it
        self.question = question
        self.ended: float | None = None  # when, on the monotonic clock
        self.dropped = False  # its last reader went before the end
        self._seconds = seconds
        self._told: list[Told] = []
        self._begun = False
        self._readers: set[asyncio.Event] = set()
        self._lock = threading.Lock()

    def start(self, events: Generator[Event, None, None], held: AbstractContextManager[object]) -> None:
        """Let it come, in a thread; `held` is left at the end."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, args=(events, held, loop), name="answer", daemon=True).start()

    def _work(
        self,
        events: Generator[Event, None, None],
        held: AbstractContextManager[object],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        until = time.monotonic() + self._seconds
        with held:
            try:
                with closing(events):
                    for event in events:
                        if self.dropped:
                            return
                        self._tell(event, loop)
                        if time.monotonic() > until and not isinstance(event, DoneEvent):
                            raise Unavailable(f"no answer within {self._seconds:g} seconds (answer_timeout)")
            except Exception as error:
                if not isinstance(error, UserError):
                    log.exception("a question failed")
                self._tell(error, loop)
            finally:
                self.ended = time.monotonic()
        self._wake(loop)

    def _tell(self, told: Told, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._begun = True
            if told != TokenEvent(""):
                self._told.append(told)
        self._wake(loop)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock, suppress(RuntimeError):  # the loop is closed: nobody waits
            for changed in self._readers:
                loop.call_soon_threadsafe(changed.set)

    async def begun(self) -> None:
        """Wait for the first that is told.

        Raises:
            UserError: it is one, so that there will be no answer.
        """
        async with aclosing(self.read(0, keep=True)) as told:
            async for _ in told:
                if self._begun:
                    break
        first = self._told[0] if self._told else None
        if isinstance(first, Exception):
            raise first

    async def read(self, after: int, keep: bool = False) -> AsyncGenerator[tuple[int, Told] | None, None]:
        """What was told after so many, each with its number from 1, and what will be; None where nothing came.

        Who leaves this before the end drops the answer, unless another one reads it or it is to be kept.
        """
        changed = asyncio.Event()
        with self._lock:
            self._readers.add(changed)
        try:
            while True:
                over = self.ended is not None
                for told in self._told[after:]:
                    after += 1
                    yield after, told
                if over:
                    return
                yield None
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), LOOK)
                changed.clear()
        finally:
            with self._lock:
                self._readers.discard(changed)
            if not keep:
                self.drop_unread()

    async def followed(self, after: int) -> AsyncGenerator[tuple[int, Told] | None, None]:
        """The same to its end, which is a `DoneEvent` or an exception; None where a sign of life is due."""
        looked, last = time.monotonic(), None
        async with aclosing(self.read(after)) as all_told:
            async for each in all_told:
                if each is not None or time.monotonic() > looked + HEARTBEAT:
                    looked, last = time.monotonic(), each
                    yield each
        if last is None or not isinstance(last[1], DoneEvent | Exception):
            yield 0, Unavailable("the answer was stopped, as the one who asked had gone; ask again")

    def drop_unread(self) -> None:
        """Stop the work unless somebody reads."""
        with self._lock:
            self.dropped |= not self._readers and self.ended is None


class Answering:
    """Takes questions from the HTTP API, within the limits of each client."""

    def __init__(self, live: LiveChain, settings: Settings) -> None:
        self.quota = Quota(settings.questions_per_minute, settings.parallel_questions)
        self._live = live
        self._seconds = settings.answer_timeout
        self._kept: dict[str, Coming] = {}

    async def begin(self, question: Question, client: str) -> Coming:
        """The answer to a question, begun.

        Raises:
            UserError: the question cannot be asked, the client asks too much, or nothing can be answered now.
        """
        with ExitStack() as stack:
            stack.enter_context(self.quota.admitted(client))
            coming = Coming(question, self._seconds)
            coming.start(self._live.events(question), stack.pop_all())
        self._keep(coming)
        try:
            await coming.begun()
        except BaseException:
            coming.dropped = True
            raise
        return coming

    def taken_up(self, identity: str, question: Question) -> Coming | None:
        """The answer of that identity to that question, unless it was dropped or is forgotten."""
        coming = self._kept.get(identity)
        now = time.monotonic()
        if coming is None or coming.dropped or coming.question != question:
            return None
        return None if coming.ended is not None and now - coming.ended > KEPT else coming

    async def answer(self, question: Question, request: Request, client: str) -> Answer:
        """The whole answer.

        Raises:
            UserError: as for `begin`.
            Gone: the client has closed its connection, and the work has been stopped.
        """
        coming = await self.begin(question, client)
        async with aclosing(coming.read(0)) as all_told:
            async for told in all_told:
                if told is None:
                    if await request.is_disconnected():
                        raise Gone
                elif isinstance(told[1], Exception):
                    raise told[1]
                elif isinstance(told[1], DoneEvent):
                    return told[1].answer
        raise Gone  # another reader of none dropped it

    def _keep(self, coming: Coming) -> None:
        now = time.monotonic()
        for identity, other in [*self._kept.items()]:
            if other.dropped or (other.ended is not None and now - other.ended > KEPT):
                del self._kept[identity]
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[coming.id] = coming
