"""Markdown: the source text without its inline markup, so that a quoted sentence reads as it was meant.

The marks of blocks ("#", "-", "1.", ">", "|", fences, front matter) stay in the text, outside the blocks; a file
without inline markup is kept as it is. Two things differ: the ">" before the further lines of a quoted paragraph
would stand inside sentences and is left out, and the cells of a table row are parted by " | ", as many as its
header has.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.ingest.formats import html
from assistant.ingest.formats.common import BLOCK_LIMIT, TEXT_LIMIT, Span, Unreadable, as_title
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.md_inline import Inline
from assistant.ingest.formats.tables import cell, row_text
from assistant.types import Block, BlockKind, Parsed

_NESTING_LIMIT = 100  # lists and quotes inside each other; what is deeper stays in the text, outside the blocks
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_LIMIT = 65_536  # characters
_PROBE = "\ue0ff"  # stands for what follows a piece of HTML
_HIDING_LIMIT = 20_000  # characters of HTML inside an element that hides; beyond, all that follows is hidden
_ROW_BEGINS = re.compile(r"[ \t]*(?:(?:>[ \t]?|(?:[-*+]|\d{1,9}[.)])[ \t]+)[ \t]*)*\|?[ \t]*")


_DATED = ("date", "published", "updated", "lastmod", "created")  # keys of front matter that give a date, best first


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file, as it stands there, and what it says."""

    text: str = ""
    title: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the source, what stands there in the text, and its blocks with spans into `text`."""

    start: int
    end: int
    text: str
    blocks: tuple[Block, ...] = ()


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a Markdown file (CommonMark, with tables and YAML front matter).

    Raises:
        Unreadable: It is no text, in an unknown encoding, or longer than `limit` characters.
    """
    source = decode(data, limit=limit)
    front = _front_matter(source)
    # Empty lines in its place keep the line numbers of the tokens right.
    body = "\n" * front.text.count("\n") + source[len(front.text) :]
    # Inline markup is parsed below, where the source lines of each piece are at hand.
    markdown = MarkdownIt("commonmark", {"maxNesting": _NESTING_LIMIT}).enable("table").disable("inline")
    references: dict[str, Any] = {}
    tokens = markdown.parse(body, references)
    reader = _Reader(source, Inline(markdown, references))
    edits = sorted([*reader.edits(tokens), *reader.definitions(references)], key=lambda edit: edit.start)
    text, blocks = _assemble(source, edits)
    if len(blocks) > BLOCK_LIMIT:
        raise Unreadable(f"it has more than {BLOCK_LIMIT:,} paragraphs")
    return Parsed(text, tuple(blocks), title=front.title, date=front.date)


def _front_matter(source: str) -> FrontMatter:
    """What stands between "---" lines at the head of a file, where that is a YAML mapping.

    Only the node graph is composed: building values would let merge keys grow without bound.
    """
    match = _FRONT_MATTER.match(source)
    if match is None or not match[1] or len(match[1]) > _FRONT_MATTER_LIMIT:
        return FrontMatter()
    try:
        node = yaml.compose(match[1], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        return FrontMatter()
    values = {
        key.value.lower(): value.value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }
    return FrontMatter(
        match[0], as_title(values.get("title")), next((d for k in _DATED if (d := iso_date(values.get(k)))), None)
    )


class _Reader:
    """Turns the block tokens of a file into edits of its source."""

    def __init__(self, source: str, inline: Inline) -> None:
        self._source = source
        self._inline = inline
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._hiding = ""  # the HTML that opened an element which hides what follows, and all HTML since

    def definitions(self, references: dict[str, Any]) -> Iterator[Edit]:
        """Leave out the definitions of links, which no reader sees; some hold a remark instead of an address."""
        for definition in (*references.get("references", {}).values(), *references.get("duplicate_refs", ())):
            first, last = definition["map"]
            yield Edit(self._starts[first], self._starts[last] - 1, "")

    def edits(self, tokens: Sequence[Token]) -> Iterator[Edit]:
        """The edits in the order of the source."""
        quotes = 0
        kind: BlockKind = "paragraph"
        level = 0
        stream = iter(tokens)
        for token in stream:
            match token.type:
                case "blockquote_open" | "blockquote_close":
                    quotes += token.nesting
                case "list_item_open":
                    kind = "item"
                case "list_item_close" | "heading_close":
                    kind, level = "paragraph", 0
                case "heading_open":
                    kind, level = "heading", int(token.tag[1:])
                case "inline":
                    yield self._unless_hidden(self._prose(token, kind, level))
                    kind = "paragraph"
                case "fence" | "code_block":
                    yield self._unless_hidden(self._code(token, quoted=quotes > 0))
                case "html_block":
                    yield self._html(token)
                case "table_open":
                    rows = list(takewhile(lambda inner: inner.type != "table_close", stream))
                    yield self._unless_hidden(self._table(rows))

    def _prose(self, token: Token, kind: BlockKind, level: int) -> Edit:
        """A paragraph, list item or heading without its inline markup."""
        number = _first_line(token)
        written = [line.strip() for line in token.content.split("\n")]
        sources = self._lines[number : number + len(written)]
        columns = [_column(source, line) for source, line in zip(sources, written, strict=True)]
        shown = self._inline.plain(token.content).split("\n")
        if len(shown) == len(sources):  # keep the indentation and the trailing space of the lines
            shown = [
                _kept(source[:column], n > 0) + line + _kept(source[column + len(before) :], n < len(shown) - 1)
                for n, (source, column, before, line) in enumerate(zip(sources, columns, written, shown, strict=True))
            ]
        start = self._starts[number] + columns[0]
        end = self._starts[number + len(sources) - 1] + columns[-1] + len(written[-1])
        text = "\n".join(shown)
        return Edit(start, end, text, _blocks(kind, text, level=level))

    def _code(self, token: Token, quoted: bool) -> Edit:
        number = _first_line(token) + (token.type == "fence")
        count = len(token.content.removesuffix("\n").split("\n")) if token.content else 0
        start, end = self._starts[number], self._starts[number + count] - 1 if count else self._starts[number]
        text = token.content.removesuffix("\n") if quoted else self._source[start:end]
        return Edit(start, end, text, _blocks("code", text))

    def _html(self, token: Token) -> Edit:
        first, last = token.map or (0, 0)
        source = self._hiding + token.content
        inner = html.parse_fragment(source)
        # An element may hide the Markdown after it, up to the HTML that closes it.
        hides = len(source) > _HIDING_LIMIT or _PROBE not in html.parse_fragment(f"{source}\n{_PROBE}").text
        self._hiding = source if hides else ""
        return Edit(self._starts[first], self._starts[last] - 1, inner.text, inner.blocks)

    def _unless_hidden(self, edit: Edit) -> Edit:
        return replace(edit, text="", blocks=()) if self._hiding else edit

    def _table(self, tokens: Sequence[Token]) -> Edit:
        """A table: each row's cells joined, everything between the rows as it stands."""
        rows: list[tuple[int, list[str]]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append((_first_line(token), []))
            elif token.type == "inline":
                rows[-1][1].append(cell(self._inline.plain(token.content)))
        spans = [self._row_span(number) for number, _ in rows]
        parts: list[str] = []
        blocks: list[Block] = []
        length = 0
        header: Span | None = None
        for n, ((_, cells), (start, _)) in enumerate(zip(rows, spans, strict=True)):
            between = self._source[spans[n - 1][1] : start] if n else ""
            while cells and not cells[-1]:  # a row may be written with fewer cells than the table has columns
                cells.pop()
            text = row_text(cells)
            length += len(between)
            if n == 0 and text:
                header = (length, length + len(text))
            blocks += [replace(block, header=header) for block in _blocks("row", text, start=length)]
            parts += (between, text)
            length += len(text)
        return Edit(spans[0][0], spans[-1][1], "".join(parts), tuple(blocks))

    def _row_span(self, number: int) -> Span:
        """Where the cells of a row stand: behind the marks of quotes and lists, between the outer pipes."""
        line = self._lines[number]
        begins = _ROW_BEGINS.match(line)
        start = begins.end() if begins else 0
        inner = line.rstrip(" \t")
        if inner.endswith("|") and not inner.endswith("\\|"):
            inner = inner[:-1].rstrip(" \t")
        return self._starts[number] + start, self._starts[number] + max(start, len(inner))


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _column(source: str, line: str) -> int:
    """Where the content `line` of a block stands in its source line: at the end, save for closing marks."""
    found = source.rfind(line)
    return found if found >= 0 else len(source) - len(source.lstrip())


def _kept(space: str, inside: bool) -> str:
    """The white space around a line where that is inside the block; quote marks are left out."""
    return space if inside and space.isspace() else ""


def _blocks(kind: BlockKind, text: str, *, level: int = 0, start: int = 0) -> tuple[Block, ...]:
    """The block that `text`, which stands at `start`, holds: none where it is empty."""
    stripped = text.strip()
    if not stripped:
        return ()
    start += len(text) - len(text.lstrip())
    return (Block(kind, start, start + len(stripped), level),)


def _assemble(source: str, edits: Sequence[Edit]) -> tuple[str, list[Block]]:
    """The source with every edit made, and the blocks at their places in it."""
    parts: list[str] = []
    blocks: list[Block] = []
    done = length = 0
    for edit in edits:
        parts += (source[done : edit.start], edit.text)
        length += edit.start - done
        blocks += [_moved(block, length) for block in edit.blocks]
        length += len(edit.text)
        done = edit.end
    parts.append(source[done:])
    return "".join(parts), blocks


def _moved(block: Block, by: int) -> Block:
    header = block.header and (block.header[0] + by, block.header[1] + by)
    return replace(block, start=block.start + by, end=block.end + by, header=header)
