"""XML of any kind: its text in order, with titles as headings and like records as tables."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from assistant.ingest.formats import html
from assistant.ingest.formats.common import DEEPEST, TEXT_LIMIT, Builder, Unreadable, one_line
from assistant.ingest.formats.tables import ROW_LIMIT, add_table, cell
from assistant.ingest.formats.xml_tree import local_name, read_tree
from assistant.types import Parsed

Element = Any  # an lxml element; lxml has no types of its own

_TITLES = frozenset(("title", "head", "heading", "h1", "h2", "h3", "h4", "h5", "h6", "bridgehead"))
_ITEMS = frozenset(("li", "item", "listitem", "entry"))
_PROSE = frozenset(("p", "para", "simpara", "paragraph", "l", "line", "ab", "seg", "dd", "dt", "description"))
_LONG = 200  # characters; a longer value is text of its own, no cell
_COLUMN_LIMIT = 1_000


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read an XML file.

    An element that holds text is a paragraph, with all that is inside it. One that holds only short values, each
    under a name of its own, is a record: a line for each value behind its name; records of a kind that follow each
    other are rows of a table. Attributes, comments and entities are left out. A page in XHTML is read as HTML.

    Raises:
        Unreadable: It is no well-formed XML, or beyond the limits (200,000 rows of a table, `limit` characters).
    """
    root = read_tree(data.lstrip())
    if local_name(root).lower() == "html":
        return html.parse(data, limit)
    builder = Builder(limit)
    _Writer(builder).write(root, 1)
    return builder.parsed()


class _Writer:
    """Adds elements to a document."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def write(self, element: Element, level: int) -> None:
        """Add an element, its title as a heading of `level`, and what is inside it below that."""
        if _holds_text(element) or not len(element):
            self._block(element, level)
            return
        if record := _record(element):
            self._record(record)
            return
        children = list(element)
        if local_name(children[0]).lower() in _TITLES and (title := _text(children[0])):
            self._heading(title, level)
            children, level = children[1:], level + 1
        for _, run in groupby(children, key=local_name):
            self._run(list(run), level)

    def _run(self, elements: list[Element], level: int) -> None:
        """Add elements of one name that follow each other."""
        records = [_record(each) for each in elements]
        found = [record for record in records if record]
        if len(elements) > 1 and len(found) == len(elements) and self._table(found):
            return
        for each, record in zip(elements, records, strict=True):
            if record:
                names = {name.lower(): text for name, text in record}
                self._heading(
                    next((names[key] for key in ("title", "name") if key in names), local_name(each)), level
                )
                self._record(record)
            else:
                self.write(each, level)

    def _table(self, records: Sequence[Sequence[tuple[str, str]]]) -> bool:
        """Add records as a table, if they are alike enough to be one."""
        names = list(dict.fromkeys(name for record in records for name, _ in record))
        if len(names) > min(_COLUMN_LIMIT, 3 * max(map(len, records))):
            return False
        if len(records) > ROW_LIMIT:
            raise Unreadable(f"it has more than {ROW_LIMIT:,} rows")
        rows = ([dict(record).get(name, "") for name in names] for record in records)
        add_table(self._builder, [[cell(name) for name in names], *rows], header=True)
        return True

    def _record(self, record: Sequence[tuple[str, str]]) -> None:
        apart = True
        for name, text in record:
            if text:
                self._builder.add("row", f"{cell(name)}: {text}", apart=apart)
                apart = False

    def _block(self, element: Element, level: int) -> None:
        text = _text(element)
        name = local_name(element).lower()
        if name in _TITLES and len(text) <= _LONG:
            self._heading(text, level)
        else:
            self._builder.add("item" if name in _ITEMS else "paragraph", text)

    def _heading(self, text: str, level: int) -> None:
        self._builder.add("heading", text, level=min(level, DEEPEST))


def _holds_text(element: Element) -> bool:
    """Whether an element holds text of its own, beside or between other elements."""
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _text(element: Element) -> str:
    return one_line("".join(element.itertext()))


def _record(element: Element) -> list[tuple[str, str]] | None:
    """The names and values of an element that holds two or more short values, each under a name of its own."""
    children = list(element)
    names = [local_name(child) for child in children]
    if len(children) < 2 or len(set(names)) < len(names) or _holds_text(element) or _PROSE.intersection(names):
        return None
    if any(len(child) for child in children):
        return None
    values = [cell(one_line(child.text or "")) for child in children]
    return list(zip(names, values, strict=True)) if max(map(len, values)) <= _LONG else None
