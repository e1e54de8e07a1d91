"""Intervals that cover what they say, and the area under the curve as others compute it."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from assistant.answer.calibration import rule_of_three
from assistant.evaluation.statistics import auroc, mcnemar, mean_interval, rate, wilson

COUNTS = st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
SCORES = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=30)


def test_wilson_is_the_root_of_the_score_test():
    # Both ends p solve |seen - p| = z sqrt(p (1 - p) / n), which is how the interval is defined.
    low, high = wilson(7, 40)
    for end in (low, high):
        assert abs(7 / 40 - end) == pytest.approx(1.959964 * sqrt(end * (1 - end) / 40), abs=1e-7)
    assert low < 7 / 40 < high


@pytest.mark.parametrize("of", [20, 40, 134, 600])
@pytest.mark.parametrize("true", [0.02, 0.05, 0.2, 0.5, 0.9])
def test_wilson_covers_the_true_rate_about_as_often_as_it_says(of: int, true: float):
    counts = np.random.default_rng(of).binomial(of, true, size=20_000)
    ends = np.array([wilson(count, of) for count in range(of + 1)])[counts]
    covered = float(((ends[:, 0] <= true) & (true <= ends[:, 1])).mean())
    # Its coverage swings around .95 for few questions and rare events; Brown, Cai and DasGupta (2001), figure 5.
    assert 0.90 <= covered <= 0.985


@given(COUNTS)
def test_an_interval_holds_the_rate_and_turns_with_it(counted: tuple[int, int]):
    count, of = counted
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    assert wilson(of - count, of) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("of", [1, 4, 8, 16])
def test_of_few_wilson_covers_what_it_says_over_all_rates_and_is_not_wider_than_it_has_to_be(of: int):
    random = np.random.default_rng(of)
    true = random.uniform(size=40_000)
    ends = np.array([wilson(count, of) for count in range(of + 1)])[random.binomial(of, true)]
    covered = float(((ends[:, 0] <= true) & (true <= ends[:, 1])).mean())
    assert 0.94 <= covered <= 0.965
    assert (rate(0, of).low, rate(0, of).high) == wilson(0, of) and rate(0, of).high < 1
    assert (rate(of, of).low, rate(of, of).high) == wilson(of, of) and rate(of, of).low > 0


@pytest.mark.parametrize("of", [1, 2, 5, 20, 36, 1000])
def test_below_the_rule_of_three_lies_all_that_is_seen_not_once_in_twenty(of: int):
    bound = rule_of_three(of)
    assert 0 < bound < 1 and (of < 20 or bound == pytest.approx(3 / of, rel=0.08))
    random = np.random.default_rng(of)
    none_seen = [float((random.binomial(of, true, size=40_000) == 0).mean()) for true in (bound, (1 + bound) / 2)]
    assert none_seen[0] == pytest.approx(0.05, abs=0.006)  # its true rate would be missed as often as said
    assert none_seen[1] < 0.05


@pytest.mark.parametrize(("count", "of"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_rate_is_refused(count: int, of: int):
    with pytest.raises(ValueError, match="no rate"):
        rate(count, of)


@given(SCORES, SCORES)
def test_auroc_is_that_of_scikit_learn(positive: list[float], negative: list[float]):
    labels = [1] * len(positive) + [0] * len(negative)
    assert auroc(positive, negative) == pytest.approx(roc_auc_score(labels, positive + negative))


@pytest.mark.parametrize(("clusters", "each", "share"), [(30, 1, 0.0), (40, 5, 0.8), (120, 3, 0.5)])
def test_a_mean_is_covered_about_as_often_as_said_where_questions_depend_on_each_other(
    clusters: int, each: int, share: float
):
    """Values of a cluster have `share` of their variance in common; their true mean is a half."""
    random = np.random.default_rng(clusters)
    covered, naive = 0, 0
    runs = 400
    for _ in range(runs):
        common = random.normal(size=(clusters, 1))
        values = sqrt(share) * common + sqrt(1 - share) * random.normal(size=(clusters, each))
        values = np.clip(0.5 + 0.1 * values, 0, 1).ravel()
        low, high = mean_interval(list(values), [n // each for n in range(len(values))])
        covered += low <= 0.5 <= high
        naive += abs(values.mean() - 0.5) <= 1.96 * values.std() / sqrt(len(values))
    assert 0.90 <= covered / runs <= 0.98
    assert each == 1 or naive < covered - 0.05 * runs  # which is why clusters are drawn together


@pytest.mark.parametrize("of", [40, 134, 300])
@pytest.mark.parametrize("true", [0.005, 0.03, 0.5, 0.985])
def test_a_rate_is_covered_about_as_often_as_said_with_the_rule_of_three_at_its_ends(of: int, true: float):
    counts = np.random.default_rng(of).binomial(of, true, size=20_000)
    rates = [rate(count, of) for count in range(of + 1)]
    ends = np.array([(each.low, each.high) for each in rates])[counts]
    assert 0.90 <= float(((ends[:, 0] <= true) & (true <= ends[:, 1])).mean())


@pytest.mark.parametrize(("clusters", "true"), [(40, 0.5), (48, 0.85), (120, 0.95)])
def test_a_mean_of_noughts_and_ones_is_covered_in_clusters_of_any_size(clusters: int, true: float):
    """Each cluster has a rate of its own around `true`, and 1 to 40 questions, as articles of a public set have."""
    random = np.random.default_rng(clusters)
    covered, runs = 0, 400
    for _ in range(runs):
        sizes = random.integers(1, 40, size=clusters)
        own = random.beta(8 * true, 8 * (1 - true), size=clusters)
        values = [float(value) for p, size in zip(own, sizes, strict=True) for value in random.random(size) < p]
        names = [number for number, size in enumerate(sizes) for _ in range(size)]
        low, high = mean_interval(values, names)
        covered += low <= true <= high
    assert 0.90 <= covered / runs <= 0.985


@pytest.mark.parametrize("turned", [12, 60])
def test_mcnemar_seldom_sees_a_difference_where_there_is_none(turned: int):
    one_way = np.random.default_rng(turned).binomial(turned, 0.5, size=20_000)
    chances = np.array([mcnemar(n, turned - n) for n in range(turned + 1)])[one_way]
    assert 0.005 <= float((chances < 0.05).mean()) <= 0.05  # an exact test never errs more often than it says


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), min_size=1, max_size=20))
def test_the_interval_of_a_mean_holds_it_and_comes_again(given: list[tuple[float, int]]):
    values, clusters = [v for v, _ in given], [c for _, c in given]
    low, high = mean_interval(values, clusters)
    assert 0 <= low <= sum(values) / len(values) + 1e-9 and sum(values) / len(values) - 1e-9 <= high <= 1
    assert mean_interval(values, clusters) == (low, high)


def test_means_at_an_end_and_of_one_cluster_tell_little():
    assert mean_interval([1.0] * 30, range(30)) == wilson(30, 30)
    assert mean_interval([0.0] * 60, [n // 2 for n in range(60)]) == wilson(0, 30)
    assert mean_interval([0.3, 0.4], ["a", "a"]) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no mean"):
        mean_interval([], [])


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_mcnemar_is_the_exact_binomial_test(one: int, other: int):
    expected = binomtest(one, one + other).pvalue if one + other else 1.0
    assert mcnemar(one, other) == pytest.approx(expected, rel=1e-6, abs=1e-12) == mcnemar(other, one)
