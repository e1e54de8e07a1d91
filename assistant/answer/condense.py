"""A follow-up question made to stand alone, without a chat model."""

import re
from collections.abc import Sequence

from assistant.answer.terms import content_terms
from assistant.types import Question, Turn

# Words that point back to what was said before.
POINTING = re.compile(
    r"\b(it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones|same|"
    r"former|latter|both|previous|above|mentioned)\b",
    re.IGNORECASE,
)
ELLIPSIS = re.compile(
    r"^\s*(and|but|so|or|what about|how about|what of|why|when|where|who|how)\b[^.?!]*[?.!]*\s*$", re.I
)
MEASURE = re.compile(r"\bhow (many|much|long|large|big|high|far|old|often|fast|deep|wide|tall|soon)\b", re.IGNORECASE)
FEW_TERMS = 2  # a question with no more content words than this leans on what came before


def condense(question: Question) -> str:
    """The question to search for: with what the user's last question was about where the new one leans on it.

    Only the words that carry meaning are taken along, not the last question itself: the passage that answered
    that one would win again. A question that stands on its own is left alone, so that a change of topic is one.
    """
    before = _last_question(question.history)
    if before is None or not leans_back(question.text):
        return question.text
    known = {term.stem for term in content_terms(question.text)}
    carried = [term.word for term in content_terms(MEASURE.sub("", before)) if term.stem not in known]
    if any(map(_is_figure, known)):  # another year or number takes the place of the one before
        carried = [word for word in carried if not _is_figure(word)]
    return " ".join([question.text, *carried])


def leans_back(text: str) -> bool:
    """Whether a question points back, or says too little to stand alone."""
    terms = content_terms(text)
    if POINTING.search(text):
        return True
    return len(terms) <= FEW_TERMS and (ELLIPSIS.match(text) is not None or not terms)


def _is_figure(word: str) -> bool:
    return word[:1].isdigit()


def _last_question(history: Sequence[Turn]) -> str | None:
    return next((turn.content for turn in reversed(history) if turn.role == "user"), None)
