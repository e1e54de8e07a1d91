"""The words that carry a question's meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.terms import content_terms, stem, stems


def words(question: str) -> list[str]:
    return [term.word for term in content_terms(question)]


def test_function_words_are_left_out() -> None:
    assert words("What did the Panthers defense give up?") == ["Panthers", "defense"]


def test_names_and_figures_are_told_from_words() -> None:
    named = {term.word: term.name for term in content_terms("Azerbaijan's trade with Japan in 2,024 by the WTO")}
    assert named == {"Azerbaijan's": False, "trade": False, "Japan": True, "2,024": True, "WTO": True}


@pytest.mark.parametrize(
    ("a", "b"), [("trades", "trade"), ("running", "runs"), ("Baku’s", "Baku"), ("2,000", "2000"), ("TRADE", "trade")]
)
def test_forms_of_a_word_have_one_stem(a: str, b: str) -> None:
    assert stem(a) == stem(b)


def test_compounds_are_found_whole_and_in_parts() -> None:
    assert {"visa-fre", "visa", "free"} <= stems("the visa-free regime") | {stem("visa-free")}


@given(st.text())
def test_every_term_of_a_question_is_among_its_stems(text: str) -> None:
    assert {term.stem for term in content_terms(text)} <= stems(text)
