"""The verdict on a sentence and the source it cites."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answer.support import check, is_verbatim

CARGO = (
    "Cargo on the Middle Corridor rose by 62% to 4.5 million tons in 2024, from 2.7 million tons in 2023. "
    "It was not carried by the northern route, which is about 2,000 km longer. "
    "The railway carried 77,000 containers, and the port loaded more than 50,500 of them."
)

SUPPORTED = [
    "Cargo on the Middle Corridor rose by 62% to 4.5 million tons in 2024.",
    "In 2024 cargo on the Middle Corridor rose by 62 percent, to 4,500,000 tons.",
    "Middle Corridor cargo climbed 62 per cent in 2024.",
    "The northern route is roughly two thousand kilometres longer.",
    "The cargo wasn't carried by the northern route.",
    "The port loaded over 50,500 containers.",
    "2.7 million tons were carried in 2023.",
]

UNSUPPORTED = [
    ("Cargo on the Middle Corridor rose by 26% to 4.5 million tons in 2024.", "figure 26% not in source"),
    (
        "Cargo on the Middle Corridor rose by 62% to 4.5 billion tons in 2024.",
        "figure 4.5 billion tons not in source",
    ),
    ("Cargo on the Middle Corridor rose by 62% to 4.5 million barrels in 2024.", "figure 4.5 million barrels"),
    ("Cargo on the Middle Corridor rose by 62% to 4.5 million tons in 2025.", "date 2025 not in source"),
    ("Cargo on the Middle Corridor rose by 62% to 2.7 million tons in 2024.", "figure 2.7 million tons"),
    ("Cargo on the Middle Corridor fell by 62% to 4.5 million tons in 2024.", "opposite: source says 'rose'"),
    ("Cargo on the Suez Corridor rose by 62% to 4.5 million tons in 2024.", "name Suez not in source"),
    ("It was carried by the northern route.", "negation: source says 'not"),
    ("It was not carried by the southern route.", "opposite: source says 'northern'"),
    ("The railway did not carry 77,000 containers.", "negation: source does not say 'not'"),
    ("The port loaded fewer than 50,500 of them.", "source says more than"),
    ('The route is "about 3,000 km longer".', "quoted words not in source"),
    ("Grain silos burned down beside the harbour after a strike.", "statement not in source"),
    ("The railway carried 77,000 containers, which pirates had stolen from a warehouse.", "statement not in source"),
]


@pytest.mark.parametrize("sentence", SUPPORTED)
def test_what_the_source_says_in_other_words_is_supported(sentence: str) -> None:
    assert check(sentence, [CARGO]).problems == ()


@pytest.mark.parametrize(("sentence", "problem"), UNSUPPORTED)
def test_one_change_is_caught_and_named(sentence: str, problem: str) -> None:
    verdict = check(sentence, [CARGO])
    assert not verdict.supported
    assert any(problem in line for line in verdict.problems), verdict.problems


def test_a_part_of_the_source_is_supported_as_it_stands() -> None:
    assert is_verbatim("The railway  carried\n77,000 containers", [CARGO])
    assert is_verbatim("which is about 2,000 km longer.", [CARGO])


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("90 days to appeal", "You have 190 days to appeal."),
        ("three people died", "Twenty-three people died."),
        ("5 million tons", "It was 2.5 million tons."),
        ("Smoking cures cancer", "There is no evidence that smoking cures cancer."),
    ],
)
def test_a_part_that_says_something_else_is_not_verbatim(sentence: str, source: str) -> None:
    assert not is_verbatim(sentence, [source])
    assert not check(sentence, [source]).supported


def test_a_sentence_without_sources_is_unsupported() -> None:
    assert check("Anything at all.", []).problems == ("cites nothing",)


def test_sources_count_together() -> None:
    sources = ["The treaty was signed in Astana.", "It took effect on 3 July 2024."]
    assert check("The treaty signed in Astana took effect in July 2024.", sources).supported


class Scoring:
    """A reranker that gives one score, and remembers what it was asked."""

    name, digest = "scoring", "0"

    def __init__(self, score: float) -> None:
        self._score = score
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, list(texts)))
        return [self._score] * len(texts)


def test_the_reranker_judges_what_no_rule_sees() -> None:
    claim, source = "Grain silos burned beside the corridor.", [CARGO]
    assert check(claim, source, Scoring(-9.0)).problems == ("source does not speak of this",)
    verdict = check(claim, source, Scoring(5.0))
    assert verdict.supported and verdict.score == 5.0


def test_the_reranker_cannot_overrule_a_rule_and_is_not_asked_about_the_sources_own_words() -> None:
    reranker = Scoring(9.0)
    assert not check("The railway carried 78,000 containers.", [CARGO], reranker).supported
    assert len(reranker.asked) == 1
    assert check("The railway carried 77,000 containers", [CARGO], reranker).score is None
    assert len(reranker.asked) == 1


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("1 " * 60, "2 " * 1600),
        ("more " * 300, "less " * 330),
        ("Aa bb " * 150, "Bb Cc " * 160),
        ("(" * 9000, ")" * 9000),
    ],
)
def test_no_text_takes_long(sentence: str, source: str) -> None:
    begun = time.process_time()
    check(sentence, [source])
    assert time.process_time() - begun < 5


def test_what_is_too_long_to_check_is_not_called_supported() -> None:
    assert check("ship " * 2000, ["port " * 2000]).problems == ("too long to check",)


@given(st.text(max_size=80), st.lists(st.text(max_size=120), max_size=3))
@example("½ x", ["²"])
@example("İ'", ["ß 5th 5 million-", '"'])
@settings(max_examples=300, deadline=None)
def test_any_text_gets_a_verdict_and_always_the_same(sentence: str, sources: list[str]) -> None:
    verdict = check(sentence, sources)
    assert verdict == check(sentence, sources)
    assert verdict.supported == (not verdict.problems)
    assert all("\n" not in problem and len(problem) <= 200 for problem in verdict.problems)


WORDS = st.sampled_from(
    "the river port two 30 million tons Baku not of rose more than In 2024 and, $5 “old” km".split()
)


@given(st.lists(WORDS, min_size=1, max_size=25).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_a_text_supports_itself(text: str) -> None:
    assert check(text, [text]).supported
    assert check(text, ["Something else.", f"  {text}  "]).supported
