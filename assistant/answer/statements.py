"""The values that a source sentence states: how they are written, of what they are said, and for which period."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.answer.extract import ScoredSentence
from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.dates import Date
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.names import names
from assistant.answer.guards.nations import nation
from assistant.answer.guards.numerals import Figure
from assistant.answer.guards.text import fold
from assistant.answer.periods import BRACKETED, REPORTS, UNTOLD, Period, is_bracketed, period_of, single_period
from assistant.types import StoredPassage

COUNT, DATE = "count", "date"  # the kinds that are no dimension of a unit

_CELL = 60  # characters of a cell that can be a value or a period
# Characters and values of a sentence; with more it is no statement of one value, and would take long to read.
_LONGEST, _MOST = 1_000, 20
_GENERIC = bases(
    """amount figure value number total whole full entire period year month quarter half volume level come stand reach
    put indicator measure item annual report accord source first second third fourth thousand million billion
    trillion percent actual current currently"""
)
_VAGUE = re.compile(r"\b(?:several|many|numerous|a few|a number of)(?= [^\W\d_])", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:about|around|approximately|roughly|some|nearly|almost|circa|over|above|under|below|at least|at most|up to"
    r"|(?:(?:no|not) )?(?:more|less|fewer|greater|higher|longer|larger|smaller) than) $",
    re.IGNORECASE,
)
_ATTRIBUTED_BEFORE = frozenset("by to".split())  # reported by Reuters, according to Reuters
# Columns that say where a row comes from, not what it is about.
_ASIDE = re.compile(r"^(?:remarks?|sources?|notes?|status|comments?|nature)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One value that a sentence states. `item` is None for "several" and the like.

    `value` is as written: a part of the sentence's words; for a cell of a table whose unit stands in the header or
    in a column of its own, cell and unit. `subject` holds the words that it is said of, `context` those of title and
    heading, `counted` what a bare number counts; `period` is None where none is stated.
    """

    source: ScoredSentence
    value: str
    kind: str
    item: Figure | Date | None
    reading: Reading
    period: Period | None
    subject: frozenset[str]
    context: frozenset[str]
    named: frozenset[str]
    counted: frozenset[str]

    @property
    def place(self) -> StoredPassage:
        """The passage that it stands in."""
        return self.source.passage


def statements(source: ScoredSentence) -> list[Statement]:
    """The values that a sentence or row states; none where the period they are of cannot be told."""
    said = " ".join(source.sentence.words.split())
    if len(said) > _LONGEST:
        return []
    return list(_of_row(source, said) if source.sentence.kind == "row" else _of_sentence(source, said))


def words_of(text: str) -> frozenset[str]:
    """The keys of the words of a text that say what it is about; one for all names of a country."""
    return _subject(reading([text]))


def _of_sentence(source: ScoredSentence, said: str) -> Iterator[Statement]:
    read = reading([said])
    if len(read.figures) + len(read.dates) > _MOST:
        return
    outside = reading([BRACKETED.sub(" ", said)])
    subject, named = _subject(outside), _named(outside)
    context = _context(source)
    found: list[tuple[str, str, Figure | Date | None, frozenset[str]]] = []
    for figure in read.figures:
        kind = _kind(figure)
        value = _written(read, figure, said)
        if kind and value and not is_bracketed(read, figure.start):
            found.append((value, kind, figure, _counted(read, figure.end)))
    found += [(v, DATE, d, frozenset()) for d in read.dates if d.minute is None and (v := _written(read, d, said))]
    if match := _VAGUE.search(said):
        after = reading([said[match.end() :]])
        found.append((match[0] + _noun_after(said, match.end()), COUNT, None, _counted(after, 0)))
    before = _sentence_before(source)
    kinds = [kind for _, kind, _, _ in found]
    for value, kind, item, counted in found:
        period = None if kind == DATE else period_of(read, item.start if item else 0, before, _heading(source))
        if period != UNTOLD and kinds.count(kind) == 1:
            yield Statement(source, value, kind, item, read, period, subject, context, named, counted)


def _of_row(source: ScoredSentence, said: str) -> Iterator[Statement]:
    cells = [(header, cell) for header, cell in _cells(said)[:_MOST] if not _ASIDE.match(header)]
    unit_cell = next((cell for header, cell in cells if header.casefold() in ("unit", "units")), "")
    labels = " , ".join(cell for _, cell in cells if not _is_value(cell) and cell != unit_cell)
    dated = next((period for _, cell in cells if len(cell) <= _CELL and (period := single_period(cell))), None)
    for header, cell in cells:
        name, unit = _split_unit(header)
        if header.casefold() in ("amount", "value", "quantity"):
            name, unit = "", unit_cell
        read = reading([_spoken(cell, unit)])
        figures = [figure for figure in read.figures if _kind(figure)]
        if not _is_value(cell) or len(figures) != 1:
            continue
        kind, about = _kind(figures[0]), reading([f"{name} , {labels}"])
        period = dated or single_period(name) or single_period(_heading(source))
        counted = _counted(read, figures[0].end) | (_subject(about) if kind == COUNT else frozenset())
        yield Statement(
            source, f"{cell} {unit}".strip(), kind, figures[0], read, period,
            _subject(about), _context(source), _named(about), counted,
        )  # fmt: skip


def _cells(said: str) -> list[tuple[str, str]]:
    """Header and content of each cell of a row said in words: "Year: 2019; Trade: 2.18"."""
    cells: list[tuple[str, str]] = []
    for part in said.split("; "):
        header, colon, cell = part.partition(": ")
        if colon:
            cells.append((header, cell))
        elif cells:
            cells[-1] = (cells[-1][0], f"{cells[-1][1]}; {part}")
    return cells


def _is_value(cell: str) -> bool:
    """Whether a cell holds a figure and little else, and no date."""
    read = reading([cell])
    return len(cell) <= _CELL and len(read.figures) == 1 and not read.dates and len(read.text.tokens) <= 8


def _split_unit(header: str) -> tuple[str, str]:
    """A header's name and the unit that it gives: in brackets ("Gas (bcm)"), after "in", or as a whole."""
    match = re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", header) or re.fullmatch(r"(.+),? in ([^,]+)", header)
    name, unit = (match[1], match[2]) if match else ("", header)
    figures = reading([_spoken("5", unit)]).figures
    is_unit = len(figures) == 1 and (figures[0].unit is not None or (figures[0].value or 0) > 5)
    return (name, unit) if is_unit else (header, "")


def _spoken(cell: str, unit: str) -> str:
    """A cell with its unit after it, the scale first: "2.18", "US$ billion" to "2.18 billion US$"."""
    scale = re.search(r"\b(?:thousand|million|billion|trillion|mn|mln|bn)\b", unit)
    if scale:
        unit = f"{scale[0]} {unit[: scale.start()]}{unit[scale.end() :]}"
    unit = re.sub(r"(?:US|U\.S\.) ?\$", "dollars", unit)
    return f"{cell} {unit}".strip()


def _kind(figure: Figure) -> str:
    """What a figure measures, `COUNT` for a bare number, empty where it is no amount."""
    if figure.value is None or figure.ordinal or figure.roman or (figure.loose and not figure.unit):
        return ""
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
    value = text.folded[start:end]
    original = said[start:end]
    return original if fold(original) == fold(value) else value if value in said else ""


def _noun_after(said: str, end: int) -> str:
    """The word after a bare number, and the one after that where the first describes it."""
    match = re.match(r" [^\W\d_]+(?: [^\W\d_]+(?=[ .,;]|$))?", said[end:])
    if not match:
        return ""
    first, *rest = match[0].split()
    return f" {first}" + "".join(f" {word}" for word in rest if _content(word) and not _is_plural(first))


def _is_plural(word: str) -> bool:
    return word.endswith("s") or word in ("people", "men", "women", "children")


def _content(word: str) -> bool:
    return any(token.content for token in reading([word]).text.tokens)


def _counted(read: Reading, end: int) -> frozenset[str]:
    """The words right after a figure, up to the first plural or the first that carries no meaning."""
    nouns: set[str] = set()
    for token, key in list(zip(read.text.tokens, _keys(read), strict=True))[end : end + 4]:
        if token.text == "-" or (token.low == "of" and not nouns):
            continue
        if token.kind != "word" or not token.content:
            break
        nouns.add(key)
        if _is_plural(token.low):
            break
    return frozenset(nouns)


def _keys(read: Reading) -> list[str]:
    """For each token the key that it is compared by: one for all the names of a place."""
    tokens = read.text.tokens
    keys = [nation(token.low) or token.base for token in tokens]
    for i, (a, b) in enumerate(zip(tokens, tokens[1:], strict=False)):
        if place := nation(f"{a.low}_{b.low}"):
            keys[i : i + 2] = [place, place]
    return keys


def _items(read: Reading) -> list[Figure | Date]:
    return [*read.dates, *read.figures]


def _subject(read: Reading) -> frozenset[str]:
    taken = {i for item in _items(read) for i in range(item.start, item.end)}
    return frozenset(
        key
        for i, (token, key) in enumerate(zip(read.text.tokens, _keys(read), strict=True))
        if i not in taken and token.kind == "word" and token.content and token.base not in _GENERIC
    )


def _named(read: Reading) -> frozenset[str]:
    """The words of the names in a text, but for those of who reports it."""
    tokens = read.text.tokens
    keys = _keys(read)
    found: set[str] = set()
    for name in names(read):
        before = tokens[name.start - 1].low if name.start else ""
        after = {token.base for token in tokens[name.end : name.end + 2]}
        if name.sure and before not in _ATTRIBUTED_BEFORE and not after & REPORTS:
            found.update(keys[i] for i in range(name.start, name.end) if tokens[i].low in name.keys)
    return frozenset(found) - _GENERIC


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
