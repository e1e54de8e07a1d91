"""How many questions are worked on at once, and how many may wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import UserError

PATIENCE = 60.0  # seconds that a question waits for its turn


class Unavailable(UserError):
    """The server cannot answer now; trying again later helps."""

    status = 503


class Gate:
    """Lets `at_once` questions in, keeps `waiting` more in line, and turns the others away at once.

    Every person at the chat and every program at the API goes through the same gate, so that many of them
    make answers late, never the memory full.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self.capacity = at_once + waiting
        self._inside = 0
        self._count = threading.Lock()
        self._slots = threading.Semaphore(at_once)

    @contextmanager
    def turn(self, patience: float = PATIENCE) -> Iterator[None]:
        """Wait for a turn, for `patience` seconds at the most, and hold it.

        Raises:
            Unavailable: too many are waiting already, or the turn did not come in time.
        """
        with self._count:
            if self._inside >= self.capacity:
                raise Unavailable("too many questions are being asked at once; try again in a moment")
            self._inside += 1
        try:
            if not self._slots.acquire(timeout=patience):
                raise Unavailable(f"no turn came within {patience:.0f} seconds; try again in a moment")
            try:
                yield
            finally:
                self._slots.release()
        finally:
            with self._count:
                self._inside -= 1
