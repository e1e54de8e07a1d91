"""Text that is too long for one sentence, cut where it reads best."""

import re
import unicodedata
from collections.abc import Iterator

_NOT_SPACE = re.compile(r"\S")
_SEPARATORS = [re.compile(p) for p in (r"；|;(?=\s)", r"：|:(?=\s)", r"[，、]|,(?=\s)", r"\s")]


def shortened(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Cut `text[start:end]` into parts of about the same length, best after ";", then ":", "," and space.

    Args:
        text: The text.
        start: Where the first part begins; not space.
        end: Where the last part ends, exclusive; not space before it.
        longest: The most characters in a part, at least 1.

    Yields:
        Half-open spans with no space at either end that leave out nothing but space.
    """
    while end - start > longest:
        cut = _best_cut(text, start, end, longest)
        yield start, start + len(text[start:cut].rstrip())
        found = _NOT_SPACE.search(text, cut)
        start = found.start() if found else end
    yield start, end


def _best_cut(text: str, start: int, end: int, longest: int) -> int:
    length = end - start
    even = length // -(-length // longest)
    lowest, highest = start + max(1, even // 2), start + min(even * 3 // 2, longest)
    for pattern in _SEPARATORS:
        places = [found.end() for found in pattern.finditer(text, lowest, highest)]
        if places:
            return min(places, key=lambda place: abs(place - start - even))
    cut = start + even
    while cut > lowest and _is_joined(text[cut - 1], text[cut]):
        cut -= 1
    return cut


def _is_joined(left: str, right: str) -> bool:
    """Whether two characters are drawn as one: a letter and its accent, the parts of an emoji."""
    return left == "\u200d" or right in "\u200d\ufe0e\ufe0f" or unicodedata.combining(right) > 0
