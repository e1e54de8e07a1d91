"""Names of people, places and organisations: each must be in the source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.answer.guards.align import JOINING, Place, Reading, placed
from assistant.answer.guards.common import COMMON, TITLES
from assistant.answer.guards.coverage import CLOSE, ROOT, covered
from assistant.answer.guards.lexicon import ALIKE, CONTRASTS
from assistant.answer.guards.nations import nation
from assistant.answer.guards.text import Token

RIVAL = 0.42  # likeness of the place of a name that may have been replaced
REPLACED = 0.75  # and where it can only have been replaced, whatever the word in its place looks like
_INSIDE = JOINING - {"the", "and", "for"}  # joins the words of a name
# A capital at the head of a sentence may be any word's; these endings are seldom those of a name.
_COMMON_ENDING = re.compile(
    r"(?:ing|ly|ed|tion|sion|ment|ness|ity|ism|ists?|ance|ence|ogy|ics|ure|ship|hood|ers|ors|ives?|ous|ful|als?|ages?|[^siua]s)$"
)
_NEVER_NAMES = frozenset("i ii iii iv v vi vii viii ix x".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words with capitals. `sure` is False for one word at the head of a sentence."""

    start: int
    end: int
    keys: frozenset[str]
    sure: bool


@lru_cache(maxsize=32)  # several guards ask for the names of the same two texts
def names(reading: Reading) -> tuple[Name, ...]:
    """The names in a text, in order."""
    tokens = reading.text.tokens
    dated = frozenset(i for d in reading.dates for i in range(d.start, d.end))
    found, i = [], 0
    while i < len(tokens):
        if i in dated or not _capital(tokens[i]):
            i += 1
            continue
        end = _end(tokens, i, dated)
        name = _name(tokens, i, end)
        if name:
            found.append(name)
        i = end
    return tuple(found)


def _end(tokens: Sequence[Token], i: int, dated: frozenset[int]) -> int:
    """The token after the run of capitals that begins at `i`: "University of Oxford", "J. Smith"."""
    end = i + 1
    while end < len(tokens) and end not in dated and tokens[end].sentence == tokens[i].sentence:
        joins = tokens[end].low in _INSIDE or (tokens[end].text == "." and len(tokens[end - 1].text) <= 3)
        if _capital(tokens[end]):
            end += 1
        elif joins and end + 1 < len(tokens) and _capital(tokens[end + 1]):
            end += 2
        else:
            break
    return end


def _name(tokens: Sequence[Token], start: int, end: int) -> Name | None:
    """The name in a run of capitals, without the common words that it opens with."""
    first = start == 0 or tokens[start - 1].sentence != tokens[start].sentence or tokens[start - 1].text in "\"'(:"
    opens = start
    if (first and tokens[start].low in COMMON) or not tokens[start].content:
        start += 1
    while start < end and not tokens[start].content:
        start += 1
    whole = frozenset(t.low for t in tokens[start:end] if _capital(t) and t.content)
    keys = whole - TITLES or (whole if end - start == 1 and not first else frozenset())
    return Name(start, end, keys, not (first and start == opens)) if keys else None


def _capital(token: Token) -> bool:
    return token.kind == "word" and token.text[0].isupper() and token.low not in _NEVER_NAMES


def check_names(claim: Reading, source: Reading) -> list[str]:
    """The names of a claim that its source does not have; `roles` and `edits` judge where it has the others."""
    said = names(claim)
    if not said:
        return []
    vocabulary = _Vocabulary(source)
    missing = {
        name: [
            t for t in claim.text.tokens[name.start : name.end] if t.low in name.keys and not vocabulary.has(t, claim)
        ]
        for name in said
    }
    absent = [name for name in said if missing[name]]
    places = placed(claim, absent, source, names(source), same_name, lambda c, s: True)
    return [
        f"name {_shown(claim, missing[place.item])} not in source"
        for place in places
        if _speaks_against(place, missing[place.item], claim, source)
    ]


def _shown(claim: Reading, missing: list[Token]) -> str:
    return claim.text.folded[missing[0].start : missing[-1].end]


def _is_name(claim: Reading, name: Name, token: Token) -> bool:
    """Whether a word that has a capital as the first of its sentence looks like a name."""
    if len(name.keys) > 1 or token.text[1:].isupper() and len(token.text) > 1:
        return True
    after = claim.text.tokens[name.start + 1] if name.start + 1 < len(claim.text.tokens) else None
    if after is not None and after.text == "-":
        return False
    common = token.low in COMMON or token.base in COMMON or token.base in CONTRASTS
    return not common and not _COMMON_ENDING.search(token.low)


def _speaks_against(place: Place[Name], missing: list[Token], claim: Reading, source: Reading) -> bool:
    """Whether a name that the source has not is a problem.

    A name in the middle of a sentence is. The word that opens a sentence has a capital anyway, and an abbreviation
    may be the reader's own for what the source says in full: these are held against a claim only where the source
    has another such name in their place, or, for the abbreviation, where the claim is otherwise the source's words.
    """
    coded = all(_is_code(token) for token in missing)
    rival = place.other if place.other is not None and place.other_likeness >= RIVAL else None
    rival_coded = rival is not None and all(_is_code(t) for t in source.text.tokens[rival.start : rival.end])
    if coded:
        return (rival is not None and rival_coded) or covered(claim, source) >= CLOSE
    opening = missing[0].start == claim.text.tokens[place.item.start].start and len(missing) == 1
    if place.item.sure or (len(place.item.keys) > 1 and not opening):
        return True
    if _is_known_word(missing[0], source):
        return False
    if len(place.item.keys) > 1:
        return not _COMMON_ENDING.search(missing[0].low) and missing[0].base not in CONTRASTS
    if rival is None or rival_coded:
        return False
    replaced = place.other_likeness >= REPLACED and not _COMMON_ENDING.search(source.text.tokens[rival.start].low)
    return replaced or _is_name(claim, place.item, missing[0])


def _is_known_word(token: Token, source: Reading) -> bool:
    """Whether the source has the word that opens a sentence, in another form, as a word that is no name."""
    if any(word in source.bases for word in (token.base, *ALIKE.get(token.base, ()))):
        return True
    plainly = [t.low for t in source.text.tokens if t.kind == "word" and t.text[0].islower()]
    return len(token.low) >= ROOT and any(low[:ROOT] == token.low[:ROOT] for low in plainly)


def _is_code(token: Token) -> bool:
    """Whether a name is an abbreviation or a code: WHO, mRNA, CD4."""
    return any(c.isdigit() for c in token.text) or sum(c.isupper() for c in token.text) > 1


def same_name(c: Name, s: Name) -> bool:
    """Whether two names have a word in common, name one place, or are each other's initials."""
    return (
        bool(c.keys & s.keys)
        or bool({nation(k) or k for k in c.keys} & {nation(k) or k for k in s.keys})
        or _initials(c.keys, s.keys)
    )


def _initials(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether one name may be the initials of the other, whose words are in no order here."""
    for short, long in ((a, b), (b, a)):
        for key in short:
            if len(key) > 1 and len(long) > 1 and sorted(key) == sorted(word[0] for word in long):
                return True
    return False


class _Vocabulary:
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
        return {f"{a.low}." for a, b in pairs if len(a.low) == 1 and b.text == "." and a.text.isupper()}

    def has(self, token: Token, claim: Reading) -> bool:
        """Whether the source confirms a word of a name."""
        low = token.low
        if (
            low in self._lows
            or token.base in self._bases
            or len(low) == 1
            or self._code(token, claim)
            or self._shortened(low)
        ):
            return True
        letters = low.rstrip("s0123456789") if _is_code(token) else low
        if len(letters) > 1 and letters in self._lows:
            return True  # SNPs for SNP, YAP1 for YAP
        home = nation(low) or self._pair(token, claim)
        if home is not None and home in self._nations:
            return True
        if _defined_here(token, claim):
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

    def _shortened(self, low: str) -> bool:
        """Whether the source has a first name or genus as its first letter: E. coli, J. Smith."""
        return len(low) > 3 and f"{low[0]}." in self._letters

    def _pair(self, token: Token, claim: Reading) -> str | None:
        tokens = claim.text.tokens
        i = next((k for k, t in enumerate(tokens) if t.start == token.start), 0)
        pairs = [tokens[k : k + 2] for k in (i - 1, i) if 0 <= k and k + 1 < len(tokens)]
        return next((home for a, b in pairs if (home := nation(f"{a.low}_{b.low}"))), None)

    def _kin(self, low: str) -> bool:
        """Whether the source has the same name with another ending: Einstein, Einsteinian; Java, Javanese."""
        stemmed = _KIN.sub("", low)
        return len(stemmed) >= 4 and any(_KIN.sub("", word) == stemmed for word in self._lows if word[:4] == low[:4])


_KIN = re.compile(r"(?:ians?|eans?|ans?|ese|ish|is|ic|i|ia|a|o|e|n|s|y)$")


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
