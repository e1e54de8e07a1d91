"""Rich text (.rtf): paragraphs, headings, lists and tables, as a reader sees them."""

import re
from dataclasses import dataclass, replace

from assistant.ingest.formats.common import DEEPEST, TEXT_LIMIT, Builder, Unreadable, as_title, clean, one_line
from assistant.ingest.formats.dates import checked_date
from assistant.ingest.formats.rtf_head import BREAKS, CHARACTERS, SKIPPED, Head
from assistant.ingest.formats.rtf_table import Table
from assistant.types import BlockKind, Parsed

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_TINY = 4  # half points
_GROUP_LIMIT = 10_000  # inside each other


@dataclass(frozen=True, slots=True)
class _Run:
    """How text is to be read at one place: what a group inherits, and takes back at its end."""

    skipped: bool = False
    target: str = ""  # what the text belongs to, where that is not the document
    hidden: bool = False
    deleted: bool = False
    size: int = 24
    colour: int = 0
    marked: bool = False  # something is painted behind it
    codec: str = ""
    unicode_skip: int = 1


@dataclass(slots=True)
class _Paragraph:
    """What is known of the paragraph being read."""

    style: int = 0
    outline: int | None = None
    item: bool = False
    in_table: bool = False
    shaded: bool = False


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    r"""Read a document in rich text; notes stand where they are referred to, on lines of their own.

    Left out: text that is hidden, deleted, tiny or white on white, comments, page headers and footers, pictures.

    Raises:
        Unreadable: It is no rich text, or beyond the limits.
    """
    if not data.lstrip()[:5].startswith(b"{\\rtf"):
        raise Unreadable("it is no rich text, whatever its name says")
    reader = _Reader(Builder(limit), limit)
    reader.read(data)
    head = reader.head
    date = checked_date(*head.created) if len(head.created) == 3 else None
    return reader.builder.parsed(as_title("".join(head.title)), date)


class _Reader:
    """Follows the control words of a file, and adds a block wherever a paragraph or a table ends."""

    def __init__(self, builder: Builder, limit: int) -> None:
        self.builder = builder
        self.head = Head()
        self._limit = limit
        self._size = 0  # characters gathered, those of tables that have not ended included
        self._run = _Run()
        self._stack: list[_Run] = []
        self._paragraph = _Paragraph()
        self._table = Table()
        self._text: list[str] = []
        self._bytes = bytearray()  # in the encoding of the present font
        self._pending = 0  # characters to be left out after one given by its number

    def read(self, data: bytes) -> None:
        """Read a file to its end, or to where it is cut off."""
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if text is not None:
                self._plain(text)
            elif word == b"bin":
                position += max(0, int(number or 0))  # data, whatever it looks like
            elif word is not None:
                self._word(word.decode("ascii"), int(number) if number else None)
            elif code is not None:
                self._plain(bytes([int(code, 16)]))
            elif brace is not None:
                self._brace(brace)
            elif symbol is not None:
                self._symbol(symbol)
        self._end_paragraph()
        self._end_table()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._pending = 0
        if brace == b"{":
            if len(self._stack) == _GROUP_LIMIT:
                raise Unreadable("it is damaged: its parts are nested too deeply")
            self._stack.append(self._run)
        elif self._stack:
            ended, self._run = self._run, self._stack.pop()
            if ended.target == "note" and self._run.target != "note":
                self._text.append("\n")
            elif ended.target != self._run.target:
                self.head.end_entry(ended.target)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._run = replace(self._run, target="optional")
        elif symbol in b"\r\n":
            self._word("par", None)
        elif symbol in b"~_{}\\":
            self._put({b"~": "\xa0", b"_": "-"}.get(symbol, symbol.decode("ascii")))

    def _word(self, word: str, number: int | None) -> None:
        on = number != 0
        optional = self._run.target == "optional"
        if word in SKIPPED or (optional and word not in ("shpinst", "shptxt", "footnote")):
            self._flush()
            self._run = replace(self._run, skipped=True, target=word)
            return
        if optional:
            self._run = replace(self._run, target="")
        if self._run.skipped:
            self._flush()
            self.head.word(self._run.target, word, number)
            self._font(word, number)
        elif word in CHARACTERS:
            self._put(CHARACTERS[word])
        elif word in BREAKS:
            self._end_paragraph()
        elif word == "u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self._pending = self._run.unicode_skip
        elif word == "cell":
            self._table.end_cell(self._taken())
        elif word == "row":
            self._table.end_row()
            self._paragraph.in_table = False
        elif not self._table.word(word) and not self._layout(word, number, on):
            self._look(word, number, on)

    def _layout(self, word: str, number: int | None, on: bool) -> bool:
        """Follow a word about paragraphs; whether it is one."""
        paragraph = self._paragraph
        match word:
            case "pard":
                self._paragraph = _Paragraph()
            case "s":
                paragraph.style = number or 0
            case "outlinelevel":
                paragraph.outline = number
            case "ls" | "pnlvlblt" | "pnlvlbody":
                paragraph.item = on
            case "intbl":
                paragraph.in_table = on
            case "cbpat":
                paragraph.shaded = True
            case _:
                return False
        return True

    def _look(self, word: str, number: int | None, on: bool) -> None:
        """Follow a word about how text looks."""
        match word:
            case "v" | "webhidden":
                self._flush()
                self._run = replace(self._run, hidden=on)
            case "deleted":
                self._flush()
                self._run = replace(self._run, deleted=on)
            case "fs":
                self._flush()
                self._run = replace(self._run, size=number or 24)
            case "cf":
                self._flush()
                self._run = replace(self._run, colour=number or 0)
            case "highlight" | "cb" | "chcbpat" | "chshdng":
                self._flush()
                self._run = replace(self._run, marked=on)
            case "plain":
                self._flush()
                self._run = _Run(unicode_skip=self._run.unicode_skip, target=self._run.target)
            case "uc":
                self._run = replace(self._run, unicode_skip=max(0, number or 0))
            case "footnote":
                self._put("\n")
                self._run = replace(self._run, target="note")
            case "ansicpg":
                self.head.set_codepage(number or 0)
            case _:
                self._font(word, number)

    def _font(self, word: str, number: int | None) -> None:
        if word == "f" and number is not None and self._run.target != "fonttbl":
            self._flush()
            self._run = replace(self._run, codec=self.head.fonts.get(number, ""))

    def _plain(self, text: bytes) -> None:
        if self._pending:
            left_out = min(self._pending, len(text))
            self._pending -= left_out
            text = text[left_out:]
        self._bytes += text

    def _flush(self) -> None:
        """Decode what was gathered in one encoding, and put it where it belongs."""
        if self._bytes:
            text = self._bytes.decode(self._run.codec or self.head.codec, "replace")
            self._bytes.clear()
            self._gather(text)

    def _put(self, text: str) -> None:
        self._flush()
        self._gather(text)

    def _gather(self, text: str) -> None:
        run = self._run
        if run.skipped:
            self.head.text(run.target, text)
            if run.target in ("listtext", "pntext"):
                self._paragraph.item = True
        elif not (run.hidden or run.deleted or run.size <= _TINY or self._is_unseen(run)):
            self._size += len(text)
            if self._size > self._limit:
                raise Unreadable(f"its text is longer than the limit of {self._limit:,} characters")
            self._text.append(text)

    def _is_unseen(self, run: _Run) -> bool:
        """Whether text is white on white; what is behind a cell cannot be told."""
        seen = run.marked or self._paragraph.in_table or self._paragraph.shaded
        return not seen and run.colour in self.head.white

    def _taken(self) -> str:
        self._flush()
        text = "".join(self._text)
        self._text = []
        # Characters beyond 16 bits come as two numbers.
        return clean(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _end_paragraph(self) -> None:
        if self._paragraph.in_table:
            self._put("\n")
            return
        text = self._taken()
        if not text.strip():
            return
        self._end_table()
        kind, level = self._kind()
        self.builder.add(kind, one_line(text) if kind == "heading" else text, level=level)

    def _kind(self) -> tuple[BlockKind, int]:
        paragraph = self._paragraph
        level = self.head.levels.get(paragraph.style, 0) if paragraph.outline is None else paragraph.outline + 1
        if 0 < level < 10:
            return "heading", min(level, DEEPEST)
        return ("item" if paragraph.item else "paragraph"), 0

    def _end_table(self) -> None:
        self._table.end_row()
        self._table.add_to(self.builder)
        self._table = Table()
