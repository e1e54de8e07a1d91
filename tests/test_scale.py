"""The scale of the confidence: fitted where it is shown to be off, left alone where it is not."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from assistant.evaluation.scale import fit_scale, platt


def drawn(seed: int, of: int, intercept: float, slope: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits and kinds, as many of either, where `intercept + slope * logit` is the true logit."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0.0, 2.0, 4 * of)
    answerable = rng.random(4 * of) < 1 / (1 + np.exp(-true))
    chosen = np.sort(np.concatenate([np.flatnonzero(answerable)[: of // 2], np.flatnonzero(~answerable)[: of // 2]]))
    return (true[chosen] - intercept) / slope, answerable[chosen]


def alone(logits: np.ndarray) -> list[str]:
    return [str(number) for number in range(len(logits))]


def test_a_scale_that_is_off_is_found():
    logits, answerable = drawn(1, 2000, intercept=1.5, slope=0.5)
    scale = fit_scale(logits, answerable, alone(logits))
    assert scale.changes
    assert scale.intercept == pytest.approx(1.5, abs=0.25)
    assert scale.slope == pytest.approx(0.5, abs=0.06)
    assert scale.loss_after < scale.loss_before


def test_a_scale_that_is_right_is_left_alone():
    changed = [fit_scale(*drawn(seed, 100, 0.0, 1.0), alone(range(100))).changes for seed in range(200)]
    assert np.mean(changed) <= 0.06


def test_unanswerable_questions_that_are_few_move_nothing():
    logits, answerable = drawn(2, 2000, intercept=0.0, slope=1.0)
    kept = answerable | (np.arange(len(logits)) % 5 == 0)
    intercept, slope = platt(logits[kept], answerable[kept])
    assert intercept == pytest.approx(0.0, abs=0.3)
    assert slope == pytest.approx(1.0, abs=0.15)


def test_questions_of_a_cluster_are_held_out_together():
    # One cluster alone speaks for another scale: seen with its own copies, it would win.
    rng = np.random.default_rng(3)
    logits, answerable = drawn(3, 60, 0.0, 1.0)
    copies = np.tile(rng.normal(4.0, 0.1, 1), 60)
    both, kinds = np.concatenate([logits, copies]), np.concatenate([answerable, np.zeros(60, dtype=bool)])
    together = [*alone(logits), *["one"] * 60]
    assert fit_scale(both, kinds, alone(both)).loss_after < fit_scale(both, kinds, together).loss_after


def test_a_confidence_that_falls_where_it_should_rise_is_left_alone():
    logits, answerable = drawn(4, 400, 0.0, 1.0)
    assert not fit_scale(-logits, answerable, alone(logits)).changes


@given(st.integers(0, 10_000), st.integers(4, 60), st.floats(-3, 3), st.floats(0.2, 3))
@example(26, 4, 0.0, 0.21875)  # begins far out, where the curve is flat
@settings(max_examples=40, deadline=None)
def test_the_fit_is_that_of_a_general_optimiser(seed: int, of: int, intercept: float, slope: float):
    logits, answerable = drawn(seed, 2 * (of // 2), intercept, slope)
    many, few = answerable.sum(), (~answerable).sum()
    target = np.where(answerable, (many + 1) / (many + 2), 1 / (few + 2))
    weight = np.where(answerable, 0.5 / many, 0.5 / few)

    def loss(w: np.ndarray) -> float:
        z = w[0] + w[1] * logits
        return float(weight @ (np.logaddexp(0, z) - target * z))

    found = minimize(loss, [0.0, 1.0], method="BFGS", options={"gtol": 1e-9})
    assert loss(np.array(platt(logits, answerable))) <= found.fun + 1e-9


def test_kinds_that_are_wholly_apart_have_a_finite_scale():
    logits = np.array([-9.0, -8.0, -7.0, 7.0, 8.0, 9.0])
    assert np.isfinite(platt(logits, logits > 0)).all()
    assert np.isfinite(platt(np.zeros(6), logits > 0)).all()
