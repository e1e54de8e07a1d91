"""How far long work is: a bar with pace and time left on a terminal, plain lines elsewhere; always on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

LINE_EVERY = 10.0  # seconds between two plain lines
_UNITS = {
    "read": "files",
    "embed": "passages",
    "vectors": "vectors",
    "asked": "questions",
    "drafted": "questions",
}  # of stages


@contextmanager
def build_progress(clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[str, int, int], None]]:
    """A function to call with a stage, how much of it is done, and how much there is.

    Args:
        clock: Seconds since some moment.
    """
    if sys.stderr.isatty():
        with _bar() as bar:
            tasks: dict[str, TaskID] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(stage, total=total)
                bar.update(tasks[stage], completed=done, total=total)

            yield show
        return

    last = before = clock()
    begun: dict[str, float] = {}  # a stage begins where the one before it was last heard of

    def write(stage: str, done: int, total: int) -> None:
        nonlocal last, before
        now = clock()
        start = begun.setdefault(stage, before)
        before = now
        if now - last >= LINE_EVERY:
            last = now
            sys.stderr.write(f"{stage}: {done} of {total}{_pace(stage, done, total, now - start)}\n")

    yield write


@contextmanager
def counter(stage: str) -> Iterator[Callable[[int, int], None]]:
    """The same for work of one stage."""
    with build_progress() as progress:
        yield lambda done, total: progress(stage, done, total)


def _pace(stage: str, done: int, total: int, seconds: float) -> str:
    """How much a second, and how long the rest takes at that."""
    if done <= 0 or seconds <= 0:
        return ""
    left = round((total - done) * seconds / done)
    rest = f"{left // 60}:{left % 60:02}" if left < 3600 else f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"
    return f" {_UNITS.get(stage, '')}, {_rate(done / seconds)} a second, {rest} left".replace(" ,", ",")


def _rate(each_second: float) -> str:
    return f"{each_second:.0f}" if each_second >= 10 else f"{each_second:.1f}"


class _PaceColumn(TextColumn):
    """Files, passages or questions a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """The pace as of late, empty while it is not known."""
        if task.speed is None:
            return Text("")
        return Text(f"{_rate(task.speed)} {_UNITS.get(task.description, '')}/s")


def _bar() -> Progress:
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), _PaceColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
