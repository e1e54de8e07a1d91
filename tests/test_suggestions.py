"""The questions that the empty chat suggests."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from serve_parts import build, write_documents
from test_feedback import made

from assistant.compose import Workshop
from assistant.ingest.suggest.suggest import Suggestion
from assistant.serve.live import LiveChain
from assistant.serve.suggestions import Suggestions, by_turns, candidates_of, is_answered
from assistant.settings import load_settings
from assistant.types import AnswerSentence, Question


def question(text: str, document: str = "rent.md") -> Suggestion:
    return Suggestion(text, None, "date", document, 0, 4)


def test_documents_take_turns_and_no_question_comes_twice() -> None:
    a1, a2, b1, b2 = question("a1"), question("a2"), question("b1"), question("a1", "b.md")
    assert by_turns([[a1, a2], [], [b1, b2]]) == [a1, b1, a2]
    assert by_turns([]) == []


def test_only_a_question_that_is_answered_from_its_own_sentence_is_shown() -> None:
    good = replace(made(1), query="q1", sentences=(AnswerSentence(0, 8, (1,), "verified"),))
    asked = question("q1")
    assert is_answered(asked, good)
    assert is_answered(
        question("q1", "copy.md"), replace(good, citations=(replace(good.citations[0], also=("copy.md",)),))
    )
    for worse in (
        replace(good, status="refused"),
        replace(good, note="searched by words alone"),
        replace(good, query="q2"),
        replace(good, citations=()),
        replace(good, sentences=(AnswerSentence(0, 8, (1,), "unsupported"),)),
        replace(good, citations=(replace(good.citations[0], start=4, end=9),)),
    ):
        assert not is_answered(asked, worse)
    assert not is_answered(question("q1", "other.md"), good)


@pytest.mark.models
def test_each_suggested_question_is_answered_from_a_document_of_its_own(tmp_path: Path, embedder) -> None:
    workshop = Workshop(load_settings(folder=write_documents(tmp_path / "documents"), index=tmp_path / "index"))
    workshop.embedder = embedder
    build(workshop)
    live = LiveChain(workshop)
    suggestions = Suggestions(live)
    assert suggestions.ready() is None  # the models are not even loaded
    live.start()
    until = time.monotonic() + 180
    while (ready := suggestions.ready()) is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    with live.reading() as (_, catalog):
        places = {each.question: each for found in candidates_of(catalog) for each in found}
    assert ready
    assert len({places[each].document for each in ready}) == len(ready)
    for each in ready:
        assert is_answered(places[each], live.ask(Question(each)))
    assert suggestions.ready() == ready

    (tmp_path / "documents" / "railway.md").write_text("The tunnel of Hovsan was opened on 3 May 2011.\n")
    build(workshop)
    assert live.problem() is None  # which opens the new generation
    while (anew := suggestions.ready()) is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert "When was the tunnel of Hovsan opened?" in anew
    live.close()


def test_without_an_index_nothing_is_suggested(tmp_path: Path) -> None:
    assert Suggestions(LiveChain(Workshop(load_settings(index=tmp_path / "none")))).ready() == []
