"""HTML: what a reader of the page sees, block by block, without navigation, scripts and hidden parts."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, as_title
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.html_hidden import mark_hidden
from assistant.ingest.formats.html_table import read_table
from assistant.ingest.formats.html_tree import BLOCK_TAGS, is_shown, visit
from assistant.ingest.formats.tables import add_table
from assistant.types import BlockKind, Parsed

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATE_PROPERTIES = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dcterms.date",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "citation_publication_date",
    "citation_date", "publication_date", "publish-date", "pubdate",
)  # fmt: skip
_DECLARED_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_CHARSET_SEARCH = 4_096  # bytes; a browser gives up after 1,024
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINE_BREAK = "\0"  # stands for <br>; the parser leaves no NUL in the text


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read an HTML page.

    Left out: scripts, styles, forms, navigation, comments, elements hidden by attribute or style (`html_hidden`),
    and page headers and footers outside the article where there is one.

    Raises:
        Unreadable: It is no text, or longer than `limit` characters.
    """
    declared = _DECLARED_CHARSET.search(data[:_CHARSET_SEARCH])
    return _parse(decode(data, declared[1].decode("ascii") if declared else None), limit)


def parse_fragment(source: str, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a piece of HTML that stands inside another document."""
    return _parse(source, limit)


def _parse(source: str, limit: int) -> Parsed:
    page = LexborHTMLParser(source)
    mark_hidden(page)
    builder = Builder(limit)
    body = page.body
    if body is not None:
        reader = _Reader(builder, has_article=page.css_first("main, article, [role=main]") is not None)
        visit(body, reader.enter, reader.leave)
        reader.flush()
    title = page.css_first("head > title")
    return builder.parsed(as_title(title.text()) if title else None, _date(page))


def _date(page: LexborHTMLParser) -> str | None:
    """When the page says it was published: by its properties, else by its first <time>."""
    said: dict[str, str] = {}
    for node in page.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or node.attributes.get("itemprop")
        content = node.attributes.get("content")
        if name and content:
            said.setdefault(name.lower(), content)
    for name in _DATE_PROPERTIES:
        if date := iso_date(said.get(name)):
            return date
    time = page.css_first("time[datetime]")
    return iso_date(time.attributes.get("datetime")) if time else None


class _Reader:
    """Gathers running text while the tree is visited, and makes a block of it wherever a line must end."""

    def __init__(self, builder: Builder, has_article: bool) -> None:
        self._builder = builder
        self._has_article = has_article
        self._articles = 0  # how many <main> and <article> are open
        self._text: list[str] = []
        self._heading = 0
        self._preformatted = 0
        self._item = False  # the next block is the first of a list item

    def enter(self, node: LexborNode) -> bool:
        if node.is_text_node:
            self._text.append(node.text_content or "")
            return False
        if not node.is_element_node or not is_shown(node):
            return False
        tag = node.tag
        if tag == "br":
            self._text.append("\n" if self._preformatted else _LINE_BREAK)
            return False
        if tag in BLOCK_TAGS:
            self.flush()
        if tag in ("header", "footer"):
            return not self._has_article or self._articles > 0
        if tag == "table" and (table := read_table(node)):
            for text in table.titles:
                self._builder.add("paragraph", text)
            add_table(self._builder, table.rows, table.header)
            return False
        if tag in ("td", "th"):
            self._text.append(" ")  # of a table that only lays the page out
        self._begin(node)
        return True

    def leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in BLOCK_TAGS:
            self.flush()
        if tag in _HEADINGS:
            self._heading = 0
        elif tag == "pre":
            self._preformatted -= 1
        elif _is_article(node):
            self._articles -= 1
        elif tag in ("li", "dt", "dd"):
            self._item = False

    def flush(self) -> None:
        """End the block that is being gathered."""
        text = "".join(self._text)
        self._text = []
        if self._preformatted:
            self._builder.add("code", text)
            return
        lines = [line.strip() for line in _SPACE.sub(" ", text).split(_LINE_BREAK)]
        if self._heading:
            self._builder.add("heading", " ".join(filter(None, lines)), level=self._heading)
            return
        for paragraph in "\n".join(lines).split("\n\n"):  # two <br> part paragraphs
            kind: BlockKind = "item" if self._item else "paragraph"
            if self._builder.add(kind, paragraph):
                self._item = False

    def _begin(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag == "pre":
            self._preformatted += 1
        elif _is_article(node):
            self._articles += 1
        elif tag in ("li", "dt", "dd"):
            self._item = True


def _is_article(node: LexborNode) -> bool:
    return node.tag in ("main", "article") or node.attributes.get("role") == "main"
