"""A run held against an earlier one: which cases turned, which figures moved, and whether by more than is allowed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from assistant.errors import InputError
from assistant.evaluation.causes import Made, differences
from assistant.evaluation.figures import figures_of
from assistant.evaluation.flips import Cause, Flip, causes_of, flips_of
from assistant.evaluation.results import Result, parse_results
from assistant.evaluation.rundir import RESULTS, read_documents, read_run
from assistant.evaluation.sets import Case, asked_hash
from assistant.evaluation.statistics import mcnemar
from assistant.types import Question

# What is held against a baseline; of the second row, less is better.
HIGHER = ("correct", "hit@5", "recall@5", "citation_recall", "citation_precision", "verified", "same")
LOWER = ("false_answers", "false_refusals")


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
    causes: tuple[Cause, ...] = ()  # of the flips, first what explains most of those for the worse

    @property
    def regressions(self) -> list[Change]:
        """The figures that are worse by more than is allowed; rounding of the last digits is not."""
        return [c for c in self.changes if self.allowed is not None and c.worse_by > self.allowed + 1e-12]


class Baseline(NamedTuple):
    """An earlier run: what it was made of, its results, and its documents by path and hash, where it tells them."""

    made_of: dict[str, Any]
    results: list[Result]
    documents: dict[str, str] | None = None


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
        lines = path.read_bytes().splitlines()
        return Baseline(stored["made_of"], parse_results(lines, str(path)), read_documents(folder))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def check_comparable(cases: Sequence[Case], baseline: Baseline, name: str) -> None:
    """Find out before anything is asked whether a baseline can be compared with.

    Raises:
        InputError: it asked none of these questions.
    """
    known = {_asked(result) for result in baseline.results}
    if not any(asked_hash(case.asked()) in known for case in cases):
        sets = ", ".join(dict.fromkeys(result.set for result in baseline.results)) or "no set"
        raise InputError(f"--baseline {name}: it asked none of these questions, but {len(known)} others, of {sets}")


def compare(
    made: Made, results: Sequence[Result], baseline: Baseline, name: str, allowed: float | None
) -> Comparison:
    """A run held against a baseline, over the questions that both asked.

    Raises:
        InputError: there are no such questions.
    """
    before = Made(baseline.made_of, baseline.documents)
    pairs = _pairs(baseline.results, results)
    if not pairs:
        raise InputError(f"--baseline {name}: it asked none of these questions")
    differing = [part for part in {**before.of, **made.of} if before.of.get(part) != made.of.get(part)]
    flips = flips_of(pairs, differences(before, made))
    counts = len(baseline.results) - len(pairs), len(results) - len(pairs)
    changes = tuple(_changes(pairs))
    return Comparison(name, tuple(differing), *counts, changes, tuple(flips), allowed, causes_of(flips))


def _pairs(before: Sequence[Result], now: Sequence[Result]) -> list[tuple[Result, Result]]:
    """The results of the same questions after the same turns; of several, first those of one id, and of one set."""
    asked: dict[str, list[Result]] = {}
    for result in before:
        asked.setdefault(_asked(result), []).append(result)
    found: dict[int, Result] = {}
    alike: tuple[Callable[[Result, Result], bool], ...] = (
        lambda old, new: (old.id, old.set) == (new.id, new.set),
        lambda old, new: old.id == new.id,
        lambda old, new: True,
    )
    for likeness in alike:
        for number, result in enumerate(now):
            others = asked.get(_asked(result), [])
            same = next((i for i, other in enumerate(others) if likeness(other, result)), None)
            if number not in found and same is not None:
                found[number] = others.pop(same)
    return [(found[number], result) for number, result in enumerate(now) if number in found]


def _asked(result: Result) -> str:
    """The hash of the question with its turns; a run of an earlier version has none, and is read as without turns."""
    return result.asked or asked_hash(Question(result.question))


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
