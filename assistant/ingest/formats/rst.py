"""reStructuredText: sections, lists, tables and literal text, as docutils understands them."""

import io
import re

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from assistant.ingest.formats import txt
from assistant.ingest.formats.common import DEEPEST, TEXT_LIMIT, Builder, Unreadable, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.tables import Row, add_table, cell
from assistant.types import Parsed

_SETTINGS = {
    "file_insertion_enabled": False,  # a document must not read other files
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 3,
    "halt_level": 5,
    "syntax_highlight": "none",
    "input_encoding": "unicode",
    "doctitle_xform": True,
    "line_length_limit": 100_000,
}
_ROLE = re.compile(r":[\w:+.-]{1,40}:`([^`]*)`")  # of a program that extends the language
_TARGET = re.compile(r"\s*<[^<>]*>\Z")
_NOT_TEXT = (nodes.comment, nodes.substitution_definition, nodes.target, nodes.raw, nodes.pending, nodes.image)
_UNKNOWN = "Unknown directive type"


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a file in reStructuredText; nothing that it refers to is read, and what docutils does not know is text.

    Raises:
        Unreadable: It is no text, in an unknown encoding, or longer than `limit` characters.
    """
    source = decode(data, limit=limit)
    try:
        document = publish_doctree(source, settings_overrides=_SETTINGS | {"warning_stream": io.StringIO()})
    except SystemMessage as error:
        raise Unreadable(f"it is damaged: {one_line(str(error))[:200]}") from error
    builder = Builder(limit)
    _Writer(builder).blocks(document, 1)
    date = next((iso_date(each.astext()) for each in document.findall(nodes.date)), None)
    return builder.parsed(as_title(document.get("title")), date)


class _Writer:
    """Adds the nodes of a document to a builder."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def blocks(self, parent: nodes.Element, level: int) -> None:
        """Add what is inside a node; titles there have `level`."""
        for node in parent.children:
            self._block(node, level)

    def _block(self, node: nodes.Node, level: int) -> None:
        match node:
            case nodes.section():
                self.blocks(node, level + 1)
            case nodes.title() | nodes.subtitle() | nodes.rubric():
                depth = level - 1 if isinstance(node.parent, nodes.section) else level
                self._builder.add("heading", one_line(_text(node)), level=max(1, min(depth, DEEPEST)))
            case nodes.list_item():
                self._item(node, level)
            case nodes.definition_list_item():
                self._definition(node, level)
            case nodes.table():
                self._table(node)
            case nodes.system_message():
                self._unknown(node)
            case nodes.Element():
                if not isinstance(node, _NOT_TEXT):
                    self._leaf(node, level)

    def _leaf(self, node: nodes.Element, level: int) -> None:
        match node:
            case nodes.literal_block() | nodes.doctest_block() | nodes.math_block():
                self._builder.add("code", node.astext())
            case nodes.field() | nodes.option_list_item():
                self._builder.add("row", cell(": ".join(one_line(_text(part)) for part in node.children)))
            case nodes.TextElement():
                self._builder.add("paragraph", _text(node))
            case nodes.line_block():
                self._builder.add("paragraph", "\n".join(_text(line) for line in node.findall(nodes.line)))
            case _:
                self.blocks(node, level)

    def _item(self, item: nodes.Element, level: int) -> None:
        first, *others = item.children or [nodes.paragraph()]
        if isinstance(first, nodes.paragraph):
            self._builder.add("item", _text(first))
        else:
            others = [first, *others]
        for node in others:
            self._block(node, level)

    def _definition(self, item: nodes.Element, level: int) -> None:
        terms = [_text(node) for node in item.children if not isinstance(node, nodes.definition)]
        self._builder.add("item", one_line(" : ".join(terms)))
        for node in item.children:
            if isinstance(node, nodes.definition):
                self.blocks(node, level)

    def _table(self, table: nodes.table) -> None:
        for title in table.findall(nodes.title):
            self._builder.add("paragraph", _text(title))
        head = any(True for _ in table.findall(nodes.thead))
        rows: list[Row] = [_cells(row) for row in table.findall(nodes.row)]
        add_table(self._builder, rows, head and len(rows) > 1)

    def _unknown(self, message: nodes.system_message) -> None:
        """What stands in a directive of a program that extends the language, as text."""
        if not message.children or not message.children[0].astext().startswith(_UNKNOWN):
            return
        for literal in message.findall(nodes.literal_block):
            lines = literal.astext().split("\n")
            text = "\n".join([lines[0].partition("::")[2].strip(), *(line.strip() for line in lines[1:])])
            self._builder.include(txt.parse_text(text, self._builder.room, titled=False), DEEPEST)


def _cells(row: nodes.row) -> Row:
    cells: list[str] = []
    for entry in row.children:
        if isinstance(entry, nodes.entry):
            cells += [cell(one_line(_text(entry)))] + [""] * min(int(entry.get("morecols", 0)), 100)
    return cells


def _text(node: nodes.Node) -> str:
    return _ROLE.sub(lambda match: _TARGET.sub("", match[1]).lstrip("~!"), node.astext())
