"""Inline Markdown to plain text."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.ingest.formats.common import clean

_MARKUP = re.compile(r"[\\`*_\[\]<&]")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
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
        return clean("".join(_shown(token) for token in tokens))


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
