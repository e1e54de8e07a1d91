"""Styles of an OpenDocument file: which text is hidden by them, and which pages and tables."""

import re
from functools import cache
from typing import Any

Element = Any  # an lxml element; lxml has no types of its own

_PREFIX = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = {
    name: f"{_PREFIX}{name}:1.0" for name in ("office", "style", "text", "table", "presentation", "meta")
} | {
    "draw": f"{_PREFIX}drawing:1.0",
    "fo": f"{_PREFIX}xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_POINTS = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)pt")
_TINY = 2.0  # points
_COLOUR = re.compile("#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_ALMOST_WHITE = 241  # of 255, in each of red, green and blue: a difference from white that is not seen
_DEEPEST = 20  # styles based on each other


@cache
def named(prefix: str, name: str) -> str:
    """The full name of an element or attribute of OpenDocument."""
    return f"{{{_NAMESPACES[prefix]}}}{name}"


class Styles:
    """The styles of one file, by family and name."""

    def __init__(self, *roots: Element) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._found: dict[tuple[str, str, str], str | None] = {}  # what was looked up before
        for root in roots:
            for style in root.iter(named("style", "style")):
                key = style.get(named("style", "family"), ""), style.get(named("style", "name"), "")
                self._styles.setdefault(key, style)

    def is_hidden(self, family: str, name: str | None) -> bool:
        """Whether a style of text hides what it is given to, or makes it too small to be seen."""
        size = _POINTS.fullmatch(self._first(family, name, "fo", "font-size") or "")
        return self._first(family, name, "text", "display") == "none" or bool(size and float(size[1]) <= _TINY)

    def is_white(self, family: str, name: str | None) -> bool:
        """Whether a style makes text white, without colouring what is behind it."""
        colour = _COLOUR.fullmatch(self._first(family, name, "fo", "color") or "")
        return colour is not None and min(int(part, 16) for part in colour.groups()) >= _ALMOST_WHITE

    def has_background(self, family: str, name: str | None) -> bool:
        """Whether a style colours what is behind text."""
        return self._first(family, name, "fo", "background-color") not in (None, "transparent")

    def is_page_hidden(self, name: str | None) -> bool:
        """Whether a style hides the slides that it is given to."""
        return self._first("drawing-page", name, "presentation", "visibility") == "hidden"

    def is_table_hidden(self, name: str | None) -> bool:
        """Whether a style hides the sheets that it is given to."""
        return self._first("table", name, "table", "display") == "false"

    def names(self, family: str, name: str | None) -> list[str]:
        """A style and those that it is based on, as an author sees them."""
        return [style.get(named("style", "name"), "") for style in self._chain(family, name)]

    def _first(self, family: str, name: str | None, prefix: str, attribute: str) -> str | None:
        if not name:
            return None
        asked = family, name, f"{prefix}:{attribute}"
        if asked not in self._found:
            key = named(prefix, attribute)
            values = (part.get(key) for style in self._chain(family, name) for part in style)
            self._found[asked] = next((value for value in values if value is not None), None)
        return self._found[asked]

    def _chain(self, family: str, name: str | None) -> list[Element]:
        found: list[Element] = []
        while name and len(found) < _DEEPEST and (style := self._styles.get((family, name))) is not None:
            found.append(style)
            name = style.get(named("style", "parent-style-name"))
        return found
