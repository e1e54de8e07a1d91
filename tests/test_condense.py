"""Follow-up questions made to stand alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.followups.condense import LONGEST, condense, leans_back
from assistant.types import Question, Turn


def asked(*turns: str) -> str:
    """The query for the last of a user's questions."""
    history = [turn for text in turns[:-1] for turn in (Turn("user", text), Turn("assistant", "So it is [1]."))]
    return condense(Question(turns[-1], tuple(history)))


def test_a_first_question_is_searched_as_it_is() -> None:
    assert asked("Where was it signed?") == "Where was it signed?"


RAILWAY = "When did the Baku–Tbilisi–Kars railway reopen?"


@pytest.mark.parametrize(
    ("before", "follow_up", "query"),
    [
        (RAILWAY, "Who paid for it?", "Who paid for the Baku–Tbilisi–Kars railway?"),
        ("Who is the chairman of Acme?", "How old is he?", "How old is the chairman of Acme?"),
        ("How do I reset my password?", "Does it expire?", "Does my password expire?"),
        (RAILWAY, "What is its capacity?", "What is the Baku–Tbilisi–Kars railway's capacity?"),
        ("Which ministers resigned?", "When did they resign?", "When did the ministers resign?"),
        ("Is there a plan for Lagos?", "When was it drawn up?", "When was the plan drawn up? Lagos"),
        ("Did the ambassador leave Oslo?", "When did she return?", "When did the ambassador return? Oslo"),
        ("Who built the harbour?", "It cost how much?", "The harbour cost how much?"),
    ],
)
def test_a_pronoun_is_put_in_the_words_it_stands_for(before: str, follow_up: str, query: str) -> None:
    assert asked(before, follow_up) == query


@pytest.mark.parametrize(
    ("before", "follow_up", "query"),
    [
        ("How much gas was sold in 2021?", "and in 2022?", "How much gas was sold in 2022?"),
        ("How much gas was sold in 2021?", "2022?", "How much gas was sold in 2022?"),
        ("Sales in the first quarter of 2023?", "same quarter of 2024?", "Sales in the first quarter of 2024?"),
        ("Sales in the first quarter of 2023?", "And the second quarter?", "Sales in the second quarter of 2023?"),
        ("Sales from May to July 2023?", "and in 2024?", "Sales from May to July 2024?"),
        ("What did Peru export in 2019?", "And 3 May 2020?", "What did Peru export on 3 May 2020?"),
        ("What was revenue in Q1 2023?", "and in the same quarter of 2022?", "What was revenue in Q1 2022?"),
        ("What was the budget in 2020–2021?", "2022?", "What was the budget in 2022?"),
        ("How much gas was sold?", "And 2020?", "How much gas was sold in 2020?"),
    ],
)
def test_another_time_takes_the_place_of_the_one_before(before: str, follow_up: str, query: str) -> None:
    assert asked(before, follow_up) == query


@pytest.mark.parametrize(
    ("before", "follow_up", "query"),
    [
        ("What is the capital of Peru?", "And of Chile?", "What is the capital of Chile?"),
        ("What does Norway export?", "What about Iceland?", "What does Iceland export?"),
        ("What is the old tariff for Norway?", "And the new tariff?", "What is the new tariff for Norway?"),
        ("What is the fee in Oslo?", "Bergen?", "What is the fee in Bergen?"),
        (
            "What is the dose of aspirin for adults?",
            "What about ibuprofen?",
            "What is the dose of ibuprofen for adults?",
        ),
        ("What is the dose of aspirin for adults?", "And children?", "What is the dose of aspirin for children?"),
        ("Explain article 5.", "And article 6?", "Explain article 6."),
        ("How long is Anna Berg's contract?", "And Ole Dahl's?", "How long is Ole Dahl's contract?"),
        ("Did the UN and Norway reach an agreement?", "When?", "When did the UN and Norway reach an agreement?"),
    ],
)
def test_a_fragment_changes_one_thing_in_the_question_before(before: str, follow_up: str, query: str) -> None:
    assert asked(before, follow_up) == query


@pytest.mark.parametrize(
    ("follow_up", "carried"),
    [
        ("And why?", "Baku–Tbilisi–Kars railway reopen"),
        ("How long is that section?", "Baku–Tbilisi–Kars railway reopen"),
        ("Which trains run?", "Baku–Tbilisi–Kars railway reopen"),
    ],
)
def test_where_nothing_is_to_be_exchanged_the_words_before_follow(follow_up: str, carried: str) -> None:
    assert asked(RAILWAY, follow_up) == f"{follow_up} {carried}"


@pytest.mark.parametrize(
    ("before", "follow_up", "query"),
    [
        ("Does the policy cover flood damage?", "What about fire?", "What about fire? policy cover flood damage"),
        ("How many people does Acme employ in Peru?", "And Bosch?", "And Bosch? people, Acme employ, Peru"),
        ("What is the refund policy?", "Sum that up in one sentence", "Sum that up in one sentence? refund policy"),
    ],
)
def test_where_it_is_not_plain_what_changes_nothing_is_exchanged(before: str, follow_up: str, query: str) -> None:
    assert asked(before, follow_up) == query


def test_the_same_asked_of_something_else_is_a_question_of_its_own() -> None:
    assert asked("What is the refund policy?", "What is the shipping policy?") == "What is the shipping policy?"


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    turns = ("How long is the Suez Canal?", "When did it open?", "Who dug it?", "And in which year was it widened?")
    assert asked(*turns) == "And in which year was the Suez Canal widened?"


def test_thanks_are_no_question() -> None:
    assert (
        asked("How long is the Suez Canal?", "Thanks!", "ok", "When did it open?") == "When did the Suez Canal open?"
    )


def test_after_a_change_of_topic_the_new_one_is_carried() -> None:
    query = asked(
        "How long is the Suez Canal?", "When did it open?", "Who wrote the Oslo report?", "When was it printed?"
    )
    assert query == "When was the Oslo report printed?"


@pytest.mark.parametrize(
    "question",
    [
        "How many Chinese tourists visited Azerbaijan between January and June 2024?",
        "When did Azerbaijan say it would join?",
        "Did Norway recall its ambassador from Lima?",
        "When was the Lisbon treaty signed, and where was it signed?",
        "Is it true that Norway exports salmon?",
        "Is there a railway between Oslo and Bergen?",
        "How long does it take to fly to Lima from Oslo?",
        "Does the minister think that prices will fall?",
        "On the day that Norway voted, what was the turnout?",
        "Which of the parties has one seat in the Storting?",
        "What is BRICS?",
        "What is photosynthesis?",
        "What does the contract pay this year?",
        "Wo wurde der Vertrag von Lissabon unterzeichnet?",
        "Où se trouve le port de Lima?",
    ],
)
def test_a_question_that_stands_alone_is_not_mixed_with_the_topic_before(question: str) -> None:
    assert not leans_back(question)
    assert asked(RAILWAY, question) == question


@pytest.mark.parametrize(
    "question",
    [
        "When was that?",
        "Is that so?",
        "Who signed it?",
        "Which one is longer?",
        "How many are there?",
        "And those?",
        "Why?",
    ],
)
def test_a_question_that_points_back_is_seen_to(question: str) -> None:
    assert leans_back(question)


WORDS = [
    "it",
    "its",
    "that",
    "and",
    "in",
    "2023",
    "of",
    "the",
    "Oslo",
    "What about",
    "is",
    "did",
    "?",
    ",",
    "'s",
    "they",
]
TEXT = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_conversation_gives_a_query_of_bounded_length(turns: list[str]) -> None:
    query = asked(*turns)
    assert query == asked(*turns)
    assert bool(query.strip()) or not turns[-1].strip()
    assert len(query) <= len(turns[-1]) + 4 * LONGEST


def test_a_very_long_turn_is_read_in_part_and_quickly() -> None:
    assert len(asked("word " * 40_000, "And in 2023?")) < 4 * LONGEST
