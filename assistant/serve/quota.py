"""How much one client may ask: so many questions in a minute, and so many at a time."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.requests import Request

from assistant.errors import UserError

MINUTE = 60.0  # seconds
WHEN_PARALLEL = 1  # seconds after which it is worth trying again, where another question has to end first


class TooMany(UserError):
    """This client asks more than it may; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(slots=True)
class _Used:
    """What a client has left; `left` grows back with time, up to a minute's questions."""

    left: float
    seen: float = field(default_factory=time.monotonic)
    now: int = 0  # questions worked on


def client_of(request: Request) -> str:
    """Who asks: the address. A proxy on this machine names the one of its client in `X-Forwarded-For`."""
    return request.client.host if request.client else ""


class Quota:
    """Counts the questions of each client; a token bucket for each, and how many are worked on now."""

    def __init__(self, per_minute: int, parallel: int) -> None:
        self._per_minute, self._parallel = per_minute, parallel
        self._clients: dict[str, _Used] = {}
        self._lock = threading.Lock()

    @contextmanager
    def admitted(self, client: str) -> Iterator[None]:
        """Count a question, and hold its place among those that are worked on.

        Raises:
            TooMany: the client has asked too many, or too many at a time.
        """
        used = self._admit(client)
        try:
            yield
        finally:
            with self._lock:
                used.now -= 1

    def _admit(self, client: str) -> _Used:
        now, pace = time.monotonic(), self._per_minute / MINUTE
        with self._lock:
            self._forget(now)
            used = self._clients.setdefault(client, _Used(self._per_minute))
            used.left = min(self._per_minute, used.left + (now - used.seen) * pace)
            used.seen = now
            if used.now >= self._parallel:
                raise TooMany(f"{self._parallel} questions are worked on for you; wait for an answer", WHEN_PARALLEL)
            if used.left < 1:
                wait = math.ceil((1 - used.left) / pace)
                raise TooMany(f"more than {self._per_minute} questions a minute; try again in {wait} s", wait)
            used.left -= 1
            used.now += 1
            return used

    def _forget(self, now: float) -> None:
        """Drop the clients whose minute is over: they may ask as if they never had."""
        if len(self._clients) > 1000:
            kept = {name: used for name, used in self._clients.items() if used.now or now - used.seen < MINUTE}
            self._clients = kept
