"""Rates with intervals, and how well a score tells two kinds apart."""

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from assistant.answer.calibration import Rate

LEVEL = 0.95  # of every interval


def rate(count: int, of: int) -> Rate:
    """The rate of `count` in `of`, with Wilson's interval, and where all or none were seen that of the rule of three.

    Raises:
        ValueError: `of` is 0, or `count` is not between 0 and it.
    """
    low, high = wilson(count, of)
    if count == 0:
        high = rule_of_three(of)
    elif count == of:
        low = 1.0 - rule_of_three(of)
    return Rate(count, of, low, high)


def wilson(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval for a rate, lower and upper end.

    E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference". It covers the true
    rate about as often as it says for small numbers and rates near 0 and 1, too, where the usual one does not (Brown,
    Cai and DasGupta, 2001).

    Raises:
        ValueError: `of` is 0, or `count` is not between 0 and it.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"no rate: {count} of {of}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    seen = count / of
    middle = (seen + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(seen * (1 - seen) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    # At both ends the formula gives 0 and 1 but for rounding.
    return (0.0 if count == 0 else max(0.0, middle - half), 1.0 if count == of else min(1.0, middle + half))


def rule_of_three(of: int) -> float:
    """The rate below which the true one lies with 95% confidence where 0 of `of` were seen: 3/n, at most 1.

    J. A. Hanley and A. Lippman-Hand (1983), "If nothing goes wrong, is everything all right?": (1 - p)^n = 0.05.
    """
    return min(1.0, 3 / of)


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """The chance that a score of `positive` is above one of `negative`, ties by half; neither may be empty.

    The area under the ROC curve is this statistic of Mann and Whitney (J. A. Hanley and B. J. McNeil, 1982).
    """
    below = np.sort(np.asarray(negative, dtype=np.float64))
    scores = np.asarray(positive, dtype=np.float64)
    wins = np.searchsorted(below, scores, "left") + np.searchsorted(below, scores, "right")
    return float(wins.sum() / (2 * len(scores) * len(below)))
