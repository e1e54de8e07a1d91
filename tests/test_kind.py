"""What kind of answer a question asks for, and whether a text holds one."""

import pytest

from assistant.answer.kind import asks_openly, holds_kind, kind_asked, repeats


@pytest.mark.parametrize(
    ("question", "kind", "holding", "lacking"),
    [
        ("When was it signed?", "date", "It was signed in May.", "It was signed in Baku."),
        ("Which year did it open?", "date", "It opened in 1998.", "It opened late."),
        ("How many ships call?", "number", "Three ships call.", "Ships call."),
        ("What percentage is paid?", "number", "A share of 5 is paid.", "A share is paid."),
        ("Who signed it?", "name", "It was signed by Anna.", "It was signed."),
        ("Why was it signed?", None, "For peace.", ""),
    ],
)
def test_a_date_number_or_name_is_missed_where_one_is_asked_for(
    question: str, kind: str | None, holding: str, lacking: str
) -> None:
    assert kind_asked(question) == kind
    assert holds_kind(question, holding)
    assert holds_kind(question, lacking) == (kind is None)


@pytest.mark.parametrize("question", ["What is it?", "Why?", "How so?", "List the aims.", "please explain it"])
def test_what_and_why_and_requests_ask_openly(question: str) -> None:
    assert asks_openly(question)


@pytest.mark.parametrize("question", ["Who?", "When did it open?", "How many are there?", "How long?", "Is it?"])
def test_persons_dates_and_amounts_do_not(question: str) -> None:
    assert not asks_openly(question)


@pytest.mark.parametrize(
    ("question", "text", "nothing"),
    [
        ("What does the port load in winter?", "The port loads in winter.", True),
        ("Who founded the port?", "The port was founded.", True),
        ("What does the port load in winter?", "The port loads salt in winter.", False),
        ("When was the port founded?", "It was founded in 1907.", False),
        ("Does the port load in winter?", "The port loads in winter.", False),
        ("Which is older, the port or the mill?", "The mill is older.", False),
        ("Who of Alder and Birch founded the port?", "Alder founded the port.", False),
        ("What is it?", "It is.", False),
    ],
)
def test_a_text_that_repeats_an_open_question_answers_nothing(question: str, text: str, nothing: bool) -> None:
    assert repeats(question, text) is nothing
