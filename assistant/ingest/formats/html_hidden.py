"""What the style of a page hides: not shown, too small, outside the window, cut away, or of the colour behind it.

Only what the page itself says counts, in `style` attributes and `<style>` elements, as it stands when it has loaded.
Style sheets in other files are not read. So where a page has such sheets, or a background that cannot be told, light
text is taken for visible: pages do set white words on dark pictures.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Declarations = Mapping[str, str]

_SHEET_LIMIT = 1_000_000  # characters of style sheets that are read
_RULE_LIMIT = 500  # rules that hide something, or show it again
_NODE_LIMIT = 20_000  # elements that they are tried on
_ANCESTORS = 64  # in which a background is looked for
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|vw|vh|%|in|cm|mm|pc|)")
_TINY = {"px": 1.0, "pt": 1.0, "em": 0.1, "rem": 0.1, "ex": 0.2, "ch": 0.2, "%": 10.0, "": 0.0}
_PIXELS = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "vw": 10.0, "vh": 10.0, "%": 10.0, "": 1.0}
_OUTSIDE = -900.0  # pixels; what is this far to the left or above is in no window
_EMPTY_CLIP = re.compile(
    r"rect\(\s*(?:0|1px)(?:px)?[\s,]+(?:0|1px)(?:px)?[\s,]+(?:0|1px)(?:px)?[\s,]+(?:0|1px)(?:px)?\s*\)"
    r"|inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%\s*\)|circle\(\s*0|polygon\(\s*0(?:px)?\s+0(?:px)?\s*(?:,\s*0(?:px)?\s+0(?:px)?\s*)*\)"
)
_COLOURS = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "black": (0, 0, 0),
    "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240), "whitesmoke": (245, 245, 245),
}  # fmt: skip
_SAME = 14  # of 255, in each of red, green and blue: a difference that is not seen
_WHITE = (255, 255, 255)
_SHOWING = ("display", "visibility", "opacity", "font-size")

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a style sheet for one selector; `weight` says which of two rules wins."""

    selector: str
    said: Declarations
    weight: tuple[int, int, int]


def mark_hidden(page: LexborHTMLParser) -> None:
    """Set the attribute `hidden` on elements that the page's own style sheets, or their colours, hide."""
    rules = list(_rules("\n".join(node.text() for node in page.css("style"))[:_SHEET_LIMIT]))
    hiding = [rule for rule in rules if hides(rule.said)]
    showing = [rule for rule in rules if rule not in hiding and any(name in rule.said for name in _SHOWING)]
    for rule in hiding[:_RULE_LIMIT]:
        for node in _matched(page, rule.selector):
            if not _shown_again(node, rule, showing[:_RULE_LIMIT]):
                node.attrs["hidden"] = ""
    linked = page.css_first("link[rel~=stylesheet]") is not None
    painted = any(_paints(rule.said) for rule in rules)
    for node in page.css("[style*=color], font[color]")[:_NODE_LIMIT]:
        if _is_faint(node, linked or painted):
            node.attrs["hidden"] = ""
    if not linked and not painted:
        for rule in [rule for rule in rules if (colour := _colour(rule.said.get("color"))) and _same(colour, _WHITE)]:
            for node in _matched(page, rule.selector):
                if _background(node, unsure=False) == _WHITE:
                    node.attrs["hidden"] = ""


def declarations(style: str) -> Declarations:
    """What a `style` attribute or a rule says, the last of each property; in lower case."""
    pairs = (part.partition(":") for part in _COMMENT.sub(" ", style).lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def hides(said: Declarations) -> bool:
    """Whether these declarations hide an element and its text, whatever is around it."""
    if said.get("display") == "none" or said.get("visibility") in ("hidden", "collapse"):
        return True
    if said.get("content-visibility") == "hidden" or _number(said.get("opacity"), {"": 1.0, "%": 0.01}, 1.0) < 0.05:
        return True
    if _tiny(said.get("font-size")) or _EMPTY_CLIP.search(said.get("clip", "") + said.get("clip-path", "")):
        return True
    ink = said.get("color") or said.get("-webkit-text-fill-color")
    if ink and _is_clear(ink) and "text" not in said.get("background-clip", said.get("-webkit-background-clip", "")):
        return True
    own = _colour(said.get("background-color") or said.get("background"))
    if own and (colour := _colour(said.get("color"))) and _same(own, colour):
        return True
    return _is_outside(said) or _is_closed(said)


def _is_outside(said: Declarations) -> bool:
    moved = ["text-indent", "margin-left", "margin-top"]
    if said.get("position") in ("absolute", "fixed", "relative"):
        moved += ["left", "top", "right", "bottom"]
    if any(_number(said.get(name), _PIXELS, 0.0) <= _OUTSIDE for name in moved):
        return True
    transform = said.get("transform", "")
    shifts = [_number(value, _PIXELS, 0.0) for value in re.findall(r"translate[xy]?\(\s*([^,)]+)", transform)]
    return bool(re.search(r"scale[xy]?\(\s*0(?:\.0*)?\s*[,)]", transform)) or any(s <= _OUTSIDE for s in shifts)


def _is_closed(said: Declarations) -> bool:
    """Whether an element has no room for its text, and cuts off what is beyond."""
    cut = said.get("overflow", "") + said.get("overflow-y", "") + said.get("overflow-x", "")
    sides = (said.get(name) for name in ("width", "height", "max-width", "max-height"))
    return ("hidden" in cut or "clip" in cut) and any(_number(side, _PIXELS, 99.0) <= 1 for side in sides if side)


def _tiny(size: str | None) -> bool:
    match = _LENGTH.fullmatch(size or "")
    return bool(match) and float(match[1]) <= _TINY.get(match[2], -1.0)  # type: ignore[index]  # bool(match) holds


def _number(value: str | None, units: Mapping[str, float], default: float) -> float:
    match = _LENGTH.match(value or "")
    return float(match[1]) * units[match[2]] if match and match[2] in units else default


def _is_clear(colour: str) -> bool:
    alpha = re.fullmatch(r"(?:rgba?|hsla?)\(.*[,/]\s*([\d.]+)(%?)\s*\)", colour)
    if alpha and (colour.count(",") == 3 or "/" in colour):
        return float(alpha[1].strip(".") or 0) / (100 if alpha[2] else 1) < 0.05
    return colour == "transparent" or bool(re.fullmatch(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}0[0-9a-c])", colour))


def _colour(value: str | None) -> Colour | None:
    """A colour as red, green and blue; None for one that is not told plainly."""
    value = (value or "").strip().lower()
    if value in _COLOURS:
        return _COLOURS[value]
    if match := re.fullmatch(r"#?([0-9a-f]{6})(?:[0-9a-f]{2})?", value):
        return (int(match[1][:2], 16), int(match[1][2:4], 16), int(match[1][4:], 16))
    if match := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?", value):
        return (int(match[1] * 2, 16), int(match[2] * 2, 16), int(match[3] * 2, 16))
    if match := re.fullmatch(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/].*)?\)", value):
        return (int(match[1]), int(match[2]), int(match[3]))
    return None


def _same(a: Colour, b: Colour) -> bool:
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) <= _SAME


def _is_faint(node: LexborNode, unsure: bool) -> bool:
    """Whether the colour that an element sets is that of what is behind it, as far as that can be told."""
    said = declarations(node.attributes.get("style") or "")
    colour = _colour(said.get("color") or (node.attributes.get("color") if node.tag == "font" else None))
    if colour is None:
        return False
    behind = _background(node, unsure)
    return behind is not None and _same(colour, behind)


def _background(node: LexborNode, unsure: bool) -> Colour | None:
    """The colour behind an element: the nearest that is set, white if none is; None where it cannot be told.

    With `unsure`, a class or id may stand for any background.
    """
    place: LexborNode | None = node
    for _ in range(_ANCESTORS):
        if place is None or not place.is_element_node:
            return _WHITE
        attributes = place.attributes
        said = declarations(attributes.get("style") or "")
        for name in ("background-color", "background", "background-image"):
            if said.get(name) not in (None, "none", "transparent", "inherit", "initial"):
                return _colour(said[name])
        if attributes.get("bgcolor"):
            return _colour(attributes["bgcolor"])
        if attributes.get("background") or (unsure and ("class" in attributes or "id" in attributes)):
            return None
        place = place.parent
    return None


def _paints(said: Declarations) -> bool:
    """Whether a rule sets a background that is not white."""
    values = [said[name] for name in ("background", "background-color", "background-image") if name in said]
    return any(value not in ("none", "transparent", "inherit") and _colour(value) != _WHITE for value in values)


def _rules(sheet: str) -> Iterator[_Rule]:
    """The rules of a style sheet, one for each selector; those under conditions (@media) are left out."""
    depth = start = 0
    selector = ""
    sheet = _COMMENT.sub(" ", sheet)
    for order, match in enumerate(re.finditer(r"[{};]", sheet)):
        mark = match[0]
        if mark == "{":
            if depth == 0:
                selector = sheet[start : match.start()].strip()
                start = match.end()
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
            if depth == 0:
                if selector and not selector.startswith("@"):
                    said = declarations(sheet[start : match.start()])
                    for one in selector.split(","):
                        yield _Rule(one.strip(), said, (one.count("#"), one.count(".") + one.count("["), order))
                start = match.end()
        elif depth == 0:  # @import "x";
            start = match.end()


def _matched(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    if selector in ("*", "html", "body", ":root"):
        return []  # pages that fade in
    try:
        return page.css(selector)[:_NODE_LIMIT]
    except SelectolaxError:
        return []  # a selector that no element of a page that stands still has, such as a::before


def _shown_again(node: LexborNode, hiding: _Rule, showing: list[_Rule]) -> bool:
    """Whether a rule that wins over the hiding one, or the element's own style, shows it; or its parts in a size."""
    said = declarations(node.attributes.get("style") or "")
    if any(name in said and name in hiding.said for name in _SHOWING):
        return not hides(said)
    for rule in showing:
        shared = any(name in rule.said and name in hiding.said for name in _SHOWING)
        if shared and rule.weight > hiding.weight and _has(node, rule.selector):
            return True
        if "font-size" in rule.said and "font-size" in hiding.said and _inside(node, rule.selector):
            return True
    return False


def _has(node: LexborNode, selector: str) -> bool:
    try:
        return bool(node.css_matches(selector))
    except SelectolaxError:
        return False


def _inside(node: LexborNode, selector: str) -> bool:
    try:
        return node.css_first(selector) is not None
    except SelectolaxError:
        return False
