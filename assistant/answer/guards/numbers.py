"""Figures in a text, with their sign, what they are given in, and the "about" or "more than" before them."""

import re
from dataclasses import replace
from functools import lru_cache

from assistant.answer.guards.numerals import WORDS_OF_NUMBERS, Bound, Figure, low_at, numeral, scale_word
from assistant.answer.guards.text import Text
from assistant.answer.guards.units import CURRENCY_SIGNS, MONEY, UNITS, unit_at

_MULTIPLES = {
    word: float(value)
    for value, words in {
        0.5: "halve halves halved halving",
        1: "once",
        2: "twice twofold double doubles doubled doubling",
        3: "thrice threefold triple triples tripled tripling treble trebled",
        4: "fourfold quadruple quadrupled",
        5: "fivefold",
        6: "sixfold",
        10: "tenfold",
    }.items()
    for word in words.split()
}
_LOOSE = {"both": 2.0, "couple": 2.0, "pair": 2.0, "single": 1.0, "trio": 3.0}
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_STARTS = frozenset({"-", "minus", *WORDS_OF_NUMBERS, *_MULTIPLES, *_LOOSE})
_ABOUT = frozenset(
    "about around approximately approx roughly some nearly almost circa c ca ~ estimated virtually".split()
)
_OVER = frozenset("over above exceeding exceeds exceeded beyond > surpassing surpassed topping topped".split())
_UNDER = frozenset("under below <".split())
_MORE = frozenset("more greater higher larger longer older later further".split())
_LESS = frozenset("less fewer lower smaller shorter younger earlier".split())


def figures(text: Text, taken: frozenset[int]) -> list[Figure]:
    """The figures of a text, in order; `taken` are tokens already read as parts of dates."""
    found: list[Figure] = []
    i = 0
    while i < len(text.tokens):
        token = text.tokens[i]
        begins = token.kind == "number" or (token.kind != "stop" and _may_begin(token.text, token.low))
        figure = _figure(text, i) if begins and i not in taken else None
        if figure:
            found.append(figure)
            i = max(figure.end, i + 1)
        else:
            i += 1
    return _ranges(text, _rates(text, found))


@lru_cache(maxsize=1 << 16)
def _may_begin(word: str, low: str) -> bool:
    """Whether a figure may begin with a word."""
    return low in _STARTS or (word.isupper() and _ROMAN.fullmatch(word) is not None)


def _figure(text: Text, i: int) -> Figure | None:
    token = text.tokens[i]
    if token.low in _MULTIPLES:
        loose = token.low in ("once", "double", "triple")
        return Figure(i, i + 1, _MULTIPLES[token.low], token.low, UNITS["fold"], loose=loose)
    if token.low in _LOOSE and not (token.low == "single" and low_at(text, i + 1) == "-"):
        return Figure(i, i + 1, _LOOSE[token.low], token.low, loose=True)
    if len(token.text) > 1 and token.text.isupper() and _ROMAN.fullmatch(token.text):
        return Figure(i, i + 1, _roman(token.text), token.text, roman=True)
    if token.low in ("a", "an") and (unit_and_half := _one_and_a_half(text, i)):
        return _with_bound(text, unit_and_half)
    negative = token.low == "minus" or _is_minus(text, i)
    start = i + negative
    core = numeral(text, start)
    if core is None or (negative and core.value is None):
        return None
    if negative and core.value is not None:
        core = replace(core, start=i, value=-core.value)
    return _with_bound(text, _with_half(text, _with_unit(text, core)))


def _one_and_a_half(text: Text, i: int) -> Figure | None:
    """The figure "an hour and a half" that begins at token `i`."""
    unit, end = unit_at(text, i + 1, after_digits=False)
    if unit is None or not _half_at(text, end):
        return None
    return Figure(i, end + 3, 1.5, text.words(i, end + 3), unit)


def _with_half(text: Text, figure: Figure) -> Figure:
    """A figure with the half that stands behind its unit: "two hours and a half"."""
    if figure.unit is None or figure.ordinal or figure.value is None or not _half_at(text, figure.end):
        return figure
    return replace(figure, value=figure.value + 0.5, end=figure.end + 3)


def _half_at(text: Text, i: int) -> bool:
    return tuple(low_at(text, i + k) for k in range(3)) == ("and", "a", "half")


def _is_minus(text: Text, i: int) -> bool:
    """Whether token `i` is the sign of the figure after it, and no hyphen or dash."""
    if text.tokens[i].text != "-" or i + 1 >= len(text.tokens) or not text.glued(i + 1):
        return False
    return not text.glued(i) or text.tokens[i - 1].text in "(["


def _roman(digits: str) -> float:
    values = [_ROMAN_DIGITS[d] for d in digits]
    return float(sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True)))


def _with_unit(text: Text, figure: Figure) -> Figure:
    """A figure with the currency before it or the unit after it."""
    if figure.ordinal or figure.unit or figure.value is None:
        return figure
    before = figure.start - 1
    if before >= 0 and (text.tokens[before].text in CURRENCY_SIGNS or text.tokens[before].text.isupper()):
        unit = UNITS.get(text.tokens[before].low)
        if unit and unit.dimension in MONEY and text.tokens[before].low not in ("won", "try"):
            start = before - (
                before > 0 and text.tokens[before - 1].low in ("us", "u", "a", "c") and text.glued(before)
            )
            return replace(figure, start=start, unit=unit)
    at = figure.end + (low_at(text, figure.end) == "-")
    for word in ("us", "american"):
        if low_at(text, at) == word and low_at(text, at + 1).startswith("dollar"):
            at += 1
    unit, end = unit_at(text, at, after_digits=text.tokens[figure.end - 1].kind == "number")
    return replace(figure, unit=unit, end=end, loose=False) if unit else figure


def _with_bound(text: Text, figure: Figure) -> Figure:
    """A figure with the "about" or "more than" that stands before it, or the "or more" after it."""
    bound = _bound(text, figure.start, figure.end)
    return replace(figure, bound=bound, loose=False) if bound else figure


def _bound(text: Text, start: int, end: int) -> Bound | None:
    one, two, three = (low_at(text, start - k) for k in (1, 2, 3))
    if one == "than" and (two in _MORE or two in _LESS):
        more = two in _MORE
        if three in ("no", "not"):  # "no fewer than" is at least
            return "most" if more else "least"
        return "over" if more else "under"
    if two == "at" and one in ("least", "most"):
        return "least" if one == "least" else "most"
    if (one, two) == ("to", "up") or (one in ("as", "of") and two in ("maximum", "most")):
        return "most"
    if (one, two) == ("of", "minimum"):
        return "least"
    if one in _ABOUT:
        return "about"
    if one in _OVER:
        return "over"
    if one in _UNDER:
        return "under"
    if low_at(text, end) == "or" and low_at(text, end + 1) in _MORE | _LESS:
        return "least" if low_at(text, end + 1) in _MORE else "most"
    return None


def _rates(text: Text, found: list[Figure]) -> list[Figure]:
    """The figures, where the two of "two in five" or "9 out of 10" are one share."""
    out: list[Figure] = []
    for figure in found:
        first = out[-1] if out else None
        between = text.words(first.end, figure.start).lower().strip() if first else ""
        if (
            first is not None
            and between in ("in", "in every", "out of", "out of every")
            and all(f.unit is None and not f.ordinal and f.bound is None and f.value for f in (first, figure))
            and 0 < (first.value or 0) < (figure.value or 0)
        ):
            share = (first.value or 0) / (figure.value or 1)
            words = text.words(first.start, figure.end)
            out[-1] = replace(first, end=figure.end, value=share, literal=words, unit=UNITS["-"], loose=False)
        else:
            out.append(figure)
    return out


def _ranges(text: Text, found: list[Figure]) -> list[Figure]:
    """The figures, where the first of "10-20 million tons" takes unit and scale of the second."""
    out = list(found)
    for k in range(len(out) - 1):
        first, second = out[k], out[k + 1]
        between = text.words(first.end, second.start).strip()
        joined = between in ("-", "to") or (
            between in ("and", "or") and low_at(text, first.start - 1) in ("between", "either")
        )
        if not joined or first.value is None or second.value is None or first.ordinal:
            continue
        scale = scale_word(second.literal)
        if first.value < 1000 and scale > 1 and first.value * scale < second.value:
            first = replace(first, value=first.value * scale)
        if first.unit is None:
            first = replace(first, unit=second.unit)
        elif second.unit is None and first.unit.dimension in MONEY:
            out[k + 1] = replace(second, unit=first.unit)
        out[k] = first
    return out
