"""Numerals: digits with their separators and scales, and numbers written out, as figures without a unit."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from assistant.answer.guards.text import Text
from assistant.answer.guards.units import CURRENCY_SIGNS, UNITS, Unit

Bound = Literal["about", "over", "under", "least", "most"]

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_SMALL = {word: float(n) for n, word in enumerate(_ONES.split())}
_TENS = {w: 10.0 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15,
           "dozen": 12.0, "lakh": 1e5, "crore": 1e7}  # fmt: skip
_SCALES |= {f"{scale}s": value for scale, value in _SCALES.items()}
_SHORT_SCALES = {"k": 1e3, "mn": 1e6, "mln": 1e6, "m": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
_ORDINALS = {w: float(n) for n, w in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), start=1)}  # fmt: skip
_ORDINALS |= {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "hundredth": 100.0, "thousandth": 1000.0}
_PARTS = {"half": 2.0, "third": 3.0, "quarter": 4.0} | {w: n for w, n in _ORDINALS.items() if 5 <= n <= 10}
WORDS_OF_NUMBERS = frozenset({"a", "an", "half", "dozen", "dozens", *_SMALL, *_TENS, *_ORDINALS})
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_DOTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?")


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


def numeral(text: Text, i: int) -> Figure | None:
    """The figure that begins at token `i`, in digits or words, without its unit; None where there is none."""
    return _digits(text, i) if kind_at(text, i) == "number" else _words(text, i)


def scale_word(literal: str) -> float:
    """What the thousand, million or billion at the end of a figure multiplies it by; 1 where there is none."""
    return next((s for w, s in _SCALES.items() if s >= 1e3 and literal.lower().endswith(w)), 1.0)


def low_at(text: Text, i: int) -> str:
    """The folded word at token `i`, empty beyond the ends."""
    return text.tokens[i].low if 0 <= i < len(text.tokens) else ""


def kind_at(text: Text, i: int) -> str:
    """What token `i` is, empty beyond the end."""
    return text.tokens[i].kind if i < len(text.tokens) else ""


def _digits(text: Text, i: int) -> Figure:
    """The figure whose digits begin at `i`, its scale and power of ten read with it."""
    literal = text.tokens[i].text
    value = _parse(literal)
    end = i + 1
    if value is None:
        return Figure(i, end, None, literal)
    if low_at(text, end) in ("st", "nd", "rd", "th") and text.glued(end):
        return Figure(i, end + 1, value, literal, ordinal=True)
    if low_at(text, end) == "/" and text.glued(end) and kind_at(text, end + 1) == "number" and text.glued(end + 1):
        part = _parse(text.tokens[end + 1].text)
        if part:
            return Figure(i, end + 2, value / part, text.words(i, end + 2), UNITS["-"])
    if (
        kind_at(text, end) == "number"
        and low_at(text, end + 1) == "/"
        and _parse(text.tokens[end].text)
        and kind_at(text, end + 2) == "number"
    ):
        value += (_parse(text.tokens[end].text) or 0) / (_parse(text.tokens[end + 2].text) or 1)
        end += 3
    while (
        kind_at(text, end) == "number"
        and len(literal) <= 3
        and re.fullmatch(r"\d{3}", text.tokens[end].text)
        and value >= 1
    ):
        value, end = value * 1000 + float(text.tokens[end].text), end + 1  # 2 700 000
    if low_at(text, end) in ("x", "×", "*") and low_at(text, end + 1) == "10":
        value, end = value * 10, end + 2
    if low_at(text, end) == "^" and kind_at(text, end + 1 + (low_at(text, end + 1) == "-")) == "number":
        minus = low_at(text, end + 1) == "-"
        power = min(float(_parse(text.tokens[end + 1 + minus].text) or 0), 30.0)
        tens = 10.0 if value % 10 == 0 and end > i + 1 else value
        value, end = _powered(value, tens, -power if minus else power), end + 2 + minus
    value, end = _scaled(text, value, end, glued=True)
    return Figure(i, end, value, text.words(i, end))


def _powered(value: float, base: float, power: float) -> float:
    """`value`, which holds `base` once, with the base raised; unchanged where the result is no finite number."""
    if base <= 0 or value <= 0 or abs(math.log10(base) * power) + abs(math.log10(value)) > 300:
        return value
    return float(value / base * base**power)


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
        at = end + (low_at(text, end) == "-" and low_at(text, end + 1) in _SCALES)
        if low_at(text, at) in _SCALES:
            value, end = value * _SCALES[low_at(text, at)], at + 1
        elif glued and low_at(text, end) in _SHORT_SCALES and _is_short_scale(text, end):
            return value * _SHORT_SCALES[low_at(text, end)], end + 1
        else:
            return value, end


def _is_short_scale(text: Text, i: int) -> bool:
    """Whether "m" or "bn" after digits is a scale: always the long ones, "m" only where money stands before."""
    letter = text.tokens[i].text
    money = i >= 2 and (text.tokens[i - 2].text in CURRENCY_SIGNS or text.tokens[i - 2].text in ("USD", "EUR", "GBP"))
    return (
        letter.lower() in ("bn", "mn", "mln", "tn", "trn")
        or letter == "M"
        or money
        or (letter in "kK" and text.glued(i))
    )


def _words(text: Text, i: int) -> Figure | None:
    """The figure written out from token `i`: "two hundred and fifty", "half a million", "two-thirds", "third"."""
    low = low_at(text, i)
    if low in _ORDINALS and not (low == "second" and low_at(text, i - 1) in ("per", "a", "each", "every")):
        return Figure(i, i + 1, _ORDINALS[low], low, ordinal=True, loose=low in ("first", "second"))
    if low == "half":
        end = i + 1 + (low_at(text, i + 1) in ("a", "-"))
        value, end_scale = _scaled(text, 0.5, end, glued=False)
        return (
            Figure(i, end_scale, value, text.words(i, end_scale))
            if value != 0.5
            else Figure(i, i + 1, 0.5, low, UNITS["-"])
        )
    if low in ("a", "an"):
        if low_at(text, i + 1) in _SCALES:
            value, end = _scaled(text, 1.0, i + 1, glued=False)
            value, end = _sum(text, value, end)
            return Figure(i, end, value, text.words(i, end))
        if (
            low_at(text, i + 1) in _PARTS
            and low_at(text, i + 1) != "half"
            and low_at(text, i + 2) in ("of", "as", "more", "less")
        ):
            return Figure(i, i + 2, 1 / _PARTS[low_at(text, i + 1)], text.words(i, i + 2), UNITS["-"])
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
        at = end + (end > i or total > 0) * (low_at(text, end) in ("and", "-"))
        tens, ones = _TENS.get(low_at(text, at), 0.0), _SMALL.get(low_at(text, at))
        if not tens and ones is None:
            return total, end
        if at > end and low_at(text, end) == "and" and total % 100:
            return total, end  # "twenty and thirty" are two figures
        after = at + 1
        if tens:
            digit = after + (low_at(text, after) == "-")
            if 0 < _SMALL.get(low_at(text, digit), 0) < 10:
                tens, after = tens + _SMALL[low_at(text, digit)], digit + 1
        group, scaled_end = _scaled(text, tens or ones or 0.0, after, glued=False)
        if total and (group >= total or (at == end and total % 100)):
            return total, end  # "four five": not one figure
        total, end = total + group, scaled_end
        rest = end + (low_at(text, end) == "and")
        if group < 100 and low_at(text, rest) not in _SMALL and low_at(text, rest) not in _TENS:
            return total, end


def _fraction(text: Text, i: int, value: float, end: int) -> Figure:
    """A written number, as a fraction ("two-thirds", "one and a half"), an ordinal ("twenty-first") or as it is."""
    part_at = end + (low_at(text, end) == "-")
    part = low_at(text, part_at)
    singular = part.removesuffix("s") if part != "halves" else "half"
    if singular in _PARTS and (part.endswith("s") if value > 1 else value == 1) and value < _PARTS[singular]:
        if part.endswith("s") or low_at(text, part_at + 1) in ("of", "more", "less", "as") or part_at > end:
            return Figure(i, part_at + 1, value / _PARTS[singular], text.words(i, part_at + 1), UNITS["-"])
    if value >= 20 and 1 <= _ORDINALS.get(part, 0) < 10 and part_at > end:
        return Figure(i, part_at + 1, value + _ORDINALS[part], text.words(i, part_at + 1), ordinal=True)
    if (low_at(text, end), low_at(text, end + 1), low_at(text, end + 2)) == ("and", "a", "half"):
        value, end = _scaled(text, value + 0.5, end + 3, glued=False)
    if low_at(text, end) == "point" and low_at(text, end + 1) in _SMALL:
        value, end = value + _SMALL[low_at(text, end + 1)] / 10, end + 2
        value, end = _scaled(text, value, end, glued=False)
    return Figure(i, end, value, text.words(i, end), loose=value == 1)
