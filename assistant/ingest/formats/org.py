"""Org: headings, lists, tables and blocks of Emacs' outlines."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from assistant.ingest.formats.common import DEEPEST, TEXT_LIMIT, Builder, as_title
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.tables import Row, add_table, cell
from assistant.types import Parsed

_HEADING = re.compile(r"(\*+)\s+(.*)")
_STATE = re.compile(r"(?:TODO|DONE|NEXT|WAITING|CANCELLED)\s+(?=\S)")
_PRIORITY = re.compile(r"\[#[A-Z0-9]\]\s*")
_TAGS = re.compile(r"\s+:[\w@#%:]+:\s*\Z")
_KEYWORD = re.compile(r"\s*#\+(\w+):\s*(.*)", re.IGNORECASE)
_BEGIN = re.compile(r"\s*#\+begin_(\w+)", re.IGNORECASE)
_END = re.compile(r"\s*(?:#\+end_(\w+)|:END:)\s*\Z", re.IGNORECASE)
_ESCAPED = re.compile(r"\A\s*,(?=[*#])")
_DRAWER_END = ":end:"
_COMMENT = re.compile(r"\s*#(?:\s|\Z)")
_DRAWER = re.compile(r"\s*:([A-Za-z_-]+):\s*\Z")
_PLANNED = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):")
_ITEM = re.compile(r"\s*(?:[-+]|\d{1,3}[.)])\s+(?:\[[ xX-]\]\s+)?(?=\S)|\s+\*\s+(?=\S)")
_ROW = re.compile(r"\s*\|")
_RULE = re.compile(r"\s*\|[-+|]*\|?\s*\Z")
_LINK = re.compile(r"\[\[([^\[\]]{1,2000})\](?:\[([^\[\]]{1,2000})\])?\]")
_MARKED = re.compile(r"(?<![\w*/_=~+])([*/_=~+])(?=\S)([^\n]{0,400}?\S)\1(?![\w*/_=~+])")
_CODE = ("src", "example", "export")


@dataclass(slots=True)
class _Open:
    """What has begun and not ended: lines of a paragraph or an item, rows of a table."""

    lines: list[str] = field(default_factory=list)
    item: bool = False
    rows: list[Row] = field(default_factory=list)
    ruled: bool = False  # a rule stands below the first row


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read an Org file. Left out: comments, headings marked COMMENT, drawers, and when tasks are planned.

    Raises:
        Unreadable: It is no text, in an unknown encoding, or longer than `limit` characters.
    """
    source = decode(data, limit=limit)
    reader = _Reader(Builder(limit))
    reader.read(source.split("\n"))
    return reader.builder.parsed(
        as_title(reader.said.get("title")), iso_date(reader.said.get("date", "").strip("<["))
    )


class _Reader:
    """Reads a file line by line."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.said: dict[str, str] = {}
        self._open = _Open()
        self._comment = 0  # the level of a heading that is a comment with all that is below it

    def read(self, lines: list[str]) -> None:
        """Read a whole file."""
        ends = _Ends(lines)
        number = 0
        while number < len(lines):
            line = lines[number]
            begun = _BEGIN.match(line)
            drawer = _DRAWER.match(line)
            if begun and (end := ends.after(number, begun[1])):
                self._block(begun[1].lower(), lines[number + 1 : end])
                number = end
            elif drawer and (end := ends.after(number, _DRAWER_END)):
                number = end
            else:
                self._line(line)
            number += 1
        self._close()

    def _block(self, kind: str, lines: list[str]) -> None:
        self._close()
        if self._comment or kind == "comment":
            return
        if kind in _CODE:
            self.builder.add("code", "\n".join(_ESCAPED.sub("", line) for line in lines).strip("\n"))
            return
        for line in lines:
            self._line(line)
        self._close()

    def _line(self, line: str) -> None:
        heading = _HEADING.match(line)
        if heading:
            self._heading(len(heading[1]), heading[2])
        elif self._comment:
            return
        elif keyword := _KEYWORD.match(line):
            self._close()
            self.said.setdefault(keyword[1].lower(), keyword[2])
            if keyword[1].lower() == "caption":
                self.builder.add("paragraph", plain(keyword[2]))
        elif _COMMENT.match(line) or _PLANNED.match(line):
            self._close()
        elif _ROW.match(line):
            self._row(line)
        else:
            self._words(line)

    def _words(self, line: str) -> None:
        item = _ITEM.match(line)
        if self._open.rows or item or not line.strip():
            self._close()
        if line.strip():
            self._open.item = self._open.item or bool(item)
            self._open.lines.append((line[item.end() :] if item else line).strip())

    def _heading(self, level: int, text: str) -> None:
        self._close()
        if self._comment and level > self._comment:
            return
        text = _TAGS.sub("", _PRIORITY.sub("", _STATE.sub("", text, count=1), count=1))
        self._comment = level if re.match(r"COMMENT\b", text) else 0
        if not self._comment:
            self.builder.add("heading", plain(text), level=min(level, DEEPEST))

    def _row(self, line: str) -> None:
        if self._open.lines:
            self._close()
        if _RULE.match(line):
            self._open.ruled = self._open.ruled or len(self._open.rows) == 1
        else:
            cells = line.strip().removeprefix("|").removesuffix("|").split("|")
            self._open.rows.append([cell(plain(text)) for text in cells])

    def _close(self) -> None:
        """Add what is open."""
        opened, self._open = self._open, _Open()
        if opened.lines:
            self.builder.add("item" if opened.item else "paragraph", plain("\n".join(opened.lines)))
        if opened.rows:
            add_table(self.builder, opened.rows, opened.ruled and len(opened.rows) > 1)


class _Ends:
    """Where blocks and drawers end, found in one pass, since a file may begin any number and end none."""

    def __init__(self, lines: list[str]) -> None:
        self._tops = [number for number, line in enumerate(lines) if line.startswith("* ")]
        self._ends: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            if match := _END.match(line):
                self._ends.setdefault((match[1] or _DRAWER_END).lower(), []).append(number)

    def after(self, number: int, kind: str) -> int:
        """The line that ends what begins at `number`; 0 where there is none before the next heading of level 1."""
        ends = self._ends.get(kind.lower(), [])
        end = next(iter(ends[bisect_right(ends, number) : bisect_right(ends, number) + 1]), 0)
        at = bisect_right(self._tops, number)
        return 0 if at < len(self._tops) and self._tops[at] < end else end


def plain(text: str) -> str:
    """Text without the marks of links and emphasis."""
    return _MARKED.sub(r"\2", _LINK.sub(lambda match: match[2] or match[1], text))
