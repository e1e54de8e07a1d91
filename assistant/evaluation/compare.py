"""A run held against an earlier one: which cases turned, which figures moved, and whether by more than is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.figures import figures_of
from assistant.evaluation.results import Result, Stage, parse_results
from assistant.evaluation.rundir import RESULTS, read_run
from assistant.evaluation.statistics import mcnemar

# What is held against a baseline; of the second row, less is better.
HIGHER = ("correct", "hit@5", "recall@5", "citation_recall", "citation_precision", "verified")
LOWER = ("false_answers", "false_refusals")
# The worst first: what misleads a reader, then what is missing.
HARM: tuple[Stage, ...] = (
    "said what it must not",
    "should have refused",
    "stated, not verified",
    "chosen, not stated",
    "retrieved, not chosen",
    "not retrieved",
    "not parsed",
    "not indexed",
    "error",
    "should have answered",
)


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that passes in one run and not in the other; the stage that lost it there, None where it passes."""

    set: str
    id: str
    question: str
    before: Stage | None
    now: Stage | None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in both runs, over the cases that both asked; `p` is McNemar's, of rates alone."""

    name: str
    before: float
    now: float
    of: int
    p: float | None

    @property
    def worse_by(self) -> float:
        """How much worse it is now, below 0 where it is better."""
        return self.now - self.before if self.name in LOWER else self.before - self.now


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from a baseline."""

    baseline: str
    differing: tuple[str, ...]  # of what the runs are made of
    only_before: int  # cases that only one of them asked
    only_now: int
    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]  # for the worse, by harm, then for the better
    allowed: float | None  # by how much a figure may be worse

    @property
    def regressions(self) -> list[Change]:
        """The figures that are worse by more than is allowed; rounding of the last digits is not."""
        return [c for c in self.changes if self.allowed is not None and c.worse_by > self.allowed + 1e-12]


Baseline = tuple[dict[str, Any], list[Result]]


def read_baseline(folder: Path) -> Baseline:
    """What a finished run was made of, and its results.

    Raises:
        InputError: there is none, or it is not finished.
    """
    stored = read_run(folder)
    if stored is None:
        raise InputError(
            f"--baseline {folder}: there is no run in it; make one with: assistant eval SET --output DIR"
        )
    if not stored.get("ended_at"):
        raise InputError(f"--baseline {folder}: that run is not finished; give its --output again to go on with it")
    path = folder / RESULTS
    try:
        return stored["made_of"], parse_results(path.read_bytes().splitlines(), str(path))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def compare(
    made_of: dict[str, Any], results: Sequence[Result], baseline: Baseline, name: str, allowed: float | None
) -> Comparison:
    """A run held against a baseline, over the cases that both asked.

    Raises:
        InputError: there are no such cases.
    """
    made_before, results_before = baseline
    before = {(r.set, r.id): r for r in results_before}
    pairs = [(before[r.set, r.id], r) for r in results if (r.set, r.id) in before]
    if not pairs:
        raise InputError(f"--baseline {name}: it asked none of these cases")
    differing = [part for part in {**made_before, **made_of} if made_before.get(part) != made_of.get(part)]
    flips = [
        Flip(
            now.set, now.id, now.question, old.lost.stage if old.lost else None, now.lost.stage if now.lost else None
        )
        for old, now in pairs
        if old.passed != now.passed
    ]
    flips.sort(key=lambda flip: len(HARM) if flip.now is None else HARM.index(flip.now))
    counts = len(results_before) - len(pairs), len(results) - len(pairs)
    return Comparison(name, tuple(differing), *counts, tuple(_changes(pairs)), tuple(flips), allowed)


def _changes(pairs: Sequence[tuple[Result, Result]]) -> list[Change]:
    found = []
    for name in (*HIGHER, *LOWER):
        both = [pair for pair in pairs if all(name in result.scores for result in pair)]
        if not both:
            continue
        old, now = (figures_of([pair[side] for pair in both])[name] for side in (0, 1))
        p = None
        if old.count is not None:
            turned = [(a.scores[name], b.scores[name]) for a, b in both]
            p = mcnemar(turned.count((1.0, 0.0)), turned.count((0.0, 1.0)))
        found.append(Change(name, old.value, now.value, len(both), p))
    return found
