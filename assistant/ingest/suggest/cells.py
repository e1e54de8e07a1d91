"""Questions from the rows of tables: what a column gives for what the row is about."""

import re
from collections.abc import Iterator

from assistant.ingest.suggest.clauses import PERIOD, kinds
from assistant.ingest.suggest.figures import Asked

_FIGURE = re.compile(r"(?:[a-z]+ )?[+\-−]?[$€£]?\d[\d.,]*(?: ?%| [^\W\d]\w*(?: [^\W\d]\w*)?)?")
_TIME = re.compile(rf"(?i:period|year|date|month|quarter|when|time)|{PERIOD}|.*\b(?:19|20)\d\d\b.*")
_NOT_ASKED = re.compile(
    r"(?i:units?|source|notes?|remarks?|nature.*|status|type|kind|id|nr|no|number|page|date|year)"
)
_SO_MUCH = re.compile(r"(?i:value|amount|figure|volume|quantity|change|total|growth|share|increase|result)")
_IN_UNITS = re.compile(
    r"(?i:(?:in )?(?:US)?[$€£%](?: (?:thousand|million|billion))?|%|percent|tons|km|million.*|billion.*)"
)
_LONGEST = 70  # characters of a cell that is asked for or by
MOST_COLUMNS = 12

Cell = tuple[str, str]  # the name of the column, and what stands there


def asked_of_row(words: str) -> Iterator[Asked]:
    """The questions for the figures of a row, which is given with its columns' names: "Year: 2019; Trade: 2.18"."""
    cells = [_cell(part) for part in words.split("; ")]
    if not 2 <= len(cells) <= MOST_COLUMNS or any(not name or not value for name, value in cells):
        return
    if any(len(name) > _LONGEST or len(value) > _LONGEST for name, value in cells):
        return
    (first_name, first), (second_name, second) = cells[:2]
    timed = bool(_TIME.fullmatch(first_name) or _TIME.fullmatch(first))
    has_label = timed and not re.search(r"\d", second) and not _NOT_ASKED.fullmatch(second_name)
    for name, value in cells[1:]:
        if not _FIGURE.fullmatch(value) or _NOT_ASKED.fullmatch(name) or (has_label and value == second):
            continue
        label = second if has_label else None if timed else first
        question = _of_time(name, first, label) if timed else _of_label(name, first)
        if question:
            yield Asked(question, value, "cell")


def _cell(part: str) -> Cell:
    name, _, value = part.partition(": ")
    return name.strip(), value.strip()


def _of_time(column: str, when: str, label: str | None) -> str | None:
    """A question for a figure of a year, a month or another time, perhaps of something that the row names."""
    at = f"in {_time(when)}"
    if label is None:
        if _IN_UNITS.fullmatch(column) or _SO_MUCH.fullmatch(column):
            return None  # of what?
        counted = column.split(" in ")[0].split(" of ")[0]
        if _is_plural(counted.split()[-1]):
            return f"How many {_lowered(column)} were there {at}?"
        return f"What was the {_lowered(column)} {at}?"
    if _IN_UNITS.fullmatch(column):
        return f"What was the {_lowered(label)} {at}, in {column.removeprefix('in ')}?"
    joined = "in" if re.match(r"(?i:change|growth|increase)\b(?! in)", column) else "of"
    return f"What was the {_lowered(column)} {joined} {_lowered(label)} {at}?"


def _of_label(column: str, label: str) -> str | None:
    last = column.split()[-1].strip("()%,.").casefold()
    if not re.search(r"[^\W\d]", label) or (kinds(last) and "NOUN" not in kinds(last)):
        return None
    return f"What {_lowered(column)} is given for “{label}”?"


def _time(when: str) -> str:
    ordinal = re.match(r"(?i:first|second|third|fourth|last)\b", when)
    return f"the {_lowered(when)}" if ordinal else when


def _is_plural(word: str) -> bool:
    return "NOUN" in kinds(word) and word not in kinds(word)["NOUN"]


def _lowered(text: str) -> str:
    """A text as it is written within a sentence: names and abbreviations keep their capitals."""
    words = text.split()
    low = words[0].lower()
    named = not kinds(low) or (len(words) > 1 and words[1][0].isupper())
    return text if named or words[0][1:] != low[1:] else text[:1].lower() + text[1:]
