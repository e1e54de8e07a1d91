"""The values that a source sentence states: how they are written, of what they are said, and for which period."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from assistant.answer.disagreements.rows import CELL, cells_of, is_value, split_unit, spoken
from assistant.answer.disagreements.subjects import counted_from, is_plural, keys_of, named, subject, words_of
from assistant.answer.extract import ScoredSentence
from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.dates import Date
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.names import Name, names
from assistant.answer.guards.numerals import Figure
from assistant.answer.guards.text import fold
from assistant.answer.periods import BRACKETED, Period, is_bracketed, period_of, single_period
from assistant.types import StoredPassage

# The kinds that are no dimension of a unit: a bare number, a date, a time of day, a place in an order, a name.
COUNT, DATE, CLOCK, RANK, NAME = "count", "date", "clock", "rank", "name"

# Characters and values of a sentence; with more it is no statement of one value, and would take long to read.
_LONGEST, _MOST = 1_000, 20
_VAGUE = re.compile(r"\b(?:several|many|numerous|a few|a number of)(?= [^\W\d_])", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:about|around|approximately|roughly|some|nearly|almost|circa|over|above|under|below|at least|at most|up to"
    r"|(?:(?:no|not) )?(?:more|less|fewer|greater|higher|longer|larger|smaller) than) $",
    re.IGNORECASE,
)
_FORECAST = bases("forecast project projection expect expectation predict prediction anticipate plan target envisage")
_AHEAD = frozenset("will shall".split())
# Columns that say where a row comes from, not what it is about.
_ASIDE = re.compile(r"^(?:remarks?|sources?|notes?|status|comments?|nature)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One value that a sentence states. `item` is None for "several" and the like.

    `value` is as written: a part of the sentence's words; for a cell of a table whose unit stands in the header or
    in a column of its own, cell and unit. `subject` holds the words that it is said of, `context` those of title and
    heading, `counted` what a bare number counts; `period` is None where none is stated, `UNTOLD` where one is meant
    that cannot be told. `only` says that it is the sentence's one value of its kind, `ahead` that it is a forecast.
    """

    source: ScoredSentence
    value: str
    kind: str
    item: Figure | Date | Name | None
    reading: Reading
    period: Period | None
    subject: frozenset[str]
    context: frozenset[str]
    named: frozenset[str]
    counted: frozenset[str] = frozenset()
    only: bool = True
    ahead: bool = False

    @property
    def place(self) -> StoredPassage:
        """The passage that it stands in."""
        return self.source.passage


def statements(source: ScoredSentence) -> list[Statement]:
    """The values that a sentence or row states, but for its names."""
    said = " ".join(source.sentence.words.split())
    if len(said) > _LONGEST:
        return []
    return list(_of_row(source, said) if source.sentence.kind == "row" else _of_sentence(source, said))


def named_values(source: ScoredSentence, asked: Set[str]) -> list[Statement]:
    """The names that a sentence states, but for those that have a word of the question or of the context."""
    said = " ".join(source.sentence.words.split())
    read = reading([said if len(said) <= _LONGEST and source.sentence.kind != "row" else ""])
    keys, context = keys_of(read), _context(source)
    found = []
    for name in names(read)[:_MOST]:
        words = {keys[i] for i in range(name.start, name.end)}
        if not words & asked and (value := _as_written(read, name.start, name.end, said)):
            found.append((name, value, words))
    apart = [name for name, _, words in found if not words & context]
    sure = [name for name in apart if name.sure] or apart  # a capital at the head of a sentence may be any word's
    return [
        Statement(
            source, value, NAME, name, read, _period(source, read, name.start), subject(read, name), context,
            named(read, name), only=sure == [name], ahead=_is_ahead(read, name.start),
        )
        for name, value, _ in found
    ]  # fmt: skip


def _of_sentence(source: ScoredSentence, said: str) -> Iterator[Statement]:
    read = reading([said])
    if len(read.figures) + len(read.dates) > _MOST:
        return
    outside = reading([BRACKETED.sub(" ", said)])
    about, called, context = subject(outside), named(outside), _context(source)
    found: list[tuple[str, str, Figure | Date | None, frozenset[str]]] = []
    for figure in read.figures:
        kind = _kind(figure)
        value = _written(read, figure, said)
        if kind and value:
            found.append((value, kind, figure, counted_from(read, figure.end)))
    for date in read.dates:
        if value := _written(read, date, said):
            found.append((value, DATE if date.minute is None else CLOCK, date, frozenset()))
    if match := _VAGUE.search(said):
        after = reading([said[match.end() :]])
        found.append((match[0] + _noun_after(said, match.end()), COUNT, None, counted_from(after, 0)))
    kinds = [kind for _, kind, item, _ in found if not _is_aside(read, item)]
    for value, kind, item, counted in found:
        at = item.start if item else 0
        period = None if kind in (DATE, CLOCK) else _period(source, read, at)
        yield Statement(
            source, value, kind, item, read, period, about, context, called, counted,
            only=kinds.count(kind) == 1 and not _is_aside(read, item), ahead=_is_ahead(read, at),
        )  # fmt: skip


def _is_aside(read: Reading, item: Figure | Date | None) -> bool:
    """Whether a figure stands in brackets: the value of something else, or the same in another unit."""
    return isinstance(item, Figure) and is_bracketed(read, item.start)


def _of_row(source: ScoredSentence, said: str) -> Iterator[Statement]:
    cells = [(header, cell) for header, cell in cells_of(said)[:_MOST] if not _ASIDE.match(header)]
    unit_cell = next((cell for header, cell in cells if header.casefold() in ("unit", "units")), "")
    labels = " , ".join(cell for _, cell in cells if not is_value(cell) and cell != unit_cell)
    dated = next((period for _, cell in cells if len(cell) <= CELL and (period := single_period(cell))), None)
    ahead = bool(reading([said]).bases & _FORECAST)
    for header, cell in cells:
        name, unit = split_unit(header)
        if header.casefold() in ("amount", "value", "quantity"):
            name, unit = "", unit_cell
        read = reading([spoken(cell, unit)])
        figures = [figure for figure in read.figures if _kind(figure)]
        if not is_value(cell) or len(figures) != 1:
            continue
        kind, about = _kind(figures[0]), reading([f"{name} , {labels}"])
        period = dated or single_period(name) or single_period(_heading(source))
        counted = counted_from(read, figures[0].end) | (subject(about) if kind == COUNT else frozenset())
        yield Statement(
            source, f"{cell} {unit}".strip(), kind, figures[0], read, period,
            subject(about), _context(source), named(about), counted, ahead=ahead,
        )  # fmt: skip


def _kind(figure: Figure) -> str:
    """What a figure measures, `COUNT` for a bare number, empty where it is no amount."""
    if figure.value is None or figure.roman or (figure.loose and not figure.unit and not figure.ordinal):
        return ""
    if figure.ordinal:
        return RANK
    return figure.unit.dimension if figure.unit else COUNT


def _written(read: Reading, item: Figure | Date, said: str) -> str:
    """The value as its sentence has it, with the "about" before it; empty where that cannot be told."""
    text = read.text
    start, end = text.tokens[item.start].start, text.tokens[item.end - 1].end
    if isinstance(item, Figure):
        if before := _BOUND.search(text.folded[:start]):
            start = before.start()
        if not item.unit:
            end += len(_noun_after(text.folded, end))
    return _original(text.folded[start:end], said[start:end], said)


def _as_written(read: Reading, start: int, end: int, said: str) -> str:
    """Tokens `start:end` as the sentence has them; empty where that cannot be told."""
    first, last = read.text.tokens[start].start, read.text.tokens[end - 1].end
    return _original(read.text.folded[first:last], said[first:last], said)


def _original(folded: str, there: str, said: str) -> str:
    """A folded piece of a sentence as the sentence has it: what stands at its place, or the piece itself."""
    return there if fold(there) == fold(folded) else folded if folded in said else ""


def _is_ahead(read: Reading, at: int) -> bool:
    """Whether the value at a token is of a forecast: a word for one stands before it, or in its clause."""
    tokens = read.text.tokens
    clause = tokens[at].clause if at < len(tokens) else 0
    return any(
        token.base in _FORECAST
        or token.low in _AHEAD
        or (token.low == "to" and i and tokens[i - 1].low in ("is", "are"))
        for i, token in enumerate(tokens)
        if i < at or token.clause == clause
    )


def _noun_after(said: str, end: int) -> str:
    """The word after a bare number, and the one after that where the first describes it."""
    match = re.match(r" [^\W\d_]+(?: [^\W\d_]+(?=[ .,;]|$))?", said[end:])
    if not match:
        return ""
    first, *rest = match[0].split()
    if not _content(first):
        return ""
    return f" {first}" + "".join(f" {word}" for word in rest if _content(word) and not is_plural(first))


def _content(word: str) -> bool:
    return any(token.content for token in reading([word]).text.tokens)


def _period(source: ScoredSentence, read: Reading, at: int) -> Period | None:
    return period_of(read, at, _sentence_before(source), _heading(source))


def _context(source: ScoredSentence) -> frozenset[str]:
    return words_of(f"{source.passage.title} . {source.passage.heading}")


def _heading(source: ScoredSentence) -> str:
    return source.passage.heading.rpartition(" › ")[2]


def _sentence_before(source: ScoredSentence) -> str:
    before = [s for s in source.passage.sentences if s.start < source.sentence.start and s.kind == "paragraph"]
    return before[-1].words if before and source.sentence.kind == "paragraph" else ""


def with_bound(statement: Statement) -> Figure | None:
    """The figure of a statement with its bound: also where "no" turns it round ("no fewer than three")."""
    if not isinstance(statement.item, Figure):
        return None
    if re.match(r"(?:no|not) (?:fewer|less|smaller)\b", statement.value, re.IGNORECASE):
        return replace(statement.item, bound="least")
    if re.match(r"(?:no|not) (?:more|greater|higher|longer|larger)\b", statement.value, re.IGNORECASE):
        return replace(statement.item, bound="most")
    return statement.item
