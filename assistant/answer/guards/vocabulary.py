"""What of a name's words a source confirms: as they are, as initials, by an abbreviation or another ending."""

import re
from collections.abc import Sequence
from functools import cached_property

from assistant.answer.guards.align import JOINING, Reading
from assistant.answer.guards.nations import nation
from assistant.answer.guards.text import Token

_PUNCTUATION = ".,;:!?()[]\"'"
_FULL_NAME = 8  # tokens of a name between its first word and the abbreviation in brackets behind it, at most
_KIN = re.compile(r"(?:ians?|eans?|ans?|ese|ish|is|ic|i|ia|a|o|e|n|s|y)$")


def is_code(token: Token) -> bool:
    """Whether a name is an abbreviation or a code: WHO, mRNA, CD4."""
    return any(c.isdigit() for c in token.text) or sum(c.isupper() for c in token.text) > 1


class Vocabulary:
    """What a source's words can confirm: themselves, their initials, and what is known to mean the same."""

    def __init__(self, source: Reading) -> None:
        tokens = source.text.tokens
        self._source = source
        self._lows = {t.low for t in tokens}
        self._bases = {t.base for t in tokens}
        self._folded = source.text.folded
        self._tokens = tokens

    @cached_property
    def _nations(self) -> set[str | None]:
        pairs = zip(self._tokens, self._tokens[1:], strict=False)
        return {nation(low) for low in self._lows} | {nation(f"{a.low}_{b.low}") for a, b in pairs} - {None}

    @cached_property
    def _joined(self) -> set[str]:
        return set(re.sub(r"[^\w\s]", "", self._folded.replace("-", "").lower()).split()) | self._lows

    @cached_property
    def _letters(self) -> set[str]:
        pairs = zip(self._tokens, self._tokens[1:], strict=False)
        single = [(a, b) for a, b in pairs if len(a.low) == 1 and a.text.isupper()]
        species = {f"{a.low} {b.low}" for a, b in single if len(b.low) > 3 and b.text.islower()}
        return {f"{a.low}." for a, b in single if b.text == "."} | {s for s in species if s[0] not in "ai"}

    def has(self, token: Token, claim: Reading) -> bool:
        """Whether the source confirms a word of a name."""
        low = token.low
        if (
            low in self._lows
            or token.base in self._bases
            or len(low) == 1
            or self._code(token, claim)
            or self._shortened(token, claim)
        ):
            return True
        letters = low.rstrip("s0123456789") if is_code(token) else low
        if len(letters) > 1 and letters in self._lows:
            return True  # SNPs for SNP, YAP1 for YAP
        home = nation(low) or self._pair(token, claim)
        if home is not None and home in self._nations:
            return True
        if _defined_here(token, claim) or self._abbreviated(token, claim) or self._numbered(low):
            return True
        if token.text.removesuffix("s").isupper() and 1 < len(token.text) <= 6:
            forms = {low, low.removesuffix("s")}
            return bool(forms & self._source.initials or forms & claim.initials)
        return _stands_for(token, claim, self._source.acronyms) or self._kin(low)

    def _code(self, token: Token, claim: Reading) -> bool:
        """Whether a name with a figure in it is in the source, hyphen or none: CK-666 as CK666."""
        if not (
            token.kind == "word" and (token.text[1:].upper() == token.text[1:] or any(c.isdigit() for c in token.low))
        ):
            return False
        after = claim.text.folded[token.end : token.end + 8]
        whole = token.low + (match[1].lower() if (match := re.match(r"-?(\d+\w?)", after)) else "")
        return any(low.startswith(whole) for low in self._joined if whole != low[:1])

    def _shortened(self, token: Token, claim: Reading) -> bool:
        """Whether the source has a first name or genus as its first letter: J. Smith, E. coli, E coli."""
        after = claim.text.folded[token.end :].split(maxsplit=1)
        species = f"{token.low[0]} {after[0].strip(_PUNCTUATION)}" if after else ""
        return len(token.low) > 3 and (f"{token.low[0]}." in self._letters or species in self._letters)

    def _abbreviated(self, token: Token, claim: Reading) -> bool:
        """Whether the source has the abbreviation that the claim gives for these words, or makes with them.

        "Open Access (OA)" where the source has OA, and "factor EB" where it has FEB.
        """
        tokens = claim.text.tokens
        i = next(k for k, t in enumerate(tokens) if t.start == token.start)
        for k in range(i + 1, min(i + _FULL_NAME, len(tokens) - 2)):
            if tokens[k].text == "(" and is_code(tokens[k + 1]) and _defined_here(tokens[k + 1], claim):
                return bool({tokens[k + 1].low, tokens[k + 1].low.rstrip("0123456789")} & self._lows)
        return is_code(token) and bool(joined_with_initials(tokens[:i], token.low) & self._lows)

    def _numbered(self, low: str) -> bool:
        """Whether an abbreviation with a number stands for words of the source: NAT2 for "North Arm Trail 2"."""
        letters = low.rstrip("0123456789")
        number = low[len(letters) :]
        return bool(number) and len(letters) > 2 and letters in self._source.initials and number in self._lows

    def _pair(self, token: Token, claim: Reading) -> str | None:
        tokens = claim.text.tokens
        i = next((k for k, t in enumerate(tokens) if t.start == token.start), 0)
        pairs = [tokens[k : k + 2] for k in (i - 1, i) if 0 <= k and k + 1 < len(tokens)]
        return next((home for a, b in pairs if (home := nation(f"{a.low}_{b.low}"))), None)

    def _kin(self, low: str) -> bool:
        """Whether the source has the same name with another ending: Einstein, Einsteinian; Java, Javanese."""
        stemmed = _KIN.sub("", low)
        return len(stemmed) >= 4 and any(_KIN.sub("", word) == stemmed for word in self._lows if word[:4] == low[:4])


def joined_with_initials(before: Sequence[Token], last: str) -> set[str]:
    """Abbreviations of the last words before a code or figure with it: f7, gf7 and bgf7 of "big gap fund 7"."""
    words = []
    for token in reversed(before[-2 * _FULL_NAME :]):
        if token.kind != "word" and token.text != "-":
            break
        words += [token.low[0]] if token.kind == "word" and token.low not in JOINING else []
    return {"".join(reversed(words[:n])) + last for n in range(1, min(len(words), 5) + 1)}


def _defined_here(token: Token, claim: Reading) -> bool:
    """Whether the claim itself has an abbreviation, in brackets, after the words: "immunoglobulin G (IgG)".

    Its letters must follow each other in those words, from the first letter of one of them on; the words
    themselves are judged on their own.
    """
    folded = claim.text.folded
    if folded[token.start - 1 : token.start] != "(" or folded[token.end : token.end + 1] != ")":
        return False
    letters = re.sub(r"[^a-z]", "", token.text.removesuffix("s").lower())
    words = re.findall(r"[a-z]+", folded[max(0, token.start - 80) : token.start].lower())[-len(letters) - 2 :]
    for k, word in enumerate(words):
        rest = iter("".join(words[k:]))
        if letters and word[0] == letters[0] and all(letter in rest for letter in letters):
            return True
    return False


def _stands_for(token: Token, claim: Reading, acronyms: frozenset[str]) -> bool:
    """Whether the claim writes out in full, with this word, an abbreviation of the source."""
    tokens = [t for t in claim.text.tokens if t.kind == "word" and t.low not in JOINING]
    i = next((k for k, t in enumerate(tokens) if t.start == token.start), 0)
    letters = "".join(t.low[0] for t in tokens)
    return any(
        letters[k : k + len(acronym)] == acronym
        for acronym in acronyms
        for k in range(max(0, i - len(acronym) + 1), i + 1)
    )
