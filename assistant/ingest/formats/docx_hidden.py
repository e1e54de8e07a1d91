"""Runs of a Word document that no reader sees: hidden ones, tiny ones, and those in the colour of the paper."""

from collections.abc import Iterator
from typing import Any

from assistant.ingest.formats.docx_styles import is_set, named, value_of

Element = Any  # an lxml element; lxml has no types of its own
Colour = tuple[int, int, int]

_TINY = 4  # half points
_NARROW = 5  # percent of a character's width
_SAME = 14  # of 255, in each of red, green and blue: a difference that is not seen
_WHITE = (255, 255, 255)
_HIGHLIGHTS = {"white": _WHITE, "black": (0, 0, 0)}
_DEEPEST = 20  # styles based on each other


class HiddenRuns:
    """Tells the runs that are hidden by their own properties or by those of their styles."""

    def __init__(self, styles: Element, document: Element) -> None:
        self._styles = {value_of(style, "styleId"): style for style in styles.iterchildren(named("style"))}
        self._normal = next((s for s in self._styles.values() if _is_default_paragraph(s)), None)
        self._defaults = styles.find(f"{named('docDefaults')}/{named('rPrDefault')}/{named('rPr')}")
        # Styles of tables may shade some of their cells, and so may those that styles are based on.
        self._plain_styles = {key for key in self._styles if not self._may_shade(key)}
        self._paper = _rgb(value_of(document.find(named("background")), "color")) or _WHITE

    def remove(self, root: Element) -> None:
        """Take the hidden runs out of a body or a part with notes."""
        for run in list(root.iter(named("r"))):
            if self._is_hidden(run):
                run.getparent().remove(run)

    def _is_hidden(self, run: Element) -> bool:
        paragraph = next(run.iterancestors(named("p")), None)
        sources = list(self._properties(run, paragraph))
        if is_set(_first(sources, "vanish")):
            return True
        size, width = _whole(_first(sources, "sz")), _whole(_first(sources, "w"))
        if (size is not None and size <= _TINY) or (width is not None and width <= _NARROW):
            return True
        colour = _rgb(value_of(_first(sources, "color"), "val"))
        if colour is None:
            return False
        behind = self._behind(run, paragraph, sources)
        return behind is not None and max(abs(a - b) for a, b in zip(colour, behind, strict=True)) <= _SAME

    def _properties(self, run: Element, paragraph: Element | None) -> Iterator[Element]:
        """Where the properties of a run are looked up: itself, its style, its paragraph's, the document's."""
        own = run.find(named("rPr"))
        if own is not None:
            yield own
            yield from self._of_style(value_of(own.find(named("rStyle")), "val"), "rPr")
        if paragraph is not None:
            yield from self._of_style(_style_of(paragraph), "rPr", self._normal)
        if self._defaults is not None:
            yield self._defaults

    def _of_style(self, identifier: str | None, part: str, default: Element | None = None) -> Iterator[Element]:
        styles = self._chain(identifier) if identifier in self._styles or default is None else [default]
        return (properties for style in styles if (properties := style.find(named(part))) is not None)

    def _chain(self, identifier: str | None) -> Iterator[Element]:
        """A style and those it is based on; a damaged file may base one on itself."""
        for _ in range(_DEEPEST):
            style = self._styles.get(identifier)
            if style is None:
                return
            yield style
            identifier = value_of(style.find(named("basedOn")), "val")

    def _may_shade(self, identifier: str | None) -> bool:
        parts = (style.iter(named("shd")) for style in self._chain(identifier))
        return any(next(found, None) is not None for found in parts)

    def _is_styled(self, table: Element) -> bool:
        style = value_of(table.find(named("tblStyle")), "val")
        return style is not None and style not in self._plain_styles

    def _behind(self, run: Element, paragraph: Element | None, sources: list[Element]) -> Colour | None:
        """The colour behind a run; None where it cannot be told: in tables with a style, and in text boxes."""
        marked = value_of(_first(sources, "highlight"), "val")
        if marked not in (None, "none"):
            return _HIGHLIGHTS.get(marked)
        blocks = []
        if paragraph is not None and (own := paragraph.find(named("pPr"))) is not None:
            blocks.append(own)
        if paragraph is not None:
            blocks += self._of_style(_style_of(paragraph), "pPr", self._normal)
        if fill := _fill(_first(sources, "shd")) or _fill(_first(blocks, "shd")):
            return fill
        for around in run.iterancestors(named("tc"), named("tbl"), named("txbxContent")):
            if around.tag == named("txbxContent"):
                return None
            if fill := _fill(around.find(f"{named('tcPr')}/{named('shd')}")):
                return fill
            properties = around.find(named("tblPr"))
            if properties is not None and (fill := _fill(properties.find(named("shd")))):
                return fill
            if properties is not None and self._is_styled(properties):
                return None
        return self._paper


def _is_default_paragraph(style: Element) -> bool:
    return value_of(style, "type") == "paragraph" and value_of(style, "default") in ("1", "true", "on")


def _style_of(paragraph: Element) -> str | None:
    return value_of(paragraph.find(f"{named('pPr')}/{named('pStyle')}"), "val")


def _first(sources: list[Element], name: str) -> Element | None:
    """The property as it is set nearest to the run."""
    return next((found for source in sources if (found := source.find(named(name))) is not None), None)


def _fill(shading: Element | None) -> Colour | None:
    return _rgb(value_of(shading, "fill"))


def _whole(element: Element | None) -> int | None:
    value = (value_of(element, "val") or "").removesuffix("%")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _rgb(value: str | None) -> Colour | None:
    """A colour of six hexadecimal digits; None for "auto"."""
    try:
        number = int(value or "", 16)
    except ValueError:
        return None
    return (number >> 16, number >> 8 & 255, number & 255) if value and len(value) == 6 and number >= 0 else None
