"""Shapes and text of a slide that no viewer sees."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

Element = Any  # an lxml element; lxml has no types of its own
Slide = Any  # python-pptx publishes no types
Colour = tuple[int, int, int]

_NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
}
_TINY = 200  # hundredths of a point
_TRANSPARENT = 5_000  # thousandths of a percent of opacity
_SAME = 14  # of 255, in each of red, green and blue: a difference that is not seen
_FILLS = ("solidFill", "gradFill", "pattFill", "blipFill")
_WHITE = (255, 255, 255)
_COORDINATE = 1 << 40  # a position beyond is none


@cache
def named(prefix: str, name: str) -> str:
    """The full name of an element of DrawingML ("a", charts "c", diagrams "dgm") or PresentationML ("p")."""
    return f"{{{_NAMESPACES[prefix]}}}{name}"


class HiddenShapes:
    """Takes out of slides of one size what is not seen."""

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height

    def remove(self, slide: Slide) -> None:
        """Take hidden shapes, and hidden runs of the others, out of a slide.

        Hidden are: what is marked so, shapes off the slide, text that is tiny, transparent or without a fill, and
        text in the colour of what is surely behind it: its shape, or a slide with nothing else painted on it.
        """
        tree = slide.shapes.element
        for shape in list(tree):
            if self._is_off(shape):
                tree.remove(shape)
        for properties in list(tree.iter(named("p", "cNvPr"))):
            if properties.get("hidden") in ("1", "true"):
                shape = properties.getparent().getparent()
                if shape.getparent() is not None:
                    shape.getparent().remove(shape)
        paper = None if _is_painted(tree) else _background(slide)
        for shape in tree.iter(named("p", "sp")):
            behind = _fill(shape, paper)
            for run in list(shape.iter(named("a", "r"), named("a", "fld"))):
                if _is_hidden(run, behind):
                    run.getparent().remove(run)

    def _is_off(self, shape: Element) -> bool:
        """Whether a shape lies wholly beyond an edge of the slide."""
        place = next((found for found in shape.iterdescendants(named("a", "xfrm"), named("p", "xfrm"))), None)
        if place is None:
            return False
        offset, size = place.find(named("a", "off")), place.find(named("a", "ext"))
        if offset is None or size is None:
            return False
        x, y, width, height = (
            _whole(node.get(key)) for node, key in ((offset, "x"), (offset, "y"), (size, "cx"), (size, "cy"))
        )
        if x is None or y is None or width is None or height is None:
            return False
        return x >= self._width or y >= self._height or x + width <= 0 or y + height <= 0


def _is_painted(tree: Element) -> bool:
    """Whether something other than text lies on a slide, which text may stand before."""
    pictures = (named("p", "pic"), named("a", "blipFill"), named("p", "graphicFrame"), named("p", "style"))
    if next(tree.iter(*pictures), None) is not None:
        return True
    shapes = islice(tree.iter(named("p", "spPr")), 1_000)
    return any(properties.find(named("a", tag)) is not None for properties in shapes for tag in _FILLS)


def _background(slide: Slide) -> Colour | None:
    """The colour of the slide; white where none is set, None where it is no plain colour."""
    for holder in (slide, slide.slide_layout, slide.slide_layout.slide_master):
        background = next(holder.element.iter(named("p", "bg")), None)
        if background is not None:
            return _plain(background.find(f"{named('p', 'bgPr')}/{named('a', 'solidFill')}")) or (
                _WHITE if background.find(named("p", "bgRef")) is not None and _is_light(background) else None
            )
    return _WHITE


def _is_light(background: Element) -> bool:
    """Whether a background refers to the first colour of the theme, which is white in all but a few."""
    return any(colour.get("val") == "bg1" for colour in background.iter(named("a", "schemeClr")))


def _fill(shape: Element, paper: Colour | None) -> Colour | None:
    """The colour behind the text of a shape; None where it cannot be told."""
    properties = shape.find(named("p", "spPr"))
    if properties is not None and (own := properties.find(named("a", "solidFill"))) is not None:
        return _plain(own)
    return paper


def _is_hidden(run: Element, behind: Colour | None) -> bool:
    properties = run.find(named("a", "rPr"))
    if properties is None:
        return False
    size = _whole(properties.get("sz"))
    if size is not None and size <= _TINY:
        return True
    if properties.find(named("a", "noFill")) is not None and properties.find(named("a", "ln")) is None:
        return True
    fill = properties.find(named("a", "solidFill"))
    if fill is None:
        return False
    if any((_whole(each.get("val")) or 0) <= _TRANSPARENT for each in fill.iter(named("a", "alpha"))):
        return True
    colour = _plain(fill)
    return colour is not None and behind is not None and _alike(colour, behind)


def _alike(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SAME


def _plain(fill: Element | None) -> Colour | None:
    """The colour of a fill that is given in red, green and blue, or as the theme's first, and not altered."""
    colour = next(_children(fill), None)
    if colour is None or len(colour):
        return None
    if colour.tag == named("a", "schemeClr"):
        return _WHITE if colour.get("val") == "bg1" else None
    try:
        number = int(colour.get("val", ""), 16) if colour.tag == named("a", "srgbClr") else -1
    except ValueError:
        return None
    return (number >> 16 & 255, number >> 8 & 255, number & 255) if number >= 0 else None


def _children(element: Element | None) -> Iterator[Element]:
    return iter(()) if element is None else iter(element)


def _whole(value: str | None) -> int | None:
    try:
        number = int(value or "")
    except ValueError:
        return None
    return number if abs(number) < _COORDINATE else None
