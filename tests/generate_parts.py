"""A chat model that is scripted, sources for it, and what every draft promises."""

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.answer.extract import ScoredSentence
from assistant.answer.generate import (
    Draft,
    Judge,
    generate,
)
from assistant.events import Event
from assistant.models.chat import ChatModel
from assistant.types import AnswerSentence, Citation, StoredPassage, StoredSentence


class Scripted:
    """A chat model that says what it was given to say, in those pieces, and keeps what it was asked."""

    name = "scripted:one"
    limit = 60.0

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.asked: list[tuple[str, str]] = []

    def write(self, system: str, user: str, seconds: float) -> Generator[str, None, None]:
        self.asked.append((system, user))
        yield from self.pieces


def no_verdict(text: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> list[AnswerSentence]:
    """Sentences as they come: what is written, not whether it holds, is looked at here."""
    return list(sentences)


def events_of(
    chat: ChatModel,
    judge: Judge = no_verdict,
    strict: bool = False,
    scored: Sequence[ScoredSentence] | None = None,
    question: str = "How long is $sources?",
) -> tuple[list[Event], Draft | None, str | None]:
    """The events of a draft, the draft, and why there is none."""
    events = []
    steps = generate(question, SCORED if scored is None else scored, chat, judge, strict, 60.0)
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return events, *end.value


def draft_of(*pieces: str) -> Draft:
    """What becomes of what a model writes."""
    _, draft, reason = events_of(Scripted(*pieces))
    assert draft is not None, reason
    return draft


def passage(number: int, document: str, heading: str, words: list[str], title: str = "The railway") -> StoredPassage:
    text = " ".join(words)
    starts = [text.index(w) for w in words]
    sentences = tuple(StoredSentence(at, at + len(w), "paragraph", w, w) for at, w in zip(starts, words, strict=True))
    return StoredPassage(
        number, document, "0" * 64, title, "2024-07", None, heading, 0, len(text), text, text, sentences
    )


def score(found: StoredPassage, logits: list[float]) -> list[ScoredSentence]:
    return [ScoredSentence(found, s, x, x, x, 0.0) for s, x in zip(found.sentences, logits, strict=True)]


RAILWAY = passage(
    1,
    "railway.md",
    "Length",
    ["The railway is old.", "The Georgian section is 184 km long.", "It was modernised in 2023."],
)
TRADE = passage(2, "trade.md", "By year", ["Trade was 1.78 billion USD in 2021.", "It grew by 5%."], "Trade")
SCORED = sorted(score(RAILWAY, [1.0, 6.0, 3.0]) + score(TRADE, [4.0, 0.5]), key=lambda s: -s.score)
# Shown as: 1 "The railway is old." 2 "… 184 km long." 3 "… modernised …" 4 "Trade was …" 5 "It grew by 5%."


def assert_sound(draft: Draft) -> None:
    """The promises of a draft, whatever the model wrote."""
    quotes = {(s.passage.document, s.sentence.start): s.sentence.quote for s in SCORED}
    assert [c.n for c in draft.citations] == list(range(1, len(draft.citations) + 1))
    for citation in draft.citations:
        assert quotes[citation.document, citation.start] == citation.quote
    first_use = list(dict.fromkeys(n for s in draft.sentences for n in s.citations))
    assert first_use == [c.n for c in draft.citations]
    end = 0
    for sentence in draft.sentences:
        assert draft.text[end : sentence.start].strip() == ""
        said = draft.text[sentence.start : sentence.end]
        assert said.endswith("".join(f"[{n}]" for n in sentence.citations)) and said == said.strip()
        end = sentence.end
    assert end == len(draft.text)
    cited = [str(n) for s in draft.sentences for n in s.citations]
    assert re.findall(r"[\[【]\s*(\d+)\s*[\]】]", draft.text) == cited


def held(texts: set[str]) -> Judge:
    """Verifies the sentences with these words."""

    def judge(text: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> list[AnswerSentence]:
        return [
            replace(
                s, support="verified" if re.sub(r"( |\[\d+\])+$", "", text[s.start : s.end]) in texts else s.support
            )
            for s in sentences
        ]

    return judge
