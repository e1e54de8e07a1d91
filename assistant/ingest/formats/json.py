"""JSON, and JSON Lines: keys head what is below them, and lists of like objects are tables."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.ingest.formats import txt
from assistant.ingest.formats.common import DEEPEST, TEXT_LIMIT, Builder, Unreadable, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.tables import ROW_LIMIT, Row, add_table, cell, has_header
from assistant.types import Parsed

Value = Any  # what JSON holds: dictionaries, lists, strings (figures too, as they are written), booleans and None

_LONG = 200  # characters; a longer value is text of its own, no cell
_COLUMN_LIMIT = 1_000
_JOINED = 20  # values of a list that stand in one cell
_SHORT = 40  # characters of such a value; longer ones are items of a list
_NAMES = ("title", "name", "label", "id", "key")  # what an object in a list is headed by, best first
_DATED = ("date", "published", "updated", "created")


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a file of JSON, or of JSON Lines.

    Figures stay as they are written. Of an object's values those that fit on a line come first, each behind its key;
    then the others, each below its key as a heading. Where a key is there twice, the last holds, as elsewhere.

    Raises:
        Unreadable: It is no JSON, or beyond the limits (200,000 rows of a table, 1,000 columns, `limit` characters).
    """
    root = _loaded(decode(data))
    builder = Builder(limit)
    _Writer(builder).write(root, level=1)
    said = root if isinstance(root, dict) else {}
    date = next((found for key in _DATED if (found := iso_date(said.get(key)))), None)
    return builder.parsed(as_title(said.get("title")), date)


def _loaded(text: str) -> Value:
    try:
        return _value(text)
    except json.JSONDecodeError as whole:
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            return [_value(line) for line in lines] if len(lines) > 1 else _fail(whole)
        except json.JSONDecodeError as error:
            # A file of lines fails as a whole where its second begins; any other where its own fault is.
            return _fail(error if whole.msg == "Extra data" else whole)


def _value(text: str) -> Value:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _fail(error: json.JSONDecodeError) -> Value:
    raise Unreadable(f"it is damaged, or no JSON ({error.msg.lower()}, line {error.lineno})") from error


class _Writer:
    """Adds values to a document."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def write(self, value: Value, level: int) -> None:
        """Add a value, its own parts below headings of `level`."""
        if isinstance(value, dict):
            self._object(value, level)
        elif isinstance(value, list):
            self._list(value, level)
        else:
            self._text(value)

    def _object(self, value: dict[str, Value], level: int) -> None:
        apart = True
        for key, part in value.items():
            if (text := _in_cell(part)) is not None:
                if text:
                    self._builder.add("row", f"{cell(key)}: {text}", apart=apart)
                    apart = False
        for key, part in value.items():
            if _in_cell(part) is None:
                self._heading(key, level)
                self.write(part, level + 1)

    def _list(self, values: list[Value], level: int) -> None:
        if table := _table(values):
            rows, header = table
            add_table(self._builder, rows, header)
            return
        for number, part in enumerate(values, start=1):
            if isinstance(part, dict):
                self._heading(_name(part) or str(number), level)
                self.write(part, level + 1)
            elif isinstance(part, list):
                self.write(part, level)
            else:
                self._builder.add("item", _shown(part))

    def _text(self, value: Value) -> None:
        self._builder.include(txt.parse_text(_shown(value), self._builder.room, titled=False), DEEPEST)

    def _heading(self, text: str, level: int) -> None:
        self._builder.add("heading", one_line(text)[:_LONG], level=min(level, DEEPEST))


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value).lower()


def _in_cell(value: Value) -> str | None:
    """A value that fits into a cell, as it stands there; None for one that does not."""
    if isinstance(value, dict):
        return None if value else ""
    if isinstance(value, list):
        if len(value) > _JOINED or any(isinstance(part, dict | list) for part in value):
            return None
        texts = [_shown(part) for part in value]
        if max(map(len, texts), default=0) > _SHORT:
            return None
        text = ", ".join(texts)
    else:
        text = _shown(value)
    return None if len(text) > _LONG or "\n" in text.strip() else cell(text)


def _table(values: list[Value]) -> tuple[Sequence[Row], bool] | None:
    """The rows of a list of objects, or of lists, whose values fit into cells; whether the first heads them."""
    if len(values) < 2:
        return None
    if len(values) > ROW_LIMIT:
        raise Unreadable(f"it has a list of more than {ROW_LIMIT:,} values")
    if all(isinstance(part, dict) and part for part in values):
        keys = list(dict.fromkeys(key for part in values for key in part))
        if len(keys) > _COLUMN_LIMIT or not 2 <= len(keys) <= 3 * max(map(len, values)):
            return None
        found = _rows([part.get(key) for key in keys] for part in values)
        return None if found is None else ([[cell(key) for key in keys], *found], True)
    if all(isinstance(part, list) and len(part) > 1 for part in values):
        found = _rows(values)
        return None if found is None else (found, has_header(found))
    return None


def _rows(values: Iterator[list[Value]] | list[Value]) -> list[Row] | None:
    rows: list[Row] = []
    for part in values:
        texts = [_in_cell(each) for each in part]
        row = [text for text in texts if text is not None]
        if len(row) < len(texts):
            return None
        rows.append(row)
    return rows


def _name(value: dict[str, Value]) -> str | None:
    named = {key.lower(): part for key, part in value.items()}
    return next((text for key in _NAMES if (text := as_title(named.get(key)))), None)
