"""Untrusted text as a line of a prompt that cannot pass for anything but text."""

import re
import unicodedata

# Angle brackets make delimiters (</sources>) and the control tokens of chat formats (<|im_end|>, </s>). Those before
# a figure compare ("p < 0.05") and stay.
_OPENING = re.compile(r"[<＜﹤](?!\s{0,3}[=\d.,$€£~−-])")
# Numbers in brackets are ours; capitals in brackets are control tokens as well ([INST]).
_BRACKETED = re.compile(r"[\[【](\s{0,3}(?:\d[\d\s,]{0,60}|/?[A-Z][A-Z_ ]{0,40}))[\]】]")
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co"))


def inert(text: str) -> str:
    """The text on one line, without what is not seen and without what looks like a part of the prompt.

    Control, zero-width and bidirectional characters, private ones and variation selectors are left out; the "<" of a
    tag becomes "‹", and a number or token in square brackets stands in round ones.
    """
    line = " ".join(text.split())
    seen = "".join(c for c in line if unicodedata.category(c) not in _INVISIBLE and not _selects(c))
    seen = _BRACKETED.sub(r"(\1)", _OPENING.sub("‹", seen))
    return " ".join(seen.split())


def _selects(character: str) -> bool:
    """Whether it is a variation selector: any number of them hide behind one visible character."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
