"""Rates with intervals, and how well a score tells two kinds apart."""

from collections.abc import Hashable, Sequence
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assistant.answer.calibration import Rate

LEVEL = 0.95  # of every interval
RESAMPLES = 2000
MOST_AT_ONCE = 4_000_000  # counts of clusters that are drawn together, for memory


def rate(count: int, of: int) -> Rate:
    """The rate of `count` in `of`, with Wilson's interval.

    Raises:
        ValueError: `of` is 0, or `count` is not between 0 and it.
    """
    return Rate(count, of, *wilson(count, of))


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


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """The chance that a score of `positive` is above one of `negative`, ties by half; neither may be empty.

    The area under the ROC curve is this statistic of Mann and Whitney (J. A. Hanley and B. J. McNeil, 1982).
    """
    below = np.sort(np.asarray(negative, dtype=np.float64))
    scores = np.asarray(positive, dtype=np.float64)
    wins = np.searchsorted(below, scores, "left") + np.searchsorted(below, scores, "right")
    return float(wins.sum() / (2 * len(scores) * len(below)))


def mean_interval(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[float, float]:
    """The interval of a mean, lower and upper end, by the cluster bootstrap; the same for the same values.

    Questions of one cluster are drawn together, since they are not independent of each other (C. A. Field and A. H.
    Welsh, 2007, "Bootstrapping clustered data"). The ends are percentiles of the means of `RESAMPLES` draws, taken
    apart from the mean by sqrt(c / (c - 1)) for c clusters, without which few clusters give too narrow an interval.
    Where all values are 0, or all 1, the interval is Wilson's, of so many clusters. A single cluster tells nothing of
    how others vary: the interval is all from 0 to 1, where values lie.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("no mean of nothing")
    names = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    count = len(names)
    if count == 1:
        return 0.0, 1.0
    which = np.array([names[name] for name in clusters])
    sums = np.bincount(which, weights=np.asarray(values, dtype=np.float64))
    sizes = np.bincount(which)
    mean = float(sums.sum() / sizes.sum())
    if mean in (0.0, 1.0):
        return wilson(int(mean) * count, count)
    random, means = np.random.default_rng(0), list[NDArray[np.float64]]()
    batch = max(1, MOST_AT_ONCE // count)
    for first in range(0, RESAMPLES, batch):
        size = min(batch, RESAMPLES - first)
        times = random.multinomial(count, np.full(count, 1 / count), size=size)
        means.append((times @ sums) / (times @ sizes))
    low, high = np.percentile(np.concatenate(means), [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    wider = sqrt(count / (count - 1))
    return max(0.0, mean - wider * (mean - float(low))), min(1.0, mean + wider * (float(high) - mean))


def mcnemar(one_way: int, other_way: int) -> float:
    """The chance that cases which turned one way and the other differ as much or more, if either is as likely.

    Q. McNemar (1947), by the exact binomial distribution, both sides; 1 where none turned.
    """
    turned = one_way + other_way
    # Of whole numbers, since 2^turned is beyond a float for many cases.
    tail = term = 1
    for n in range(min(one_way, other_way)):
        term = term * (turned - n) // (n + 1)  # "n + 1 of turned"
        tail += term
    return min(1.0, float(2 * tail / 2**turned))
