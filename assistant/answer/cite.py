"""Sentences to an answer's text with [n] markers, and the citations these name."""

import re
from collections.abc import Sequence

from assistant.answer.extract import ScoredSentence
from assistant.answer.inert import asks_for_address, plain
from assistant.types import AnswerSentence, Citation, RankedPassage, StoredPassage, StoredSentence

BRACKETED = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
NEAR = 3  # closest passages shown with a refusal


def quote_sentences(
    chosen: Sequence[ScoredSentence], question: str
) -> tuple[str, list[AnswerSentence], list[Citation]]:
    """The answer that says the chosen sentences word for word, each with its citation.

    Only addresses are written so that they lead nowhere, unless the question asks for one; the quotes have them.

    Returns:
        The text, its sentences (not verified yet: `verify` gives the verdict) and the citations.
    """
    text = ""
    sentences = []
    citations = []
    asked = asks_for_address(question)
    for n, choice in enumerate(chosen, start=1):
        if text:
            text += " " if choice.sentence.kind == "paragraph" else "\n"
        start = len(text)
        said = readable(choice.sentence)
        text += f"{plain(said, keep=said if asked else '')} [{n}]"
        sentences.append(AnswerSentence(start, len(text), (n,), "unsupported"))
        citations.append(cite(n, choice.passage, choice.sentence, choice.score))
    return text, sentences, citations


def readable(sentence: StoredSentence) -> str:
    """What a sentence says, on one line; a bracketed number of its own must not pass for a citation's."""
    return BRACKETED.sub(r"(\1)", " ".join(sentence.words.split()))


def cite(n: int, passage: StoredPassage, place: StoredSentence | StoredPassage, score: float) -> Citation:
    """The citation of a sentence of a passage, or of the passage itself: then of the place where it begins."""
    begins = place if isinstance(place, StoredSentence) else place.sentences[0]
    return Citation(
        n=n,
        document=passage.document,
        document_sha256=passage.document_sha256,
        title=passage.title,
        page=begins.page,
        page_label=begins.page_label,
        heading=passage.heading,
        row=begins.row,
        start=place.start,
        end=place.end,
        quote=place.quote if isinstance(place, StoredSentence) else place.text,
        score=round(score, 4),
        also=passage.also,
        recognised=passage.recognised,
        date=passage.date,
    )


def near(ranked: Sequence[RankedPassage]) -> list[Citation]:
    """The closest passages, for a reader to judge by themselves where the assistant refuses."""
    return [cite(n, found.passage, found.passage, found.score) for n, found in enumerate(ranked[:NEAR], start=1)]
