"""Figures in a text: digits and words, fractions, ordinals and multiples, with what they are given in."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer.guards.text import Text
from assistant.answer.guards.units import CURRENCY_SIGNS, MONEY, UNITS, Unit, unit_at

Bound = Literal["about", "over", "under", "least", "most"]

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = {word: float(n) for n, word in enumerate(_ONES.split())}
_TENS = {w: 10.0 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15,
           "dozen": 12.0, "lakh": 1e5, "crore": 1e7}  # fmt: skip
_SCALES |= {f"{scale}s": value for scale, value in _SCALES.items()}
_SHORT_SCALES = {"k": 1e3, "mn": 1e6, "mln": 1e6, "m": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
_ORDINALS = {w: float(n) for n, w in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth".split(), start=1)}  # fmt: skip
_ORDINALS |= {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "hundredth": 100.0, "thousandth": 1000.0}
_PARTS = {"half": 2.0, "third": 3.0, "quarter": 4.0} | {w: n for w, n in _ORDINALS.items() if 5 <= n <= 10}
_MULTIPLES = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "doubles": 2, "doubling": 2, "twofold": 2,
              "triple": 3, "tripled": 3, "triples": 3, "tripling": 3, "threefold": 3, "treble": 3, "trebled": 3,
              "quadruple": 4, "quadrupled": 4, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10, "halved": 0.5,
              "halve": 0.5, "halves": 0.5, "halving": 0.5}  # fmt: skip
_LOOSE = {"both": 2.0, "couple": 2.0, "pair": 2.0, "single": 1.0, "trio": 3.0}
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_DOTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?")
_STARTS = frozenset({"-", "minus", "a", "an", "half", "dozens", *_SMALL, *_TENS, *_ORDINALS, *_MULTIPLES, *_LOOSE, "dozen"})
_ABOUT = frozenset("about around approximately approx roughly some nearly almost circa c ca ~ estimated virtually".split())
_OVER = frozenset("over above exceeding exceeds exceeded beyond > surpassing surpassed topping topped".split())
_UNDER = frozenset("under below < nearly almost".split())


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it is given in. `loose` ones ("one", "both", "first") are often no figure at all."""

    start: int
    end: int
    value: float | None  # None where the digits are no number: "1.2.3", "3:1"
    literal: str
    unit: Unit | None = None
    ordinal: bool = False
    roman: bool = False
    loose: bool = False
    bound: Bound | None = None

    @property
    def amount(self) -> float:
        """The value in base units."""
        return (self.value or 0.0) * (self.unit.factor if self.unit else 1.0)

    @property
    def key(self) -> str:
        """A name for the value, equal for equal figures of the same unit."""
        return f"#{self.value:.10g}" if self.value is not None else f"#{self.literal}"


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


def _low(text: Text, i: int) -> str:
    return text.tokens[i].low if 0 <= i < len(text.tokens) else ""


def _figure(text: Text, i: int) -> Figure | None:
    token = text.tokens[i]
    if not (token.kind == "number" or token.low in _STARTS or (token.text.isupper() and _ROMAN.fullmatch(token.text))):
        return None
    if token.low in _MULTIPLES:
        loose = token.low in ("once", "double", "triple")
        return Figure(i, i + 1, float(_MULTIPLES[token.low]), token.low, UNITS["fold"], loose=loose)
    if token.low in _LOOSE and not (token.low == "single" and _low(text, i + 1) == "-"):
        return Figure(i, i + 1, _LOOSE[token.low], token.low, loose=True)
    if len(token.text) > 1 and token.text.isupper() and _ROMAN.fullmatch(token.text):
        return Figure(i, i + 1, _roman(token.text), token.text, roman=True)
    negative = token.low == "minus" or _is_minus(text, i)
    start = i + negative
    core = _digits(text, start) if _kind(text, start) == "number" else _words(text, start)
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


def _kind(text: Text, i: int) -> str:
    return text.tokens[i].kind if i < len(text.tokens) else ""


def _roman(digits: str) -> float:
    values = [_ROMAN_DIGITS[d] for d in digits]
    return float(sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True)))


def _digits(text: Text, i: int) -> Figure:
    """The figure whose digits begin at `i`, its scale and power of ten read with it."""
    literal = text.tokens[i].text
    value = _parse(literal)
    end = i + 1
    if value is None:
        return Figure(i, end, None, literal)
    if _low(text, end) in ("st", "nd", "rd", "th") and text.glued(end):
        return Figure(i, end + 1, value, literal, ordinal=True)
    if _low(text, end) == "/" and text.glued(end) and _kind(text, end + 1) == "number" and text.glued(end + 1):
        part = _parse(text.tokens[end + 1].text)
        if part:
            return Figure(i, end + 2, value / part, text.words(i, end + 2), UNITS["-"])
    if _kind(text, end) == "number" and _low(text, end + 1) == "/" and _parse(text.tokens[end].text) and _kind(text, end + 2) == "number":
        value += (_parse(text.tokens[end].text) or 0) / (_parse(text.tokens[end + 2].text) or 1)
        end += 3
    while _kind(text, end) == "number" and len(literal) <= 3 and re.fullmatch(r"\d{3}", text.tokens[end].text) and value >= 1:
        value, end = value * 1000 + float(text.tokens[end].text), end + 1  # 2 700 000
    if _low(text, end) in ("x", "×", "*") and _low(text, end + 1) == "10":
        value, end = value * 10, end + 2
    if _low(text, end) == "^" and _kind(text, end + 1 + (_low(text, end + 1) == "-")) == "number":
        minus = _low(text, end + 1) == "-"
        power = min(float(_parse(text.tokens[end + 1 + minus].text) or 0), 30.0)
        tens = 10.0 if value % 10 == 0 and end > i + 1 else value
        value, end = value / tens * tens ** (-power if minus else power), end + 2 + minus
    value, end = _scaled(text, value, end, glued=True)
    return Figure(i, end, value, text.words(i, end))


def _parse(literal: str) -> float | None:
    if ":" in literal:
        return None
    if literal.isdecimal():
        return float(literal)
    if _GROUPED.fullmatch(literal):
        return float(literal.replace(",", ""))
    if _DOTS.fullmatch(literal):
        return float(literal.replace(".", "").replace(",", "."))
    if literal.count(",") == 1 and "." not in literal:
        return float(literal.replace(",", "."))
    return float(literal) if literal.count(".") == 1 and "," not in literal else None


def _scaled(text: Text, value: float, end: int, glued: bool) -> tuple[float, int]:
    """A value times the scale words after it."""
    while True:
        at = end + (_low(text, end) == "-" and _low(text, end + 1) in _SCALES)
        if _low(text, at) in _SCALES:
            value, end = value * _SCALES[_low(text, at)], at + 1
        elif glued and _low(text, end) in _SHORT_SCALES and _is_short_scale(text, end):
            return value * _SHORT_SCALES[_low(text, end)], end + 1
        else:
            return value, end


def _is_short_scale(text: Text, i: int) -> bool:
    """Whether "m" or "bn" after digits is a scale: always the long ones, "m" only where money stands before."""
    letter = text.tokens[i].text
    money = i >= 2 and (text.tokens[i - 2].text in CURRENCY_SIGNS or text.tokens[i - 2].text in ("USD", "EUR", "GBP"))
    return letter.lower() in ("bn", "mn", "mln", "tn", "trn") or letter == "M" or money or (letter in "kK" and text.glued(i))


def _words(text: Text, i: int) -> Figure | None:
    """The figure written out from token `i`: "two hundred and fifty", "half a million", "two-thirds", "third"."""
    low = _low(text, i)
    if low in _ORDINALS and not (low == "second" and _low(text, i - 1) in ("per", "a", "each", "every")):
        return Figure(i, i + 1, _ORDINALS[low], low, ordinal=True, loose=low in ("first", "second"))
    if low == "half":
        end = i + 1 + (_low(text, i + 1) in ("a", "-"))
        value, end_scale = _scaled(text, 0.5, end, glued=False)
        return Figure(i, end_scale, value, text.words(i, end_scale)) if value != 0.5 else Figure(i, i + 1, 0.5, low, UNITS["-"])
    if low in ("a", "an"):
        if _low(text, i + 1) in _SCALES:
            value, end = _scaled(text, 1.0, i + 1, glued=False)
            value, end = _sum(text, value, end)
            return Figure(i, end, value, text.words(i, end))
        if _low(text, i + 1) in _PARTS and _low(text, i + 1) != "half" and _low(text, i + 2) in ("of", "as", "more", "less"):
            return Figure(i, i + 2, 1 / _PARTS[_low(text, i + 1)], text.words(i, i + 2), UNITS["-"])
        return None
    if low not in _SMALL and low not in _TENS and low not in ("dozen", "dozens"):
        return None
    if low.startswith("dozen"):
        return Figure(i, i + 1, 12.0, low)
    value, end = _sum(text, 0.0, i)
    return _fraction(text, i, value, end)


def _sum(text: Text, total: float, i: int) -> tuple[float, int]:
    """The value of number words from `i` on, added to `total`: tens, ones and scales, "and" and hyphens between."""
    end = i
    while True:
        at = end + (end > i or total > 0) * (_low(text, end) in ("and", "-"))
        tens, ones = _TENS.get(_low(text, at), 0.0), _SMALL.get(_low(text, at))
        if not tens and ones is None:
            return total, end
        if at > end and _low(text, end) == "and" and total % 100:
            return total, end  # "twenty and thirty" are two figures
        after = at + 1
        if tens:
            digit = after + (_low(text, after) == "-")
            if 0 < _SMALL.get(_low(text, digit), 0) < 10:
                tens, after = tens + _SMALL[_low(text, digit)], digit + 1
        group, scaled_end = _scaled(text, tens or ones or 0.0, after, glued=False)
        if total and (group >= total or (at == end and total % 100)):
            return total, end  # "four five": not one figure
        total, end = total + group, scaled_end
        rest = end + (_low(text, end) == "and")
        if group < 100 and _low(text, rest) not in _SMALL and _low(text, rest) not in _TENS:
            return total, end


def _fraction(text: Text, i: int, value: float, end: int) -> Figure:
    """A written number, as a fraction ("two-thirds", "one and a half"), an ordinal ("twenty-first") or as it is."""
    part_at = end + (_low(text, end) == "-")
    part = _low(text, part_at)
    singular = part.removesuffix("s") if part != "halves" else "half"
    if singular in _PARTS and (part.endswith("s") if value > 1 else value == 1) and value < _PARTS[singular]:
        if part.endswith("s") or _low(text, part_at + 1) in ("of", "more", "less", "as") or part_at > end:
            return Figure(i, part_at + 1, value / _PARTS[singular], text.words(i, part_at + 1), UNITS["-"])
    if value >= 20 and 1 <= _ORDINALS.get(part, 0) < 10 and part_at > end:
        return Figure(i, part_at + 1, value + _ORDINALS[part], text.words(i, part_at + 1), ordinal=True)
    if (_low(text, end), _low(text, end + 1), _low(text, end + 2)) == ("and", "a", "half"):
        value, end = _scaled(text, value + 0.5, end + 3, glued=False)
    if _low(text, end) == "point" and _low(text, end + 1) in _SMALL:
        value, end = value + _SMALL[_low(text, end + 1)] / 10, end + 2
        value, end = _scaled(text, value, end, glued=False)
    return Figure(i, end, value, text.words(i, end), loose=value == 1)


def _with_unit(text: Text, figure: Figure) -> Figure:
    """A figure with the currency before it or the unit after it."""
    if figure.ordinal or figure.unit or figure.value is None:
        return figure
    before = figure.start - 1
    if before >= 0 and (text.tokens[before].text in CURRENCY_SIGNS or text.tokens[before].text.isupper()):
        unit = UNITS.get(text.tokens[before].low)
        if unit and unit.dimension in MONEY and text.tokens[before].low not in ("won", "try"):
            start = before - (before > 0 and text.tokens[before - 1].low in ("us", "u", "a", "c") and text.glued(before))
            return replace(figure, start=start, unit=unit)
    at = figure.end + (_low(text, figure.end) == "-")
    for word in ("us", "american"):
        if _low(text, at) == word and _low(text, at + 1).startswith("dollar"):
            at += 1
    unit, end = unit_at(text, at, after_digits=text.tokens[figure.end - 1].kind == "number")
    return replace(figure, unit=unit, end=end, loose=False) if unit else figure


def _with_bound(text: Text, figure: Figure) -> Figure:
    """A figure with the "about" or "more than" that stands before it."""
    one, two = _low(text, figure.start - 1), _low(text, figure.start - 2)
    bound: Bound | None = None
    if one == "than":
        bound = "over" if two in ("more", "greater", "higher", "larger", "longer", "older") else "under"
        bound = None if two not in ("more", "greater", "higher", "larger", "longer", "older", "less", "fewer", "lower", "smaller", "shorter") else bound
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
        joined = between in ("-", "to") or (between in ("and", "or") and _low(text, first.start - 1) in ("between", "either"))
        if not joined or first.value is None or second.value is None or first.ordinal:
            continue
        scale = next((s for w, s in _SCALES.items() if s >= 1e3 and second.literal.lower().endswith(w)), 1.0)
        if first.value < 1000 and scale > 1 and first.value * scale < second.value:
            first = replace(first, value=first.value * scale)
        if first.unit is None:
            first = replace(first, unit=second.unit)
        elif second.unit is None and first.unit.dimension in MONEY:
            out[k + 1] = replace(second, unit=first.unit)
        out[k] = first
    return out
