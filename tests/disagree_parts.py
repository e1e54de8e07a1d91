"""Sentences and what they disagree on, for the tests of disagreements."""

from assistant.answer.disagreements.disagree import Found, disagreements
from assistant.answer.extract import ScoredSentence
from assistant.types import BlockKind, StoredPassage, StoredSentence

TRADE = "How much trade is there between Norland and Sudania?"
CARGO = "How much cargo did the Middle Corridor carry in 2024?"
DIFFERENT = (
    "Trade between Norland and Sudania is put at $3 billion.",
    "Trade between Norland and Sudania is put at $7 billion.",
)


def scored(
    words: str,
    document: str,
    date: str | None = "2024-07-01",
    score: float = 5.0,
    kind: BlockKind = "paragraph",
    heading: str = "",
    title: str = "Notes",
    before: str = "",
) -> ScoredSentence:
    """A sentence of a document, alone in its passage or after another one."""
    start = len(before) + 1 if before else 0
    sentence = StoredSentence(start, start + len(words), kind, words, words)
    sentences = (StoredSentence(0, len(before), "paragraph", before, before), sentence) if before else (sentence,)
    text = f"{before} {words}".strip()
    passage = StoredPassage(
        1, document, "0" * 64, title, date, None, heading, 0, len(text), text, text, sentences
    )  # fmt: skip
    return ScoredSentence(passage, sentence, score, score, score, 0.0)


def values(found: list[Found]) -> list[list[tuple[str, str | None]]]:
    return [[(side.value, side.date) for side in each.sides] for each in found]


def two(query: str, a: str, b: str) -> list[Found]:
    """What two sentences of different documents disagree on."""
    return disagreements(query, [scored(a, "a.md", "2024-07-01"), scored(b, "b.md", "2025-05-01")])
