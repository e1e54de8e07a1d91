"""How many questions are worked on at once, and how many may wait."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import UserError

PATIENCE = 60.0  # seconds that a question waits for its turn


class Unavailable(UserError):
    """The server cannot answer now; trying again later helps."""

    status = 503


def late(patience: float) -> Unavailable:
    """That a turn did not come within so many seconds."""
    return Unavailable(f"no turn came within {patience:.0f} seconds; try again in a moment")


class Gate:
    """Lets `at_once` questions in, keeps `waiting` more in line, and turns the others away at once.

    Every person at the chat and every program at the API goes through the same gate, so that many of them
    make answers late, never the memory full. First come, first served: a semaphore would let a program that asks
    again and again overtake those who wait.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = at_once
        self._waiting = waiting
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def place(self) -> Iterator[threading.Event]:
        """Stand in line: what is set when the turn comes. The turn, or the place, is given back at the end.

        Raises:
            Unavailable: too many are waiting already.
        """
        called = self._queue_up()
        try:
            yield called
        finally:
            if not self._gave_up(called):
                self._leave()

    @contextmanager
    def turn(self, patience: float = PATIENCE) -> Iterator[None]:
        """Wait for a turn, for `patience` seconds at the most, and hold it.

        Raises:
            Unavailable: too many are waiting already, or the turn did not come in time.
        """
        with self.place() as called:
            if not called.wait(patience):
                raise late(patience)
            yield

    def _queue_up(self) -> threading.Event:
        """What is set when the turn comes."""
        called = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                called.set()
            elif len(self._line) < self._waiting:
                self._line.append(called)
            else:
                raise Unavailable("too many questions are being asked at once; try again in a moment")
        return called

    def _gave_up(self, called: threading.Event) -> bool:
        """Leave the line, unless the turn has come after all."""
        with self._lock:
            if called.is_set():
                return False
            self._line.remove(called)
            return True

    def _leave(self) -> None:
        """Hand the turn to the first in line; there is a free place only when nobody waits."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1
