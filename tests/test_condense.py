"""Follow-up questions made to stand alone."""

import pytest

from assistant.answer.condense import condense
from assistant.types import Question, Turn

BEFORE = (Turn("user", "When did the Baku–Tbilisi–Kars railway reopen?"), Turn("assistant", "On 25 May 2024 [1]."))


def test_a_first_question_is_searched_as_it_is() -> None:
    assert condense(Question("Where was it signed?")) == "Where was it signed?"


CARRIED = "Baku–Tbilisi–Kars railway reopen"


@pytest.mark.parametrize("follow_up", ["What is its capacity?", "And why?", "How long is that section?"])
def test_a_question_that_points_back_takes_the_last_one_along(follow_up: str) -> None:
    assert condense(Question(follow_up, BEFORE)) == f"{follow_up} {CARRIED}"


def test_a_question_that_stands_alone_is_not_mixed_with_the_topic_before() -> None:
    question = "How many Chinese tourists visited Azerbaijan between January and June 2024?"
    assert condense(Question(question, BEFORE)) == question


def test_another_year_takes_the_place_of_the_one_before() -> None:
    history = (Turn("user", "How much gas was delivered to the EU in 2021?"), Turn("assistant", "8.1 bcm [1]"))
    query = condense(Question("and in 2022?", history))
    assert "gas" in query and "2022" in query and "2021" not in query
