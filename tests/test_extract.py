"""Sentences as answers: what their weight is made of."""

from collections.abc import Sequence

import pytest

from assistant.answer.extract import (
    CLOSE,
    GAIN,
    LOSS,
    MOST_LOSS,
    READ_AGAIN,
    ScoredSentence,
    score_sentences,
    told_apart,
)
from assistant.types import BlockKind, RankedPassage, StoredPassage, StoredSentence


class Liking:
    """A reranker that likes texts by the words that they share with a question."""

    name, digest = "liking", "0" * 64

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked += [(question, text) for text in texts]
        words = set(question.lower().strip("?").split())
        return [float(len(words & set(text.lower().strip(".").split()))) for text in texts]


def ranked(*sentences: str, kind: BlockKind = "paragraph") -> RankedPassage:
    text = " ".join(sentences)
    placed = tuple(StoredSentence(at := text.index(said), at + len(said), kind, said, said) for said in sentences)
    passage = StoredPassage(1, "a.md", "0" * 64, "A", None, None, "", 0, len(text), text, text, placed)
    return RankedPassage(passage, 5.0, None, None)


def first(query: str, found: RankedPassage) -> str:
    return score_sentences(query, [found], Liking())[0].sentence.words


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("How much cargo in 2024?", "Year: 2024; Cargo: 4.5; Remark: as reported in May 2025"),
        ("How much cargo in 2023?", "Year: 2023; Cargo: 2.7; Remark: as reported in May 2024"),
        ("How much cargo in May 2024?", "Year: 2024; Cargo: 4.5; Remark: as reported in May 2025"),
    ],
)
def test_a_row_of_another_year_does_not_answer(query: str, row: str) -> None:
    rows = (
        "Year: 2022; Cargo: 1.6; Remark: how much cargo in 2024 and in 2023",
        "Year: 2023; Cargo: 2.7; Remark: as reported in May 2024",
        "Year: 2024; Cargo: 4.5; Remark: as reported in May 2025",
    )
    assert first(query, ranked(*rows, kind="row")) == row


def test_the_years_between_two_are_asked_for_too() -> None:
    rows = ranked("Year: 2021; Cargo: 1", "Year: 2023; Cargo: 2", "Year: 2026; Cargo: 3", kind="row")
    scored = score_sentences("How did cargo grow from 2022 to 2024?", [rows], Liking())
    assert {s.sentence.words: s.other_period for s in scored} == {
        "Year: 2021; Cargo: 1": True,
        "Year: 2023; Cargo: 2": False,
        "Year: 2026; Cargo: 3": True,
    }


def test_a_sentence_without_the_kind_of_answer_asked_for_comes_second() -> None:
    rows = ranked(
        "Hall: open late", "Hall: open 1998", kind="row"
    )  # each is read afresh, so that none gains by its place
    assert first("When did the hall open?", rows) == "Hall: open 1998"


def test_only_the_best_sentences_are_read_twice_more() -> None:
    reranker = Liking()
    said = [f"Number {n} of the ships." for n in range(READ_AGAIN + 4)]
    scored = score_sentences("Which ships?", [ranked(*said)], reranker)
    assert sum(s.bare is not None for s in scored) == READ_AGAIN == sum(s.with_before is not None for s in scored)
    assert sum(question == "ships" for question, _ in reranker.asked) == READ_AGAIN
    later = next(s for s in scored if s.bare is not None and s.sentence.start > 0)
    before = max((s for s in said if scored[0].passage.text.index(s) < later.sentence.start), key=said.index)
    assert ("Which ships?", f"{before} {later.sentence.words}") in reranker.asked


class Missing:
    """A reranker to which a text without a word is worth less."""

    name, digest = "missing", "0" * 64

    def __init__(self, word: str, worth: float) -> None:
        self.word, self.worth = word, worth

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        return [5.0 if self.word in text else 5.0 - self.worth for text in texts]


@pytest.mark.parametrize(
    ("apart", "worth", "first"), [(0.4, 6.0, "B tells."), (0.4, 2.0, "A."), (CLOSE + 1, 90.0, "A.")]
)
def test_of_sentences_that_are_nearly_as_good_the_one_that_the_passage_needs_is_first(
    apart: float, worth: float, first: str
) -> None:
    passage = ranked("A.", "B tells.").passage
    a, b = passage.sentences
    gains = (0.0, -apart / GAIN)
    scored = [ScoredSentence(passage, s, 5.0, 5.0, 5.0, gain) for s, gain in zip((a, b), gains, strict=True)]
    best, other = told_apart("What?", scored, Missing("tells", worth))
    assert best.sentence.words == first
    assert {best.loss, other.loss} <= {0.0, worth}
    assert abs(best.score - other.score) <= apart + LOSS * MOST_LOSS + 1e-9
