"""Inline Markdown to plain text."""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from assistant.ingest.formats.common import clean
from assistant.ingest.formats.html_hidden import mark_hidden
from assistant.ingest.formats.html_tree import is_shown

_MARKUP = re.compile(r"[\\`*_\[\]<&]")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
_MAY_HIDE = re.compile(r"\b(?:style|hidden|color)\b", re.IGNORECASE)
_WITHOUT_END = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BRACKET_LIMIT = 2_000  # in one paragraph; looking for the ends of links costs their number squared


class Inline:
    """Removes emphasis, code ticks, tags and escapes; leaves the text of links, images and entities."""

    def __init__(self, markdown: MarkdownIt, references: dict[str, object]) -> None:
        self._markdown = markdown
        self._references = references  # the link definitions of the document, as its block parser found them

    def plain(self, source: str) -> str:
        """The text that a reader sees, its lines as in `source` where no markup runs over a line's end."""
        if not _MARKUP.search(source) or source.count("[") > _BRACKET_LIMIT:
            return "\n".join(line.strip() for line in source.split("\n"))
        tokens: list[Token] = []
        self._markdown.inline.parse(source, self._markdown, self._references, tokens)
        return clean("".join(_shown(token) for token in _visible(tokens)))


def _visible(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without those inside tags that hide them; line breaks stay, so that the lines are those written."""
    name, depth = "", 0
    for token in tokens:
        tag = _TAG.match(token.content) if token.type == "html_inline" else None
        if tag and depth and tag[2].lower() == name:
            depth += -1 if tag[1] else 1
        elif tag and not depth and not tag[1] and _hides(token.content, tag[2].lower()):
            name, depth = tag[2].lower(), 1
        elif not depth or token.type in ("softbreak", "hardbreak"):
            yield token


def _hides(tag: str, name: str) -> bool:
    """Whether what follows an opening tag is hidden until it is closed."""
    if name in _WITHOUT_END or not _MAY_HIDE.search(tag):
        return False
    page = LexborHTMLParser(f"{tag}x")
    mark_hidden(page)
    node = page.css_first(name)
    return node is not None and not is_shown(node)


def _shown(token: Token) -> str:
    match token.type:
        case "text" | "text_special" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return "".join(_shown(child) for child in token.children or ())
        case "html_inline":
            return " " if _BREAK_TAG.fullmatch(token.content) else ""
        case _:
            return ""
