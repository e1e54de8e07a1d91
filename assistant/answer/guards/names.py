"""Names of people, places and organisations: each must be in the source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answer.guards.align import JOINING, Place, Reading, placed
from assistant.answer.guards.common import COMMON, TITLES
from assistant.answer.guards.coverage import CLOSE, ROOT, covered
from assistant.answer.guards.lexicon import ALIKE, CONTRASTS
from assistant.answer.guards.nations import nation
from assistant.answer.guards.text import Token
from assistant.answer.guards.vocabulary import Vocabulary, is_code

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
    vocabulary = Vocabulary(source)
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
    coded = all(is_code(token) for token in missing)
    rival = place.other if place.other is not None and place.other_likeness >= RIVAL else None
    rival_coded = rival is not None and all(is_code(t) for t in source.text.tokens[rival.start : rival.end])
    if coded:
        return (rival is not None and rival_coded) or covered(claim, source) >= CLOSE
    opening = missing[0].start == claim.text.tokens[place.item.start].start and len(missing) == 1
    if place.item.sure or (len(place.item.keys) > 1 and not opening):
        return True
    if _is_known_word(missing[0], source):
        return False
    if len(place.item.keys) > 1:
        rest = claim.text.tokens[place.item.start + 1 : place.item.end]
        if all(is_code(t) for t in rest) and (rival is None or rival_coded):
            return False  # "Enzyme CK2" where the source has CK2 alone
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
