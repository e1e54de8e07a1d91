"""Figures in a text, with their sign, what they are given in, and the "about" or "more than" before them."""

import re
from dataclasses import replace

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


def figures(text: Text, taken: frozenset[int]) -> list[Figure]:
    """The figures of a text, in order; `taken` are tokens already read as parts of dates."""
    found: list[Figure] = []
    i = 0
    while i < len(text.tokens):
        figure = None if i in taken else _figure(text, i)
        if figure:
            found.append(figure)
            i = max(figure.end, i + 1)
        else:
            i += 1
    return _ranges(text, found)


def _figure(text: Text, i: int) -> Figure | None:
    token = text.tokens[i]
    if not (
        token.kind == "number" or token.low in _STARTS or (token.text.isupper() and _ROMAN.fullmatch(token.text))
    ):
        return None
    if token.low in _MULTIPLES:
        loose = token.low in ("once", "double", "triple")
        return Figure(i, i + 1, _MULTIPLES[token.low], token.low, UNITS["fold"], loose=loose)
    if token.low in _LOOSE and not (token.low == "single" and low_at(text, i + 1) == "-"):
        return Figure(i, i + 1, _LOOSE[token.low], token.low, loose=True)
    if len(token.text) > 1 and token.text.isupper() and _ROMAN.fullmatch(token.text):
        return Figure(i, i + 1, _roman(token.text), token.text, roman=True)
    negative = token.low == "minus" or _is_minus(text, i)
    start = i + negative
    core = numeral(text, start)
    if core is None or (negative and core.value is None):
        return None
    if negative and core.value is not None:
        core = replace(core, start=i, value=-core.value)
    return _with_bound(text, _with_unit(text, core))


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
    """A figure with the "about" or "more than" that stands before it."""
    one, two = low_at(text, figure.start - 1), low_at(text, figure.start - 2)
    bound: Bound | None = None
    if one == "than":
        bound = "over" if two in ("more", "greater", "higher", "larger", "longer", "older") else "under"
        bound = (
            None
            if two
            not in (
                "more",
                "greater",
                "higher",
                "larger",
                "longer",
                "older",
                "less",
                "fewer",
                "lower",
                "smaller",
                "shorter",
            )
            else bound
        )
    elif two == "at" and one in ("least", "most"):
        bound = "least" if one == "least" else "most"
    elif (one, two) == ("to", "up"):
        bound = "most"
    elif one in _ABOUT:
        bound = "about"
    elif one in _OVER:
        bound = "over"
    elif one in _UNDER:
        bound = "under"
    return replace(figure, bound=bound, loose=figure.loose and bound is None) if bound else figure


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
