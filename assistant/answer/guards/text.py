"""A text read once for all guards: its tokens, where clauses and sentences end, and what each token is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.answer.guards.lemma import base, plain
from assistant.answer.terms import FUNCTION_WORDS

TokenKind = Literal["word", "number", "symbol", "stop"]

_DASHES = {**dict.fromkeys(map(ord, "‐‑‒–−﹣－"), "-"), ord("—"): " - ", ord("―"): " - "}
_QUOTES = dict.fromkeys(map(ord, "’‘‛ʼ′`´"), "'") | dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u2002\u2003\u200a\u3000"), " ")
_BELOW = dict(zip(map(ord, "₀₁₂₃₄₅₆₇₈₉"), "0123456789", strict=True))
_NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"), None)
_FRACTIONS = {
    ord(c): f" {n}/{d}"
    for c, n, d in [
        ("½", 1, 2),
        ("⅓", 1, 3),
        ("⅔", 2, 3),
        ("¼", 1, 4),
        ("¾", 3, 4),
        ("⅕", 1, 5),
        ("⅛", 1, 8),
        ("⅜", 3, 8),
    ]
}
_FOLD = {**_DASHES, **_QUOTES, **_SPACES, **_BELOW, **_FRACTIONS, **_NOTHING}
_ABOVE = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)")
# One Greek letter alone or in a name is said by its name as well: TNF-α, TNF-alpha. Words in Greek have more of them.
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "σ": "sigma", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTER = re.compile(rf"(?<![\u0370-\u03ff])[{''.join(_GREEK)}](?![\u0370-\u03ff])")
_RAISED = re.compile(r"(?<=[^\W_])[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")

_TOKEN = re.compile(
    r"""
      (?P<acronym> (?:[^\W\d_]\.){2,} )
    | (?P<code> [^\W\d_]++ \d \w*+ )
    | (?P<number> \d++ (?:[.,:]\d++)*+ )
    | (?P<word> [^\W\d_]++ (?:'[^\W\d_]++)*+ )
    | (?P<symbol> [%‰$€£¥₼₽₹₩₺°/<>=≥≤~±^+&-] )
    | (?P<stop> \S )
    """,
    re.VERBOSE,
)
_ENDS = frozenset({".", "!", "?"})
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr st prof gen lt col sgt rev hon jr sr vs etc fig no vol ca approx inc ltd co corp al".split()
)
_CLAUSE_WORDS = frozenset(
    "but while whereas although though because which who whom whose when where unless until if".split()
)
_CLAUSE_STOPS = frozenset(",;:()[]")


class Token(NamedTuple):
    """A piece of a text. `low` is folded for comparison, `base` its base form; `content` says it carries meaning."""

    text: str
    low: str
    base: str
    kind: TokenKind
    start: int
    end: int
    clause: int
    sentence: int
    content: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its tokens. `folded` has one style of dashes, quotes and spaces; token offsets count into it."""

    folded: str
    tokens: tuple[Token, ...]

    def words(self, start: int, end: int) -> str:
        """The text of tokens `start:end`."""
        return self.folded[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def glued(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return i > 0 and self.tokens[i].start == self.tokens[i - 1].end


@lru_cache(maxsize=128)  # a sentence and its sources are folded by several rules
def fold(text: str) -> str:
    """One style of dashes, quotes and spaces; raised digits as `^6` after a digit and as `2` after a letter."""
    text = text.replace("``", '"').replace("''", '"')
    if text.isascii():
        return " ".join(text.replace("`", "'").split())
    text = _RAISED.sub(lambda m: ("^" if text[m.start() - 1].isdigit() else "") + m[0].translate(_ABOVE), text)
    text = _LETTER.sub(lambda m: _GREEK[m[0]], _MIDDLE_DOT.sub(".", text))
    return " ".join(text.translate(_FOLD).split())


def read(texts: Sequence[str]) -> Text:
    """Read texts as one, each beginning a sentence of its own."""
    pieces: list[str] = []
    tokens: list[Token] = []
    offset = clause = sentence = 0
    for text in texts:
        folded = fold(text)
        clause, sentence = clause + 1, sentence + 1
        before = ""
        for match in _TOKEN.finditer(folded):
            word, start = match[0], match.start()
            low, base_form, kind, content, divides = _word(word, match.lastgroup or "stop")
            if before in _ENDS and _ends_sentence(word, folded, start, tokens, offset):
                clause, sentence = clause + 1, sentence + 1
            elif divides:
                clause += 1
            end = start + len(word) + offset
            tokens.append(Token(word, low, base_form, kind, start + offset, end, clause, sentence, content))
            before = word
        pieces.append(folded)
        offset += len(folded) + 1
    return Text("\n".join(pieces), tuple(tokens))


@lru_cache(maxsize=1 << 16)
def _word(word: str, group: str) -> tuple[str, str, TokenKind, bool, bool]:
    """A token folded, its base form and kind, whether it carries meaning, and whether a clause ends at it."""
    if group == "number":
        return word, word.replace(",", ""), "number", True, False
    if group in ("symbol", "stop"):
        return word, word, "symbol" if group == "symbol" else "stop", False, word in _CLAUSE_STOPS
    low = plain(word.replace(".", "") if group == "acronym" else word)
    content = low not in FUNCTION_WORDS and not low.endswith("n't")
    return low, base(low) if group == "word" else low, "word", content, word.casefold() in _CLAUSE_WORDS


def _ends_sentence(word: str, folded: str, start: int, tokens: list[Token], offset: int) -> bool:
    """Whether the token before `word` was a stop that ended a sentence."""
    if start == 0 or folded[start - 1] != " ":
        return False
    if not (word[0].isupper() or word[0].isdigit() or word[0] in "\"'("):
        return False
    before = tokens[-2] if len(tokens) > 1 and tokens[-2].start >= offset else None
    return not (before and tokens[-1].text == "." and (before.low in _ABBREVIATIONS or len(before.text) == 1))
