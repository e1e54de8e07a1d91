"""Answers of a real small model as they are written: llama.cpp's server, and the whole flow of a question."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from chat_server import ChatServer, chat_server
from serve_parts import build, words, write_documents

from assistant.answer.verify import Rules
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.events import CitationEvent, DoneEvent, Event, SentenceEvent, TokenEvent, WithdrawnEvent
from assistant.models.chat import chat_model
from assistant.render import answer_json
from assistant.serve.chat import Writing, answered, until_stopped
from assistant.serve.live import LiveChain
from assistant.settings import load_settings
from assistant.types import Answer, Question, Turn

pytestmark = [pytest.mark.models, pytest.mark.allow_hosts(["127.0.0.1"])]

LENGTH = "How long is the Georgian section of the railway?"
QUESTIONS = [LENGTH, "When did the first train leave?", "How long may Chinese citizens stay?"]


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, embedder) -> Workshop:
    place = tmp_path_factory.mktemp("streaming")
    workshop = Workshop(load_settings(folder=write_documents(place / "documents"), index=place / "index"))
    workshop.embedder = embedder
    build(workshop)
    return workshop


@pytest.fixture(scope="module")
def chain(workshop: Workshop) -> Iterator[AnswerChain]:
    chain = workshop.chain()
    yield chain
    chain.index.close()


def with_chat(chain: AnswerChain, url: str, limit: float = 60, strict: bool = False) -> AnswerChain:
    chat = chat_model("openai:smollm2", url, None, limit)
    return AnswerChain(chain.index, chain.embedder, chain.reranker, chain.refusal, chain.limits, chat, Rules(strict))


def of(kind: type, events: list[Event]) -> list:
    return [event for event in events if isinstance(event, kind)]


def answer_of(events: list[Event]) -> Answer:
    done = events[-1]
    assert isinstance(done, DoneEvent)
    return done.answer


def assert_extractive(chain: AnswerChain, question: str, answer: Answer, note: str) -> None:
    """The sources' own words, as without a chat model, and why."""
    alone = AnswerChain(chain.index, chain.embedder, chain.reranker, chain.refusal, chain.limits).invoke(question)
    assert replace(answer, id=alone.id, timings_ms=alone.timings_ms, note=None) == alone
    assert note in answer.note and answer.note.endswith("these are the sources' own words")
    assert answer.models.chat is None


def test_words_arrive_before_the_answer_and_each_sentence_with_its_verdict(
    chain: AnswerChain, server: ChatServer
) -> None:
    began, arrived, events = time.monotonic(), [], []
    for event in with_chat(chain, server.url).events(LENGTH):
        arrived.append(time.monotonic() - began)
        events.append(event)
    answer = answer_of(events)
    assert (answer.mode, answer.status, answer.models.chat) == ("generative", "answered", "openai:smollm2")
    shown = [at for at, event in zip(arrived, events, strict=True) if isinstance(event, TokenEvent) and event.text]
    assert len(shown) > 3 and shown[0] < shown[-1] < arrived[-1]
    assert "".join(event.text for event in of(SentenceEvent, events)) == answer.text
    assert tuple(event.sentence for event in of(SentenceEvent, events)) == answer.sentences
    assert tuple(event.citation for event in of(CitationEvent, events)) == answer.citations
    assert {s.support for s in answer.sentences} <= {"verified", "unsupported"}
    for citation in answer.citations:
        document = chain.index.catalog.document(citation.document)
        assert document is not None and document.text[citation.start : citation.end] == citation.quote


def test_strict_shows_only_what_is_verified(chain: AnswerChain, server: ChatServer) -> None:
    strict = with_chat(chain, server.url, strict=True)
    for question in QUESTIONS[:2]:
        events = list(strict.events(question))
        assert not any(event.text for event in of(TokenEvent, events))
        assert {event.sentence.support for event in of(SentenceEvent, events)} <= {"verified"}
        answer = answer_of(events)
        assert {s.support for s in answer.sentences} <= {"verified"}
        if answer.mode == "extractive":
            assert answer.note is not None and of(WithdrawnEvent, events)


def test_a_server_that_is_killed_while_it_writes_leaves_the_sources_own_words(chain: AnswerChain) -> None:
    with chat_server() as running:
        events: list[Event] = []
        for event in with_chat(chain, running.url).events(LENGTH):
            events.append(event)
            if isinstance(event, TokenEvent) and event.text:
                running.process.kill()
    assert_extractive(chain, LENGTH, answer_of(events), "does not answer")
    at = [isinstance(event, WithdrawnEvent) for event in events].index(True)
    assert "".join(event.text for event in of(SentenceEvent, events[at:])) == answer_of(events).text


def test_a_server_slower_than_the_limit_leaves_the_sources_own_words(chain: AnswerChain, server: ChatServer) -> None:
    began = time.monotonic()
    answer = with_chat(chain, server.url, limit=0.3).invoke(LENGTH)
    assert_extractive(chain, LENGTH, answer, "within 0.3 seconds")
    assert time.monotonic() - began < 10


def test_a_rewritten_question_counts_against_the_same_limit(chain: AnswerChain, server: ChatServer) -> None:
    asked = Question("And its capacity?", (Turn("user", "Tell me of the railway. " * 40), Turn("assistant", "Yes.")))
    began = time.monotonic()
    answer = with_chat(chain, server.url, limit=0.4).invoke(asked)
    assert "did not answer within 0.4 seconds" in str(answer.note) or answer.status == "refused"
    assert time.monotonic() - began < 10


def test_the_same_questions_have_the_same_answers(chain: AnswerChain, server: ChatServer) -> None:
    def said(answer: Answer) -> str:
        return json.dumps({k: v for k, v in answer_json(answer).items() if k not in ("id", "timings_ms")})

    with_model = with_chat(chain, server.url)
    asked = [Question(question) for question in QUESTIONS]
    asked.append(Question("And since when?", (Turn("user", QUESTIONS[2]), Turn("assistant", "30 days. [1]"))))
    assert [said(with_model.invoke(q)) for q in asked] == [said(with_model.invoke(q)) for q in asked]


def test_the_chat_page_shows_words_as_they_come_and_stopping_ends_the_call(
    workshop: Workshop, server: ChatServer
) -> None:
    settings = workshop.settings.model_copy(update={"chat_model": "openai:smollm2", "chat_base_url": server.url})
    writing = Workshop(settings)
    writing.embedder = workshop.embedder
    live = LiveChain(writing)
    live.start()
    try:
        steps = list(answered(live, LENGTH, ()))
        assert any("<em>" in step.html for step in steps)
        assert all(step.coming and step.said is None for step in steps[:-1])
        assert not steps[-1].coming and "<em>" not in steps[-1].html and steps[-1].said
        assert "railway.md" in words(steps[-1].html) or "not supported" in words(steps[-1].html)

        page = Writing()
        growing = until_stopped(answered(live, LENGTH, ()), page)
        assert any("<em>" in step.html for step in growing) and page.going_on
        page.unwanted = True
        [kept] = growing
        assert not kept.coming and kept.said is None and "Stopped" in words(kept.html) and not page.going_on
        *_, whole = until_stopped(answered(live, LENGTH, ()), page)  # asked again: it is wanted
        assert whole.said == steps[-1].said
        growing = until_stopped(answered(live, LENGTH, ()), page)
        next(growing)
        page.forgotten = True
        assert not list(growing) and not page.going_on
        assert live.ask(Question(LENGTH)).text == steps[-1].said  # its turn was given back
    finally:
        live.close()
