"""What a paragraph of a Word document is, told from its style and its own properties."""

import re
from functools import cache
from typing import Any

from assistant.types import BlockKind

Element = Any  # an lxml element; lxml has no types of its own

_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_PARAGRAPH: tuple[BlockKind, int] = ("paragraph", 0)
_ITEM: tuple[BlockKind, int] = ("item", 0)
_DEEPEST = 6


@cache
def named(name: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return _NAMESPACE + name


def value_of(element: Element | None, attribute: str) -> str | None:
    """The attribute of an element, None where either is missing."""
    return None if element is None else element.get(named(attribute))


def is_set(element: Element | None) -> bool:
    """Whether a switch is on: it is there, and not turned off."""
    return element is not None and value_of(element, "val") not in ("0", "false", "off")


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, styles: Element) -> None:
        self._styles = {value_of(style, "styleId"): style for style in styles.iterchildren(named("style"))}
        self._kinds: dict[str | None, tuple[BlockKind, int]] = {}

    def kind_of(self, paragraph: Element) -> tuple[BlockKind, int]:
        """The kind of block that a paragraph is, and the level of a heading."""
        properties = paragraph.find(named("pPr"))
        if properties is None:
            return _PARAGRAPH
        style = value_of(properties.find(named("pStyle")), "val")
        if style not in self._kinds:
            self._kinds[style] = self._kind_of_style(style)
        inherited = self._kinds[style]
        return _heading_of(properties) or (inherited if inherited[0] == "heading" else None) or (
            _list_of(properties) or inherited
        )  # fmt: skip

    def _kind_of_style(self, identifier: str | None) -> tuple[BlockKind, int]:
        seen: set[str | None] = set()  # a damaged file may base a style on itself
        while identifier in self._styles and identifier not in seen:
            seen.add(identifier)
            style = self._styles[identifier]
            if kind := _kind_by_name(value_of(style.find(named("name")), "val") or ""):
                return kind
            properties = style.find(named("pPr"))
            if properties is not None and (kind := _heading_of(properties) or _list_of(properties)):
                return kind
            identifier = value_of(style.find(named("basedOn")), "val")
        return _PARAGRAPH


def _kind_by_name(name: str) -> tuple[BlockKind, int] | None:
    """What the built-in styles are for; their names are the same in every language of Word."""
    if match := _HEADING.match(name):
        return "heading", max(1, min(int(match[1]), _DEEPEST))
    if name.lower() == "title":
        return "heading", 1
    if name.lower().startswith("list ") and name.lower() != "list paragraph":
        return _ITEM
    return None


def _heading_of(properties: Element) -> tuple[BlockKind, int] | None:
    level = value_of(properties.find(named("outlineLvl")), "val")
    if level is None or not re.fullmatch("[0-8]", level):  # 9 is body text
        return None
    return "heading", min(int(level) + 1, _DEEPEST)


def _list_of(properties: Element) -> tuple[BlockKind, int] | None:
    """An item of a list, where the paragraph is numbered; number 0 takes an inherited one away."""
    numbering = properties.find(f"{named('numPr')}/{named('numId')}")
    if numbering is None:
        return None
    return _PARAGRAPH if value_of(numbering, "val") == "0" else _ITEM
