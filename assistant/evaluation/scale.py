"""Whether the confidence is a probability on somebody's questions, and two numbers that make it one.

J. C. Platt (1999), "Probabilistic outputs for support vector machines": a logistic regression on the score alone,
with targets a little off 0 and 1. Both kinds of questions weigh the same, so that the confidence does not depend on
how many unanswerable ones somebody wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

FOLDS = 10
SURE = 2.0  # standard errors by which a scale has to be better: by chance it is so once in forty times
STEPS = 500
LEAST, ENOUGH = 1e-9, 1e-9  # damping, and a step that changes nothing

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scale:
    """`intercept + slope * logit`, and what it changes: the mean log loss in cross-validation, in nats."""

    intercept: float
    slope: float
    loss_before: float
    loss_after: float

    def of(self, logit: float) -> float:
        """A shipped logit on this scale."""
        return self.intercept + self.slope * logit

    @property
    def changes(self) -> bool:
        """Whether it is another scale than the shipped one."""
        return (self.intercept, self.slope) != (0.0, 1.0)


def fit_scale(logits: Floats, answerable: Booleans, clusters: Sequence[str]) -> Scale:
    """The scale by Platt's method, or the shipped one where cross-validation does not show that another is better.

    No fold holds a part of a cluster only: questions of one cluster are not independent of each other.
    """
    weight = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean()))
    before = weight * _loss(logits, answerable)
    after = np.zeros(len(logits))
    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    fold = np.array([numbers[name] for name in clusters]) % FOLDS
    for held_out in (fold == k for k in range(FOLDS)):
        if len({*answerable[~held_out]}) == 2:
            intercept, slope = platt(logits[~held_out], answerable[~held_out])
        else:
            intercept, slope = 0.0, 1.0
        after[held_out] = (weight * _loss(intercept + slope * logits, answerable))[held_out]
    gain = before - after
    intercept, slope = platt(logits, answerable)
    sure = gain.mean() > SURE * gain.std() / sqrt(len(gain))
    # A confidence that falls where it should rise is no scale of it.
    used = (intercept, slope) if sure and slope > 0 else (0.0, 1.0)
    return Scale(*used, float(before.mean()), float(after.mean()))


def platt(logits: Floats, answerable: Booleans) -> tuple[float, float]:
    """Intercept and slope that make both kinds of questions likeliest, by Newton's method, damped where it must be.

    The damping is that of D. W. Marquardt (1963), "An algorithm for least-squares estimation".
    """
    many, few = answerable.sum(), (~answerable).sum()
    target = np.where(answerable, (many + 1) / (many + 2), 1 / (few + 2))
    weight = np.where(answerable, 0.5 / many, 0.5 / few)
    x = np.stack([np.ones_like(logits), logits], axis=1)

    def loss(w: Floats) -> float:
        z = x @ w
        return float(weight @ (np.logaddexp(0.0, z) - target * z))

    w, damping = np.array([0.0, 1.0]), LEAST
    for _ in range(STEPS):
        p = _expit(x @ w)
        gradient = x.T @ (weight * (p - target))
        hessian = (x.T * (weight * p * (1 - p))) @ x
        step = np.linalg.solve(hessian + damping * np.eye(2), gradient)
        if loss(w - step) > loss(w) - 1e-4 * float(gradient @ step):
            damping *= 10  # far out the curve is flat, and a whole step of Newton's goes astray
            continue
        w, damping = w - step, max(damping / 10, LEAST)
        if float(np.abs(step).max()) < ENOUGH:
            break
    return float(w[0]), float(w[1])


def _loss(logits: Floats, answerable: Booleans) -> Floats:
    return np.logaddexp(0.0, np.where(answerable, -logits, logits))


def _expit(z: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(z, -60.0, 60.0)))
