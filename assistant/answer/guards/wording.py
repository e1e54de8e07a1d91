"""Is a sentence in its source's own words and order?

A small chat model makes sentences of a source's words that say something else, by ways that no rule names: who is
said to have done what, a condition that is left out, two statements made into one. Where nothing but words
in their order counts, it cannot; leaving words out is all that is left to it.
"""

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from assistant.answer.guards.text import fold


def check_wording(sentence: str, sources: Sequence[str]) -> list[str]:
    """What to object to where no source has all words of a sentence, in its order; words may stand between them."""
    said = _words(sentence)
    if any(LCSseq.similarity(said, _words(source)) == len(said) for source in sources):
        return []
    return ["not in the words and order of its source"]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text).casefold())
