"""Thresholds that promise a share, and keep it on questions that they were not fitted to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.evaluation.thresholds import (
    Asked,
    Goal,
    fit,
    parse_goal,
    threshold_keeping,
    threshold_stopping,
)

SHARES = [0.8, 0.9, 0.95]
CONFIDENCES = st.lists(st.floats(0, 1), min_size=1, max_size=60).map(np.array)


def population(seed: int, of: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.beta(4, 2, of), rng.beta(2, 4, of)


@pytest.mark.parametrize("of", [20, 35, 100])
@pytest.mark.parametrize("share", SHARES)
def test_new_answerable_questions_are_kept_at_the_promised_share(share: float, of: int):
    new, _ = population(99, 100_000)
    kept = [(new >= threshold_keeping(*population(seed, of), share)).mean() for seed in range(2000)]
    # Halfway to the next lower confidence keeps a little more than the promise.
    assert share - 0.003 <= np.mean(kept) <= share + 1.5 / of


@pytest.mark.parametrize("of", [20, 35, 100])
@pytest.mark.parametrize("share", SHARES)
def test_new_unanswerable_questions_are_answered_at_most_at_the_promised_share(share: float, of: int):
    _, new = population(99, 100_000)
    answered = [(new >= threshold_stopping(*population(seed, of), 1 - share)).mean() for seed in range(2000)]
    assert 1 - share - 1.5 / of <= np.mean(answered) <= 1 - share + 0.003


@given(CONFIDENCES, CONFIDENCES, st.floats(0.01, 0.99))
def test_at_the_threshold_the_promise_holds_for_the_questions_themselves(
    yes: np.ndarray, no: np.ndarray, share: float
):
    keeping, stopping = threshold_keeping(yes, no, share), threshold_stopping(yes, no, share)
    assert 0 <= keeping <= 1 and 0 <= stopping <= 1
    assert (yes < keeping).sum() <= (len(yes) + 1) * (1 - share) + 1e-6
    answered = (no > stopping) if stopping in no else (no >= stopping)
    assert answered.sum() <= (len(no) + 1) * share + 1e-6


def test_a_threshold_lies_between_two_questions():
    yes, no = np.array([0.9, 0.8, 0.5, 0.3]), np.array([0.4, 0.1])
    assert threshold_keeping(yes, no, 0.5) == pytest.approx((0.5 + 0.4) / 2)  # k = 2
    assert threshold_keeping(yes, no, 0.8) == pytest.approx((0.3 + 0.1) / 2)  # k = 1
    assert threshold_keeping(yes, no, 0.99) == pytest.approx((0.3 + 0.1) / 2)  # too few to tell: all are kept
    assert threshold_stopping(yes, no, 0.4) == pytest.approx((0.4 + 0.5) / 2)  # k = 1
    assert threshold_stopping(yes, no, 0.7) == pytest.approx((0.1 + 0.3) / 2)  # k = 2


def asked(of: int, shift: float = 0.0) -> Asked:
    rng = np.random.default_rng(5)
    # With normal scores of means m and -m and deviation 1, the true logit is 2m times the score.
    logits = 3 * np.concatenate([rng.normal(1.5, 1, of), rng.normal(-1.5, 1, of)]) + shift
    return Asked(logits, np.arange(2 * of) < of, [str(i) for i in range(2 * of)])


def test_a_fit_says_what_comes_of_it():
    found = fit(asked(200), Goal("keep", 0.9), shipped_threshold=0.5)
    # 201 * 0.1 = 20.1: the twentieth lowest is the first that is kept.
    assert (found.chosen.false_refusals.count, found.chosen.false_refusals.of) == (19, 200)
    assert found.chosen.false_answers.count == 4 and found.chosen.name == "keep 0.9"
    assert {o.name for o in found.others} == {"keep 0.99", "keep 0.95", "keep 0.8", "keep 0.7", "as shipped"}
    shares = sorted((o.threshold, o.false_refusals.count, -o.false_answers.count) for o in found.others)
    assert shares == sorted(shares, key=lambda s: s[1]) == sorted(shares, key=lambda s: s[2])


def test_the_shipped_threshold_is_shown_on_the_new_scale_and_does_what_it_did():
    plain, shifted = (fit(asked(200, shift), Goal("keep", 0.9), 0.5) for shift in (0.0, -4.0))
    assert shifted.scale.changes and not plain.scale.changes
    shipped = next(o for o in shifted.others if o.name == "as shipped")
    yes = asked(200, -4.0).logits[:200]
    assert shipped.false_refusals.count == (yes < 0.0).sum() > 0
    assert shifted.chosen.false_answers == plain.chosen.false_answers
    assert shifted.auroc == pytest.approx(plain.auroc)


@pytest.mark.parametrize(
    ("goal", "needed"),
    [
        (Goal("keep", 0.5), 1),
        (Goal("keep", 0.95), 19),
        (Goal("keep", 0.98), 49),
        (Goal("keep", 0.99), 99),
        (Goal("max false answers", 0.01), 99),
    ],
)
def test_as_many_questions_are_needed_as_the_promise_takes(goal: Goal, needed: int):
    assert goal.needed == needed
    yes, no = population(1, needed)
    place = threshold_keeping if goal.what == "keep" else threshold_stopping
    spared = (
        (yes < place(yes, no, goal.share)).sum() if goal.what == "keep" else (no >= place(yes, no, goal.share)).sum()
    )
    assert spared == int((needed + 1) * (1 - goal.share if goal.what == "keep" else goal.share) + 1e-9) - 1


def test_a_goal_is_one_share():
    assert str(parse_goal(None, None)) == "keep 0.95"
    assert parse_goal(0.9, None) == Goal("keep", 0.9)
    assert str(parse_goal(None, 0.05)) == "max false answers 0.05"
    with pytest.raises(InputError, match="not both"):
        parse_goal(0.9, 0.1)
    for share in (0.0, 1.0, float("nan"), -1.0):
        with pytest.raises(InputError, match="between 0 and 1"):
            parse_goal(share, None)
