"""A figure of Matplotlib as SVG that stands inside a page: its colours and fonts are the page's, its names its own.

Styles become attributes, since the page's policy lets no style in but its own sheet.
"""

import re
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What is drawn in one of these colours has that of the page; no other colour is drawn.
COLOURS = {
    "ink": "#010101",
    "soft": "#020202",
    "grid": "#030303",
    "plain": "#040404",
    "good": "#050505",
    "bad": "#060606",
    "ground": "#070707",
}
_VARIABLES = {colour: f"var(--{name})" for name, colour in COLOURS.items()}
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LOCAL = re.compile(r"url\(#([^)]+)\)")
_FONT_SIZE = re.compile(r"[\d.]+px")


def inline_svg(figure: "Figure", name: str, title: str, told: str) -> str:
    """A figure as an element of HTML.

    Args:
        figure: what was drawn, in `COLOURS` alone.
        name: of letters, once in a page; ids begin with it.
        title: what a reader that does not see it is told that it is.
        told: and what it shows, in words.
    """
    drawn = BytesIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = etree.fromstring(drawn.getvalue(), etree.XMLParser(resolve_entities=False, no_network=True))
    for unwanted in root.xpath("//*[local-name() = 'metadata' or local-name() = 'style']|//comment()"):
        unwanted.getparent().remove(unwanted)
    used = {match for element in root.iter() for match in _references(element)}
    for element in root.iter():
        _restyle(element)
        _rename(element, name, used)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-told")
    for tag, text in (("desc", told), ("title", title)):
        element = etree.Element(f"{_SVG}{tag}", id=f"{name}-{'told' if tag == 'desc' else tag}")
        element.text = text
        root.insert(0, element)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _references(element: "etree._Element") -> list[str]:
    found = [target for value in element.attrib.values() for target in _LOCAL.findall(str(value))]
    return [*found, str(element.get(_HREF))[1:]] if element.get(_HREF) else found


def _restyle(element: "etree._Element") -> None:
    """Make attributes of an element's style, but for fonts, which are the page's."""
    for declared in str(element.attrib.pop("style", "")).split(";"):
        key, _, value = (part.strip() for part in declared.partition(":"))
        if key == "font":
            size = _FONT_SIZE.search(value)
            element.set("font-size", size[0] if size else "9px")
        elif key and key != "font-family":
            element.set(key, value)
    for key in ("fill", "stroke"):
        value = str(element.get(key, ""))
        if value in _VARIABLES:
            element.set(key, _VARIABLES[value])


def _rename(element: "etree._Element", name: str, used: set[str]) -> None:
    """Keep the ids that something refers to, as those of this figure."""
    identity = element.attrib.pop("id", None)
    if identity in used:
        element.set("id", f"{name}-{identity}")
    if element.get(_HREF):
        element.set("href", f"#{name}-{str(element.attrib.pop(_HREF))[1:]}")
    for key, value in element.attrib.items():
        if "url(#" in str(value):
            element.set(key, _LOCAL.sub(rf"url(#{name}-\1)", str(value)))
