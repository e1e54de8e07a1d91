"""What a question asks for: which kinds of value, of which periods."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.answer.disagreements.statements import CLOCK, COUNT, DATE, NAME, RANK, Statement
from assistant.answer.disagreements.subjects import words_of
from assistant.answer.guards.align import reading
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.units import MONEY, unit_at
from assistant.answer.periods import Period, periods

_RANKED = re.compile(r"\b(?:rank(?:s|ed|ing)?|(?:what|which) (?:place|position))\b", re.I)
_OCLOCK = re.compile(r"\b(?:what time|what hours?|opening (?:time|hour)s?|closing time|o'clock)\b", re.I)
_WHEN = re.compile(
    r"\b(?:when|(?:what|which|what were the|on what) (?:exact )?(?:years?|dates?|days?|months?)|since when"
    r"|deadline|due date|start date|end date|birthday)\b",
    re.I,
)
_SHARE = re.compile(
    r"\b(?:share|slice|percent|percentage|proportion|fraction|rate|growth|grow|grew|grown|rise|rose|risen|fell|fall"
    r"|increased?|decreased?|by how much|turnout)\b|%", re.I)  # fmt: skip
_COST = re.compile(
    r"\b(?:costs?|prices?|budget(?:ed)?|paid|pay|worth|money|salary|revenues?|dollars?|euros?|fees?|fares?|charges?"
    r"|tuition|fines?|wages?|rent|turnover|profits?|incomes?|debts?|gdp|donations?|invest(?:ed|ments?)?|spent|spend"
    r"|spending|expenditures?|subsid(?:y|ies)|grants?|loans?)\b",
    re.I,
)
_SPAN = re.compile(
    r"\bhow (?:far|tall|high|wide|deep|thick)\b"
    r"|\b(?:distance|length|height|width|depth|altitude|elevation|diameter|radius|wavelength)\b",
    re.I,
)
_LASTS = re.compile(r"\bhow (?:long|soon|often)\b|\b(?:duration|notice period|warranty)\b", re.I)
_AGED = re.compile(r"\bhow (?:old|young)\b|\b(?:age|aged)\b", re.I)
_PEOPLE = re.compile(
    r"\b(?:population|membership|attendance|head ?count|death toll|casualties|enrolment|enrollment)\b", re.I
)
_AMOUNT = re.compile(
    r"\bhow (?:much|large|big|great|heavy|fast|hot|cold|strong)\b"
    r"|\b(?:volume|amount|capacity|size|figures?|total|quantity|tonnage|weight|power|speed|deliveries|area|temperature"
    r"|limit|maximum|minimum)\b",
    re.I,
)
_HOW_MANY = re.compile(r"\b(?:how many|number of|count of)\s+(?=\w)", re.I)
_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|might|must|should)\b", re.I
)
_WHAT_IS = re.compile(r"\W*what (?:is|are|was|were)\b", re.I)
_WHO_FIRST = re.compile(r"^\W*(?:who|whom|whose|where)\b", re.I)
_WHO = re.compile(r"\b(?:who|whom|whose|where)\b", re.I)
_NO_AMOUNT = frozenset({"ratio", "fold", "points", "time", DATE, CLOCK, COUNT, RANK, NAME})
_THE_ONE = re.compile(r"^\W*who(?:['’]s|\s+(?:is|was|will be))\s+(?:the|its|their|our|your)\b", re.I)
# What one holder alone has at a time: where sources name two, one of them is wrong or out of date.
_ONE_HOLDER = bases(
    """capital seat headquarters headquartered based located situated born died buried founded established invented
    discovered wrote written author composed painted directed designed built named head heads headed leads led leader
    chair chairs chaired chairman chairwoman chairperson president director minister mayor king queen emperor ruler
    secretary manager owner owns owned won winner champion hosted host held signed married husband wife father mother
    inventor founder discoverer architect governor captain coach headmaster dean rector editor"""
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    `kinds` of value, for `periods` (any, where it names none), in which `words`. `plain` says that it asks for just
    these kinds, and not only for "what"; `yes_or_no` that it asks whether something is so; `one_holder` that it asks
    for what only one can be.
    """

    kinds: Set[str]
    periods: Set[Period]
    words: Set[str]
    plain: bool
    yes_or_no: bool
    one_holder: bool


def asked_for(query: str, said: Sequence[Statement]) -> Asked:
    """What a question asks for, given the values of the best sentences, best first, names apart."""
    kinds, yes_or_no = _kinds(query, said), bool(_YES_OR_NO.match(query))
    plain = bool(kinds) or yes_or_no
    return Asked(
        kinds if plain else {NAME, *(s.kind for s in said if _WHAT_IS.match(query) and s.source is said[0].source)},
        periods(query), words_of(query), plain, yes_or_no,
        one_holder=bool(_THE_ONE.match(query) or reading([query]).bases & _ONE_HOLDER),
    )  # fmt: skip


def _kinds(query: str, said: Sequence[Statement]) -> Set[str]:
    """The kinds of value that a question asks for; for yes or no, those that the best sentence with one has."""
    present = {s.kind for s in said}
    if match := _HOW_MANY.search(query):
        text = reading([query[match.end() :]]).text
        unit, _ = unit_at(text, 0, after_digits=True)
        return {unit.dimension} if unit else {COUNT}
    for pattern, kinds in (
        (_RANKED, {RANK}), (_WHO_FIRST, {NAME}), (_OCLOCK, {CLOCK}), (_WHEN, {DATE, CLOCK}),
        (_SHARE, {"ratio", "points"}), (_COST, set(MONEY)), (_SPAN, {"length"}), (_LASTS, {"time", "length"}),
        (_AGED, {"time", COUNT}), (_PEOPLE, {COUNT}), (_AMOUNT, present - _NO_AMOUNT),
    ):  # fmt: skip
        if pattern.search(query):
            return kinds
    if _YES_OR_NO.match(query):
        return _in_question(query) or next(({s.kind} for s in said if s.kind not in _NO_AMOUNT), set())
    if _WHO.search(query) or reading([query]).bases & _ONE_HOLDER:
        return {NAME}
    units = {f.unit.dimension for f in reading([f"5 {word}" for word in query.split()]).figures if f.unit}
    return units - {"time"}


def _in_question(query: str) -> Set[str]:
    """The kinds of value that a yes-or-no question has itself: "Is it the second largest?", "at 9 am?"."""
    read = reading([query])
    kinds = {
        f.unit.dimension if f.unit else RANK if f.ordinal else COUNT for f in read.figures if not f.loose or f.ordinal
    }
    kinds |= {CLOCK for d in read.dates if d.minute is not None}
    return kinds or ({DATE} if any(d.day for d in read.dates) else set())
