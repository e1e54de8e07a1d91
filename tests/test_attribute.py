"""Which sources a sentence is tied to that its writer did not cite."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.attribute import MOST, ties
from assistant.answer.support import check

SOURCES = [
    "The railway is old.",
    "The Georgian section is 184 km long.",
    "It was modernised in 2023 by a company of the state.",
    "Trade was 1.78 billion USD in 2021.",
    "The port of Poti lies at the western end of the railway.",
]


@pytest.mark.parametrize(
    ("sentence", "cited", "first"),
    [
        ("The Georgian section is 184 km long.", (), 2),
        ("The section in Georgia has a length of 184 km.", (), 2),
        ("A state company modernised it in 2023.", (1,), 3),
        ("In 2021 trade was 1.78 billion USD.", (2, 3), 4),
        ("Trade was 1.78 billion USD in 2021.", (3, 4), 4),  # the wrong one of two is left out
    ],
)
def test_the_source_with_most_of_the_words_comes_first(sentence: str, cited: tuple[int, ...], first: int) -> None:
    assert next(ties(sentence, SOURCES, cited)) == first


def test_two_sources_that_only_together_have_the_words_are_not_proposed() -> None:
    assert not list(ties("The old railway had trade of 1.78 billion USD at the port of Poti.", SOURCES, ()))


@pytest.mark.parametrize("sentence", ["", "18.", "It is.", "Bananas ripen faster in a paper bag.", "…"])
def test_what_no_source_speaks_of_is_tied_to_none(sentence: str) -> None:
    assert list(ties(sentence, SOURCES, ())) == []


def test_what_the_model_cited_is_not_proposed_again() -> None:
    assert 2 not in list(ties("The Georgian section is 184 km long.", SOURCES, (2,)))


WORDS = st.lists(st.sampled_from(" ".join(SOURCES).split() + ["not", "1907", "Baku"]), max_size=20).map(" ".join)


@settings(deadline=None)
@given(WORDS, st.lists(WORDS, max_size=6), st.lists(st.integers(1, 6), max_size=3, unique=True))
def test_ties_are_few_and_of_what_was_shown(sentence: str, sources: list[str], cited: list[int]) -> None:
    given_numbers = tuple(n for n in cited if n <= len(sources))
    proposed = list(ties(sentence, sources, given_numbers))
    assert len(proposed) <= MOST and len(set(proposed)) == len(proposed)
    assert proposed == list(ties(sentence, sources, given_numbers))
    assert set(proposed) <= set(range(1, len(sources) + 1)) and all((n,) != given_numbers for n in proposed)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Georgian section is 148 km long.",
        "The railway is not old.",
        "Trade was 1.78 million USD in 2021.",
        "The port of Poti lies at the eastern end of the railway.",
    ],
)
def test_what_is_false_is_supported_by_no_source_that_is_proposed(sentence: str) -> None:
    proposed = list(ties(sentence, SOURCES, ()))
    assert proposed
    assert not any(check(sentence, [SOURCES[n - 1]]).supported for n in proposed)
