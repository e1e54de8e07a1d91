"""The whole flow of a question: condense → retrieve → rerank → answer → verify → `Answer`."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig
from langsmith import tracing_context

from assistant.answer.cite import near, quote_sentences
from assistant.answer.condense import condense
from assistant.answer.confidence import RefusalModel, Signals, missing_terms, signals
from assistant.answer.disagree import disagreements, numbered, with_sides
from assistant.answer.extract import ScoredSentence, choose, score_sentences
from assistant.answer.generate import Draft, generate, strict
from assistant.answer.question import checked
from assistant.answer.retrieve import distinct, rerank, retrieve
from assistant.answer.verify import verify, verify_written
from assistant.laps import Laps
from assistant.models.chat import ChatModel, ChatUnavailable
from assistant.models.embedder import Embedder
from assistant.models.reranker import Reranker
from assistant.store.index import Index
from assistant.types import Answer, IndexInfo, ModelNames, Question, RankedPassage

NOT_IN_THE_DOCUMENTS = "The documents do not answer this question."


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How much is looked at and said."""

    candidates: int  # passages taken from each search
    max_sentences: int  # in an answer
    sentence_gap: float  # how far below the best sentence, in logits, another one still belongs to the answer


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages and sentences for a query, best first, and what they say of an answer."""

    ranked: list[RankedPassage]
    scored: list[ScoredSentence]
    signals: Signals


class AnswerChain(Runnable[Question | str, Answer]):
    """A LangChain `Runnable` from a question to an `Answer`: `invoke`, `batch`, `stream` and callbacks."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        reranker: Reranker,
        refusal: RefusalModel,
        limits: AnswerLimits,
        chat: ChatModel | None = None,
        strict: bool = False,
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.reranker = reranker
        self.refusal = refusal
        self.limits = limits
        self.chat = chat  # who writes the answers; without one they are the sources' own words
        self.strict = strict  # whether sentences of the chat model that are not supported are dropped

    def invoke(self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question.

        Raises:
            InputError: the question is empty or too long.
        """
        # Nothing goes out but to a configured chat model: not to a tracing service that the environment names either.
        with tracing_context(enabled=False):
            return self._call_with_config(self._answer, input, config, **kwargs)

    def _answer(self, asked: Question | str) -> Answer:
        laps = Laps()
        question = checked(asked if isinstance(asked, Question) else Question(asked))
        query = condense(question)

        evidence = self.evidence(query, laps)
        ranked, scored = evidence.ranked, evidence.scored
        confidence = self.refusal.confidence(evidence.signals)
        refused = confidence < self.refusal.threshold
        written, note = (None, None) if refused else self._written(query, scored)
        refused = refused or (written is not None and written.refused)
        chosen = [] if refused else choose(scored, self.limits.max_sentences, self.limits.sentence_gap)
        found = [] if refused else disagreements(query, scored)
        chosen = with_sides(chosen, found)
        text, sentences, citations = quote_sentences(chosen)
        laps.end("answer")

        sentences = verify(text, sentences, citations, self.index.catalog)
        if written and not refused:
            text, sentences, citations, found = written.text, [*written.sentences], [*written.citations], []
        laps.end("verify")

        return Answer(
            id=uuid.uuid4().hex,
            question=question.text,
            query=query,
            status="refused" if refused else "answered",
            text=NOT_IN_THE_DOCUMENTS if refused else text,
            sentences=tuple(sentences),
            citations=tuple(citations),
            disagreements=numbered(found, chosen),
            near=tuple(near(ranked)) if refused else (),
            missing_terms=tuple(missing_terms(query, self.index.catalog)) if refused else (),
            confidence=round(confidence, 4),
            mode="generative" if written else "extractive",
            index=self._index_info(),
            models=ModelNames(self.embedder.name, self.reranker.name, self.chat.name if self.chat else None),
            timings_ms=laps.times,
            note=note,
        )

    def _written(self, query: str, scored: list[ScoredSentence]) -> tuple[Draft | None, str | None]:
        """What the chat model wrote, with verdicts; or None, and why the sources' own words stand instead."""
        if self.chat is None:
            return None, None
        try:
            draft = generate(query, scored, self.chat)
        except ChatUnavailable as unavailable:
            return None, f"{unavailable.reason}; these are the sources' own words"
        judged = verify_written(draft.text, draft.sentences, draft.citations, self.index.catalog, self.reranker)
        if draft.refused or not self.strict:
            return replace(draft, sentences=tuple(judged)), None
        left = strict(draft.text, judged, draft.citations)
        unsupported = "the sources support no sentence that the chat model wrote; these are their own words"
        return left, None if left else unsupported

    def evidence(self, query: str, laps: Laps) -> Evidence:
        """What the index holds on a query: passages and sentences ranked, and the signals for refusal."""
        found = retrieve(query, self.index, self.embedder, self.limits.candidates)
        laps.end("retrieve")

        ranked = distinct(rerank(query, found, self.reranker))
        laps.end("rerank")

        scored = score_sentences(query, ranked, self.reranker)
        return Evidence(ranked, scored, signals(query, ranked, scored, self.index.catalog))

    def _index_info(self) -> IndexInfo:
        manifest = self.index.manifest
        return IndexInfo(manifest.generation, manifest.built_at, manifest.documents, manifest.passages)
