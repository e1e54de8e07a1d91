"""The confidence below which to refuse, fitted to questions of which it is known whether they are answered.

The coefficients stay those that ship: they rest on far more questions than people write. decisions/refusal.md has
the reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.answer.calibration import Rate
from assistant.answer.confidence import probability
from assistant.errors import InputError
from assistant.evaluation.scale import Scale, fit_scale
from assistant.evaluation.statistics import auroc, rate

FEWEST = 20  # of either kind: with fewer, an interval of a rate is wider than what one wants to know
KEEP = 0.95
SHOWN = (0.99, 0.95, 0.90, 0.80, 0.70)  # shares of answerable questions kept, in the table


@dataclass(frozen=True, slots=True)
class Goal:
    """What a threshold is to achieve on new questions."""

    what: Literal["keep", "max false answers"]
    share: float  # of the answerable questions, or of the others

    def __str__(self) -> str:
        """As it is stored and shown."""
        return f"{self.what} {self.share:g}"

    @property
    def needed(self) -> int:
        """How many questions of the kind that decides it takes to tell, the promise alone."""
        spared = 1 - self.share if self.what == "keep" else self.share
        return ceil(1 / spared - 1 - 1e-9)


def parse_goal(keep: float | None, max_false_answers: float | None) -> Goal:
    """The goal of somebody who gives one of these, or neither.

    Raises:
        InputError: both are given, or it is no share.
    """
    if keep is not None and max_false_answers is not None:
        raise InputError("give --keep or --max-false-answers, not both: one threshold cannot promise two things")
    goal = Goal("keep", KEEP if keep is None else keep)
    if max_false_answers is not None:
        goal = Goal("max false answers", max_false_answers)
    if not 0 < goal.share < 1:
        raise InputError(f"{goal}: the share has to lie between 0 and 1, as in 0.95")
    return goal


@dataclass(frozen=True, slots=True)
class Asked:
    """Of each question: the shipped model's logit, whether the documents answer it, and what it is independent of."""

    logits: NDArray[np.float64]
    answerable: NDArray[np.bool_]
    clusters: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A threshold, and what comes of it."""

    name: str
    threshold: float
    false_answers: Rate
    false_refusals: Rate


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and what to choose from."""

    goal: Goal
    scale: Scale
    chosen: Outcome
    others: tuple[Outcome, ...]
    auroc: float


def fit(asked: Asked, goal: Goal, shipped_threshold: float) -> Fit:
    """The threshold for a goal, the scale, and the rates that are seen at it and at others."""
    scale = fit_scale(asked.logits, asked.answerable, asked.clusters)
    confidence = np.array([probability(scale.of(logit)) for logit in asked.logits])
    yes, no = confidence[asked.answerable], confidence[~asked.answerable]

    def outcome(name: str, threshold: float) -> Outcome:
        answers, refusals = int((no >= threshold).sum()), int((yes < threshold).sum())
        return Outcome(name, threshold, rate(answers, len(no)), rate(refusals, len(yes)))

    place = threshold_keeping if goal.what == "keep" else threshold_stopping
    shares = [share for share in SHOWN if Goal("keep", share).needed <= len(yes)]
    others = [outcome(f"keep {share:g}", threshold_keeping(yes, no, share)) for share in shares]
    odds = log(shipped_threshold / (1 - shipped_threshold))
    others.append(outcome("as shipped", probability(scale.of(odds))))
    chosen = outcome(str(goal), place(yes, no, goal.share))
    return Fit(goal, scale, chosen, tuple(o for o in others if o.name != chosen.name), auroc(yes, no))


def threshold_keeping(yes: NDArray[np.float64], no: NDArray[np.float64], share: float) -> float:
    """A threshold below which a new answerable question falls with a chance of at most 1 - `share`.

    Of n answerable questions it lies at the k-th lowest, k = ⌊(n + 1)(1 - share)⌋: a new one from the same source is
    equally likely to fall into any of the n + 1 gaps between them, so with a chance of k / (n + 1) below it. This is
    split conformal prediction (Papadopoulos and others, 2002; Vovk, Gammerman and Shafer, 2005). Too few give
    k = 0, and then it is the lowest. Halfway to the next lower confidence, rounding elsewhere changes nothing.
    """
    spared = floor((len(yes) + 1) * (1 - share) + 1e-9)
    lowest_kept = np.sort(yes)[max(spared, 1) - 1]
    both = np.concatenate([yes, no])
    return float((both[both < lowest_kept].max(initial=0.0) + lowest_kept) / 2)


def threshold_stopping(yes: NDArray[np.float64], no: NDArray[np.float64], share: float) -> float:
    """A threshold that a new unanswerable question reaches with a chance of at most `share`; otherwise the same."""
    spared = floor((len(no) + 1) * share + 1e-9)
    highest_stopped = np.sort(no)[-max(spared, 1)]
    both = np.concatenate([yes, no])
    return float((both[both > highest_stopped].min(initial=1.0) + highest_stopped) / 2)
