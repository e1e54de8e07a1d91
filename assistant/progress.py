"""How far long work is: a bar with the time left on a terminal, plain lines elsewhere; always on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

LINE_EVERY = 10.0  # seconds between two plain lines


@contextmanager
def build_progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function to call with a stage, how much of it is done, and how much there is."""
    if sys.stderr.isatty():
        with _bar() as bar:
            tasks: dict[str, TaskID] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(stage, total=total)
                bar.update(tasks[stage], completed=done, total=total)

            yield show
        return

    last = time.monotonic()

    def write(stage: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY:
            last = time.monotonic()
            sys.stderr.write(f"{stage}: {done} of {total}\n")

    yield write


@contextmanager
def counter(stage: str) -> Iterator[Callable[[int, int], None]]:
    """The same for work of one stage."""
    with build_progress() as progress:
        yield lambda done, total: progress(stage, done, total)


def _bar() -> Progress:
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))
