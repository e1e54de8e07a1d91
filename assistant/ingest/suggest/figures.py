"""Questions from one sentence for a figure: how many, how much, how long, by how much."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.ingest.suggest.clauses import DATE, PREPOSITIONS, Clause, kinds

Kind = Literal["date", "figure", "who", "where", "what", "why", "definition", "cell"]

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety)(?: (?:hundred|thousand|million|billion|trillion))?"
)
_ROUGHLY = (
    r"(?:about|around|roughly|nearly|almost|over|some|at least|at most|more than|less than|up to|as many as"
    r"|fewer than|only)"
)
_COUNTED = re.compile(
    rf"(?:{_ROUGHLY} )?(?P<number>{_NUMBER}) (?P<noun>(?!of\b|and\b|or\b|to\b|per\b|percent\b)[^\W\d][\w³²'’-]*.*)"
)
_MONEY = re.compile(
    rf"(?:{_ROUGHLY} )?(?P<number>(?:US)?[$€£¥]\s?\d[\d.,]*(?: (?:thousand|million|billion|trillion))?)(?![\w-])"
)
_PERCENT = re.compile(rf"\bby (?:{_ROUGHLY} )?(?P<number>\d+(?:\.\d+)?(?:\s?%| per ?cent))(?![\w-])")
_MEASURED = re.compile(
    rf"(?:{_ROUGHLY} )?(?P<number>{_NUMBER} [^\W\d]\w*) (?P<how>long|wide|high|tall|deep|old|thick)\b"
)
_IS = re.compile(rf"(?:{_ROUGHLY} )?(?P<what>{DATE}|(?:US)?[$€£¥]\d\S*(?: \w+)?|{_NUMBER} [^\W\d]\w*)")
_UNITS = frozenset("TEU km MW GW kW kWh bcm m kg tons people children women men percent staff".split())
_SUMS = (
    "reached",
    "reach",
    "totalled",
    "exceeded",
    "came to",
    "come to",
    "amounted to",
    "amount to",
    "stood at",
    "stands at",
    "was put at",
    "is put at",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the words of the sentence that answer it where they can be told apart."""

    question: str
    answer: str | None
    kind: Kind


def with_lead(clause: Clause, rest: str) -> str:
    """A rest with the time or the place that the sentence begins with."""
    return f"{rest} {clause.lead}" if clause.lead else rest


def how_much(clause: Clause) -> Asked | None:
    """A question for a figure in what comes after the verb."""
    rest = clause.rest
    if match := _PERCENT.search(rest):
        left = rest[: match.start()] + rest[match.end() :]
        return Asked(f"By how much {clause.inverted(with_lead(clause, left.strip()))}", match["number"], "figure")
    if match := _MEASURED.match(rest):
        left = with_lead(clause, rest[match.end() :].strip())
        return Asked(f"How {match['how']} {clause.inverted(left)}", match["number"], "figure")
    if match := _MONEY.search(rest):
        return _sum(clause, match)
    for match in re.finditer(rf"(?:^|(?<= )){_COUNTED.pattern}", rest):
        return _counted(clause, rest[: match.start()].strip(), match["number"], match["noun"])
    return None


def _sum(clause: Clause, match: re.Match[str]) -> Asked | None:
    before, after = clause.rest[: match.start()].strip(), clause.rest[match.end() :].strip()
    said = f"{clause.verb} {before}".strip()
    left = with_lead(clause, f"{before} {after}".strip())
    if clause.base in ("cost", "earn", "pay", "spend", "receive", "invest", "lose") and not before:
        return Asked(f"How much {clause.inverted(left)}", match["number"], "figure")
    if said.endswith(_SUMS) and (not after or after.split()[0] in PREPOSITIONS):
        return Asked(f"What {clause.inverted(left)}", match["number"], "figure")
    return None


def _counted(clause: Clause, before: str, number: str, noun: str) -> Asked | None:
    """A question for how many of what a number counts, the object: after the verb, or "to" and "at"."""
    last = before.split()[-1:]
    if last and last[0] not in ("to", "at", "up", "out", "down") and "VERB" not in kinds(last[0]):
        return None
    counted, after = _noun_phrase(noun)
    if counted is None:
        return None
    left = with_lead(clause, f"{before} {after}".strip())
    if clause.base is None and clause.verb in ("is", "are", "was", "were") and not before:
        return None  # "the members are ten states": what is asked for would be the subject
    return Asked(f"How many {counted} {clause.inverted(left)}", number, "figure")


def how_many_are(clause: Clause) -> Asked | None:
    """A question for the number of the subject: "some 50,500 boxes were moved"."""
    match = _COUNTED.fullmatch(clause.subject)
    if match is None:
        match = re.fullmatch(rf"(?i:{_COUNTED.pattern})", clause.subject)
    if match is None or not clause.rest:
        return None
    counted, after = _noun_phrase(match["noun"])
    if counted is None:
        return None
    return Asked(
        f"How many {match['noun']} {clause.verb} {with_lead(clause, clause.rest)}", match["number"], "figure"
    )


def _noun_phrase(text: str) -> tuple[str | None, str]:
    """A plural noun with what belongs to it ("tons of cargo"), and what follows; None where it is not plural."""
    words = text.split()
    end = 0
    while (
        end < len(words)
        and words[end] not in PREPOSITIONS
        and words[end] not in ("and", "or", "a", "the", "more", "less")
    ):
        if words[end].endswith(("ly", "ing")) or (end and "NOUN" not in kinds(words[end]) and words[end].islower()):
            break
        end += 1
    if not end:
        return None, text
    noun = words[end - 1]
    plural = noun in _UNITS or ("NOUN" in kinds(noun) and noun not in kinds(noun)["NOUN"])
    if not plural:
        return None, text
    if words[end : end + 1] == ["of"] and end + 1 < len(words) and words[end + 1].islower():
        more = end + 1
        while more < len(words) and words[more].islower() and words[more] not in PREPOSITIONS and more < end + 4:
            more += 1
        if words[end + 1] not in ("the", "a", "an"):
            end = more
    return " ".join(words[:end]), " ".join(words[end:])


def what_is(clause: Clause) -> Asked | None:
    """A question for the date or the figure that something is said to be."""
    match = _IS.fullmatch(clause.rest)
    if match is None or clause.verb not in ("is", "was"):
        return None
    return Asked(f"What {clause.inverted(with_lead(clause, ''))}", match["what"], "figure")
