"""Milliseconds of each stage of a longer piece of work."""

import time


class Laps:
    """Times in milliseconds by stage, in the order in which the stages ended, with their `total`."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {"total": 0.0}
        self._start = self._last = time.perf_counter()

    def end(self, stage: str) -> None:
        """Close a stage that began where the last one ended."""
        now = time.perf_counter()
        self.times[stage] = round((now - self._last) * 1000, 2)
        self.times["total"] = round((now - self._start) * 1000, 2)
        self._last = now
