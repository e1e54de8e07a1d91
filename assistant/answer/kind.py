"""What kind of answer a question asks for, as far as its first words tell, and whether a text holds one."""

import re
from typing import Literal

from assistant.answer.terms import content_terms, stems

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:1\d{{3}}|20\d\d)\b|\b(?:{_MONTHS})\b|\bcentur(?:y|ies)\b")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|first|second|third)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=.)[A-Z][a-z]+")  # a capital that does not only begin the sentence

_OPEN = re.compile(
    r"\b(?:what|which|where|why|how)\b(?! (?:many|much|long|old)\b)"
    r"|^\W*(?:please )?(?:find|list|name|give|tell|describe|explain|show|summari[sz]e)\b",
    re.IGNORECASE,
)

_OFFERS = re.compile(r"\b(?:or|whether|between)\b|\b(?:which|who|what|one) of\b", re.IGNORECASE)

Kind = Literal["date", "number", "name"]

_ASKS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century)s?\b", re.IGNORECASE),
    "number": re.compile(
        r"\bhow (?:many|much|long|old|far|tall|big|large|high|deep|fast|often)\b"
        r"|\bwhat (?:percent|percentage|number|share)\b",
        re.IGNORECASE,
    ),
    "name": re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE),
}
_HOLDS: dict[Kind, re.Pattern[str]] = {"date": _DATE, "number": _NUMBER, "name": _NAME}


def kind_asked(question: str) -> Kind | None:
    """The kind of answer that a question asks for, where its words tell."""
    return next((kind for kind, asks in _ASKS.items() if asks.search(question)), None)


def holds_kind(question: str, text: str) -> bool:
    """Whether a text holds a date, number or name where the question asks for one; true where it asks for none."""
    wanted = kind_asked(question)
    return wanted is None or _HOLDS[wanted].search(text) is not None


def asks_openly(question: str) -> bool:
    """Whether a question is not about a person, a date or an amount: what, why, "list", "explain"."""
    return _OPEN.search(question) is not None


def repeats(question: str, text: str) -> bool:
    """Whether a text has no word of meaning but the question's, and so answers nothing.

    Never where a question can be answered with its own words: by yes or no, or with one of what it offers.
    """
    if not (asks_openly(question) or kind_asked(question)) or _OFFERS.search(question):
        return False
    said = {term.stem for term in content_terms(text)}
    return bool(said) and said <= stems(question)
