"""The whole flow of a question: condense → retrieve → rerank → answer → verify → `Answer`."""

import uuid
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig
from langsmith import tracing_context

from assistant.answer.choose import choose
from assistant.answer.cite import near, quote_sentences
from assistant.answer.confidence import RefusalModel, missing_terms, signals
from assistant.answer.disagreements.disagree import disagreements, told, with_sides
from assistant.answer.extract import score_sentences
from assistant.answer.generate import generate, quoted
from assistant.answer.lexical.reading import WordReader
from assistant.answer.query import searched_for
from assistant.answer.question import checked
from assistant.answer.reading import Evidence, Reading
from assistant.answer.retrieve import distinct, rerank, retrieve
from assistant.answer.sides import heard
from assistant.answer.verify import LENIENT, Rules, verify, verify_written
from assistant.events import DoneEvent, Event, QueryEvent
from assistant.laps import Laps
from assistant.models.chat import ChatModel
from assistant.models.embedder import Embedder
from assistant.models.reranker import Reranker
from assistant.store.index import Index, Searched
from assistant.types import Answer, ModelNames, Question

NOT_IN_THE_DOCUMENTS = "The documents do not answer this question."


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How much is looked at and said."""

    candidates: int  # passages taken from each search
    max_sentences: int  # in an answer
    sentence_gap: float  # how far below the best sentence, in logits, another one still belongs to the answer


class AnswerChain(Runnable[Question | str, Answer]):
    """A LangChain `Runnable` from a question to an `Answer`; `events` tells how the answer comes about."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        reranker: Reranker,
        refusal: RefusalModel,
        limits: AnswerLimits,
        chat: ChatModel | None = None,
        rules: Rules = LENIENT,
        words: WordReader | None = None,
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.reranker = reranker
        self.refusal = refusal
        self.limits = limits
        self.chat = chat  # who writes the answers; without one they are the sources' own words
        self.rules = rules  # what is asked of its sentences
        self.heard = heard  # which sentences may answer
        self.words = words  # reads for questions in languages that the models do not read

    def invoke(self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question; an `InputError` says that it, or its filter, cannot be used or leaves nothing."""
        # Nothing goes out but to a configured chat model: not to a tracing service that the environment names either.
        with tracing_context(enabled=False):
            return self._call_with_config(self._answer, input, config, **kwargs)

    def _answer(self, asked: Question | str) -> Answer:
        return [event.answer for event in self.events(asked) if isinstance(event, DoneEvent)][-1]

    def events(self, asked: Question | str) -> Generator[Event, None, None]:
        """The answer as it comes about, errors as for `invoke`; closing this ends the work, the chat model's too.

        Sentences come with their verdicts; what the chat model writes comes before them, but not under strict rules.
        """
        laps = Laps()
        question = checked(asked if isinstance(asked, Question) else Question(asked))
        index = self.index.within(question.filter)
        query = yield from searched_for(question, self.chat, self.index.catalog, self.words)
        laps.end("condense")
        yield QueryEvent(query)

        reading = self.read(query, laps, index)
        scored, refused, written, note = reading.scored, reading.refused, None, None
        if self.chat and not refused:
            seconds = self.chat.limit - laps.times["condense"] / 1000
            judge = partial(verify_written, catalog=self.index.catalog, reranker=self.reranker, rules=self.rules)
            written, note = yield from generate(query, scored, self.chat, judge, self.rules.strict, seconds)
        writer = self.chat.name if self.chat and written else None
        refused = refused or (written is not None and written.refused)
        most, gap = self.limits.max_sentences, self.limits.sentence_gap
        found = [] if refused or reading.note else disagreements(query, scored, reading.ranked)
        chosen = [] if refused or written else with_sides(choose(query, scored, most, gap, index.catalog), found)
        text, sentences, citations = quote_sentences(chosen, query)
        laps.end("answer")

        sentences = verify(text, sentences, citations, self.index.catalog)
        laps.end("verify")
        if written and not refused:
            text, sentences, citations = written.text, [*written.sentences], [*written.citations]
        else:
            yield from quoted(text, sentences, citations)
        differing, added = yield from told(found, citations)
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question.text,
            query=query,
            status="refused" if refused else "answered",
            text=NOT_IN_THE_DOCUMENTS if refused else text,
            sentences=tuple(sentences),
            citations=(*citations, *added),
            disagreements=differing,
            near=tuple(near(reading.ranked)) if refused else (),
            missing_terms=tuple(reading.missing()) if refused else (),
            confidence=round(reading.confidence, 4),
            mode="generative" if written else "extractive",
            index=self.index.info,
            models=ModelNames(self.embedder.name, self.reranker.name, writer),
            timings_ms=laps.times,
            filter=question.filter,
            note="; ".join(filter(None, (reading.note, note))) or None,
        )
        yield DoneEvent(answer, tuple(reading.ranked))

    def read(self, query: str, laps: Laps, index: Searched) -> Reading:
        """What is read for a query, by the models or by words alone, and whether that is too little to answer."""
        if self.words and (language := self.words.unread(query)):
            return self.words.read(query, language, laps, index.catalog)
        evidence = self.evidence(query, laps, index)
        scored = self.heard(query, evidence.ranked, evidence.scored, self.reranker)
        sure, missing = self.refusal.confidence(evidence.signals), partial(missing_terms, query, index.catalog)
        return Reading(evidence.ranked, scored, sure, self.refusal.threshold, missing)

    def evidence(self, query: str, laps: Laps, index: Searched) -> Evidence:
        """What an index holds on a query: passages and sentences ranked, and the signals for refusal."""
        vector = self.embedder.embed_query(query)
        found = retrieve(query, vector, index, self.limits.candidates)
        laps.end("retrieve")
        ranked = distinct(rerank(query, found, self.reranker))
        laps.end("rerank")
        scored = score_sentences(query, ranked, self.reranker)
        return Evidence(ranked, scored, signals(query, vector, ranked, scored, index.catalog, self.embedder))
