"""The measures: against ir-measures, against SQuAD's definitions worked out by hand, and by what must always hold."""

import random

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation import metrics
from assistant.evaluation.metrics import Point
from assistant.evaluation.sets import Numeric

HELD = st.lists(st.sets(st.integers(0, 5), max_size=3), max_size=12)


@pytest.mark.parametrize("seed", range(5))
def test_rankings_measure_as_with_ir_measures(seed: int):
    """Each passage that is relevant holds one source of its own, so that sources and passages are the same."""
    random.seed(seed)
    qrels, run, ours = [], [], []
    for query in map(str, range(20)):
        passages = [f"p{n}" for n in range(30)]
        relevant = random.sample(passages, random.randint(1, 15))
        ranked = random.sample(passages, random.randint(1, 20))
        qrels += [ir_measures.Qrel(query, passage, 1) for passage in relevant]
        run += [ir_measures.ScoredDoc(query, p, -float(rank)) for rank, p in enumerate(ranked)]
        held = [{relevant.index(p)} if p in relevant else set() for p in ranked]
        ours.append((held, len(relevant)))
    mean = {
        **{f"R@{k}": [metrics.recall_at(k, held, of) for held, of in ours] for k in (1, 3, 5, 10)},
        **{f"Success@{k}": [float(metrics.hit_at(k, held)) for held, _ in ours] for k in (1, 3, 5, 10)},
        **{f"nDCG@{k}": [metrics.ndcg_at(k, held, of) for held, of in ours] for k in (1, 5, 10, 20)},
        "RR": [metrics.reciprocal_rank(held) for held, _ in ours],
    }
    theirs = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in mean], qrels, run)
    for measure, value in theirs.items():
        assert value == pytest.approx(sum(mean[str(measure)]) / len(ours)), measure


@given(HELD, st.integers(1, 12))
def test_rankings_are_measured_between_0_and_1_and_never_worse_deeper(held: list[set[int]], k: int):
    values = [metrics.recall_at(k, held, 6), float(metrics.hit_at(k, held)), metrics.reciprocal_rank(held)]
    assert all(0 <= value <= 1 for value in values)
    assert metrics.recall_at(k + 1, held, 6) >= values[0] and metrics.hit_at(k + 1, held) >= values[1]
    relevant = sum(map(bool, held))
    if relevant:
        assert 0 <= metrics.ndcg_at(k, held, relevant) <= 1 + 1e-9
        best = sorted(held, key=bool, reverse=True)
        assert metrics.ndcg_at(k, best, relevant) == pytest.approx(1)


def test_one_passage_may_hold_several_sources_and_counts_each_once():
    held = [{0, 1}, set(), {1, 2}]
    assert [metrics.recall_at(k, held, 4) for k in (1, 2, 3)] == [0.5, 0.5, 0.75]
    assert metrics.reciprocal_rank([set(), {3}]) == 0.5 and metrics.reciprocal_rank([set()]) == 0


@pytest.mark.parametrize(
    ("said", "answers", "exact", "f1"),
    [
        ("The Denver Broncos", ["Denver Broncos"], True, 1.0),
        ("an apple a day!", ["apple day"], True, 1.0),
        ("in 1,066", ["1066"], False, 2 / 3),  # of two words one is shared: P 1/2, R 1
        ("the cat sat on the mat", ["cat on a mat"], False, 6 / 7),  # cat sat on mat; cat on mat: P 3/4, R 1
        ("to be or not to be", ["to be"], False, 0.5),  # shared with their numbers: P 2/6, R 1
        ("blue", ["red", "dark blue"], False, 2 / 3),
        ("theatre", ["atre"], False, 0.0),  # an article is a word
        ("", ["Paris"], False, 0.0),
        ("the", ["a"], True, 1.0),  # neither has a word left
        ("caf\u00e9—bar", ["caf\u00e9 bar"], False, 0.0),  # only ASCII punctuation goes
    ],
)
def test_answers_measure_as_squad_defines(said: str, answers: list[str], exact: bool, f1: float):
    assert metrics.exact(said, answers) is exact
    assert metrics.token_f1(said, answers) == pytest.approx(f1)


SAID = st.one_of(
    st.text("ab ,.-the\n\u00a0\u00e9\u0130\u2014", max_size=20),
    st.lists(
        st.sampled_from(["The", "a", "an", "cat,", "Cat", "54", "5.4", "--", "\u00e9t\u00e9", "is"]), max_size=8
    ).map(" ".join),
)


@settings(deadline=None)
@given(SAID, st.lists(SAID, min_size=1, max_size=3))
def test_answers_measure_as_with_squads_script(said: str, answers: list[str]):
    """torchmetrics has the official script, and tells percentages of single floats."""
    from torchmetrics.functional.text import squad  # seconds to import

    prediction = {"prediction_text": said, "id": "1"}
    target = {"answers": {"text": answers, "answer_start": [0] * len(answers)}, "id": "1"}
    theirs = squad(prediction, target)
    assert float(theirs["exact_match"]) == 100 * metrics.exact(said, answers)
    assert float(theirs["f1"]) == pytest.approx(100 * metrics.token_f1(said, answers), abs=1e-4)


@given(st.text("ab ,.the", max_size=20), st.text("ab ,.the", max_size=20))
def test_f1_is_symmetric_and_1_for_what_is_exact(one: str, other: str):
    assert metrics.token_f1(one, [other]) == pytest.approx(metrics.token_f1(other, [one]))
    assert 0 <= metrics.token_f1(one, [other]) <= 1
    if metrics.exact(one, [other]):
        assert metrics.token_f1(one, [other]) == 1


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Adopted in  ASTANA, on 3\u00a0July.", "Astana, on 3 July"),
        ("Astana’s mayor", "Astana"),
        ("the years 2013–2015", "2013-2015"),
        ("came to $3.744 billion.", "3.744"),
        ("it was 20.", "20"),
        ("20, of which 3 are", "20"),
        ("about 160MW", "160"),
        ("首都是东京都", "东京"),
        ("Die Straße", "STRASSE"),
        ("$5", "$5"),
        ("see [a](b)", "[a]"),
    ],
)
def test_a_text_is_contained(said: str, text: str):
    assert metrics.contains(said, text)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("in 2024", "20"),
        ("20.7%", "20"),
        ("1,120 tons", "120"),
        ("3,744", "3"),
        ("Astanaport", "Astana"),
        ("the category", "cat"),
        ("Berlin", "Bern"),
        ("", "x"),
        ("x", ""),
        ("x", " "),
    ],
)
def test_a_part_of_a_word_or_figure_is_not(said: str, text: str):
    assert not metrics.contains(said, text)


@given(st.text("a1., ", max_size=8), st.text("a1.,", min_size=1, max_size=6), st.text("a1., ", max_size=8))
def test_what_stands_between_spaces_is_contained_and_nothing_that_is_not_there(before: str, text: str, after: str):
    assert metrics.contains(f"{before} {text} {after}", text)
    assert not metrics.contains(f"{before} {text} {after}", f"{text}z")


@pytest.mark.parametrize(
    ("said", "value", "unit", "tolerance", "there"),
    [
        ("The route carried 4.5 million tons.", 4.5, "million tons", 0.01, True),
        ("The route carried 4,500,000 tons.", 4.5, "million tons", 0.0, True),
        ("The route carried 4.54 million tons.", 4.5, "million tons", 0.01, True),
        ("The route carried 4.56 million tons.", 4.5, "million tons", 0.01, False),
        ("The route carried 4.5 million dollars.", 4.5, "million tons", 0.01, False),
        ("It has 4.5 million inhabitants.", 4.5, "million tons", 0.0, False),
        ("It is 5 km long.", 5000, "m", 0.0, True),
        ("from five members to ten", 10, None, 0.0, True),
        ("from five members to twelve", 10, None, 0.0, False),
        ("since 2024", 2024, None, 0.0, True),
        ("up 20.7%", 20.7, "%", 0.0, True),
        ("up 20.7 points", 20.7, "%", 0.0, False),
        ("came to $3.744 billion", 3.744, "billion $", 0.0, True),
        ("It carries 54 wagons.", 54, "wagons", 0.0, True),
        ("It carries 54 cars.", 54, "wagons", 0.0, False),
        ("minus 5 degrees", -5, None, 0.0, True),
        ("", 1, None, 1.0, False),
    ],
)
def test_a_figure_is_found_in_its_unit(said: str, value: float, unit: str | None, tolerance: float, there: bool):
    assert metrics.has_figure(said, Numeric(value=value, unit=unit, rel_tol=tolerance)) is there


def test_the_risk_coverage_curve_ends_at_what_is_answered():
    answered = [(0.9, True), (0.5, False), (0.7, True), (0.5, True)]
    points = metrics.risk_coverage(answered, asked=8)
    assert points == [Point(0.9, 0.125, 0.0), Point(0.7, 0.25, 0.0), Point(0.5, 0.5, 0.25)]
    assert metrics.risk_coverage([], asked=3) == []
