"""What was changed in a sentence that is its source nearly word for word.

Such a sentence can be laid beside its source. Wherever the two part, what the one has can be held against what the
other has in the same place, however often it stands elsewhere. A sentence in words of its own is left to the
other guards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from assistant.answer.guards.align import Reading
from assistant.answer.guards.coverage import is_known
from assistant.answer.guards.dates import Date
from assistant.answer.guards.figures import equal_values
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.lexicon import CONTRASTS
from assistant.answer.guards.names import Name, names, same_name
from assistant.answer.guards.negation import has_negator_form, is_negator
from assistant.answer.guards.numerals import Figure

NEAR = 0.75  # share of a claim's words that must be the source's, in order
_WHOLLY = 0.9  # and of what stands before a clause that was hung on
_GAP = 4  # words: a negator dropped together with more than these was dropped with its clause
_HOLD = 4  # words beside a value that must be the source's before another value can be said to stand in its place
_ADDED = 3  # words of meaning put in: no longer another way to say the same
_ADDED_AT_END = 2  # a clause hung on; at the head, "according to the report" is none
_LISTING = frozenset({"and", "or", "to", "&"})
_HEDGES = frozenset("may might could possibly perhaps allegedly reportedly supposedly potentially".split())
_DOUBTING = bases(
    "can possible potential likely probable suggest seem appear risk hypothesize believe chance unclear"
)


@dataclass(frozen=True, slots=True)
class Parting:
    """Tokens of a claim and tokens of its source that stand in the same place and differ."""

    claim: list[int]
    source: list[int]
    inner: bool  # between two words that both have
    hold: int  # words beside it, in the same sentence, that both have in a row


def partings(claim: Reading, source: Reading) -> list[Parting]:
    """Where a claim and its source part; empty where the claim is in words of its own."""
    ours = [i for i, key in enumerate(claim.keys) if key]
    theirs = [j for j, key in enumerate(source.keys) if key]
    if not ours or not theirs:
        return []
    matcher = SequenceMatcher(None, [claim.keys[i] for i in ours], [source.keys[j] for j in theirs], autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    at = [source.text.tokens[theirs[b.b]].sentence for b in blocks]
    # One word found in another sentence than the words around it is there by chance.
    blocks = [b for k, b in enumerate(blocks) if b.size > 1 or at[k] in [*at[max(k - 1, 0) : k], *at[k + 1 : k + 2]]]
    same = sum(b.size for b in blocks)
    hung_on = len(ours) - (blocks[-1].a + blocks[-1].size) if blocks else 0
    if same < NEAR * len(ours) and not (same >= _WHOLLY * (len(ours) - hung_on) and same > _GAP):
        return []
    return list(_between(claim, source, ours, theirs, [(b.a, b.b, b.size) for b in blocks]))


def _between(
    claim: Reading, source: Reading, ours: list[int], theirs: list[int], blocks: list[tuple[int, int, int]]
) -> Iterator[Parting]:
    before = before_a = before_b = 0
    for k, (a, b, size) in enumerate([*blocks, (len(ours), len(theirs), 0)]):
        ours_here, theirs_here = ours[before_a:a], theirs[before_b:b]
        inner = 0 < k < len(blocks)
        if not inner:  # at the ends the source goes on: only as much of it as the claim has, in the same sentence
            reach = len(ours_here) + 1
            theirs_here = theirs_here[-reach:] if k == 0 else theirs_here[:reach]
            edge = theirs[b] if k == 0 else theirs[before_b - 1]
            theirs_here = [
                j for j in theirs_here if source.text.tokens[j].sentence == source.text.tokens[edge].sentence
            ]
        if ours_here or theirs_here:
            place = theirs_here[0] if theirs_here else theirs[min(before_b, len(theirs) - 1)]
            sentence = source.text.tokens[place].sentence
            beside = [*theirs[max(before_b - before, 0) : before_b], *theirs[b : b + size]]
            hold = sum(source.text.tokens[j].sentence == sentence for j in beside)
            yield Parting(ours_here, theirs_here, inner, hold)
        before = size
        before_a, before_b = a + size, b + size


def check_edits(claim: Reading, source: Reading) -> list[str]:
    """What a claim that is nearly its source's words has changed in them."""
    found = partings(claim, source)
    if not found:
        return []
    rules = (_negated, _opposed, _hedged, _added)
    problems = [p for parting in found if (p := next(filter(None, (r(parting, claim, source) for r in rules)), None))]
    ours, theirs = _values(claim), _values(source)
    pairs = [
        pair for parting in found if parting.hold >= _HOLD for pair in _rivals(parting, ours, theirs, claim, source)
    ]
    for said, known in pairs:
        back = any(_equal(a, known, claim, source) and _equal(said, b, claim, source) for a, b in pairs)
        moved = _moved(said, known, claim, source, theirs)
        if not (moved and (_listed(claim, said, ours) or not back)):
            words = claim.text.words(said.start, said.end), source.text.words(known.start, known.end)
            problems.append(f"{words[0]} stands where the source has {words[1]}")
    return problems


Value = Date | Figure | Name


def _values(reading: Reading) -> dict[int, Value]:
    """The value that each token is part of."""
    values: list[Value] = [n for n in names(reading) if n.sure]
    values += [*reading.dates, *(f for f in reading.figures if not f.loose)]
    return {i: value for value in values for i in range(value.start, value.end)}


def _rivals(
    parting: Parting, ours: dict[int, Value], theirs: dict[int, Value], claim: Reading, source: Reading
) -> list[tuple[Value, Value]]:
    """The values of a claim in whose place the source has another of their kind."""
    said = {id(v): v for i in parting.claim if (v := ours.get(i))}.values()
    known = {id(v): v for j in parting.source if (v := theirs.get(j))}.values()
    found = []
    for value in said:
        others = [k for k in known if isinstance(k, Name) == isinstance(value, Name)]
        ours_here = _part(value, parting.claim, claim)
        theirs_here = [_part(k, parting.source, source) for k in known]
        if others and not any(_equal(ours_here, k, claim, source) for k in theirs_here):
            found.append((value, others[0]))
    return found


def _part(value: Value, tokens: list[int], reading: Reading) -> Value:
    """As much of a name as is among the tokens: of "European Council" beside "European Parliament", "Council"."""
    if not isinstance(value, Name):
        return value
    inside = frozenset(reading.text.tokens[i].low for i in tokens if value.start <= i < value.end)
    return replace(value, keys=(value.keys & inside) or value.keys)


def _equal(c: Value, s: Value, claim: Reading, source: Reading) -> bool:
    if isinstance(c, Name) or isinstance(s, Name):
        return isinstance(c, Name) and isinstance(s, Name) and _one_name(c, s)
    return equal_values(c, s, claim, source)


def _one_name(c: Name, s: Name) -> bool:
    """Whether two names may be one: a word in common, one place, or initials."""
    return same_name(c, s) or any(
        a[:4] == b[:4] or min(len(a), len(b)) <= 4 and a[0] == b[0] for a in c.keys for b in s.keys
    )


def _moved(said: Value, known: Value, claim: Reading, source: Reading, theirs: dict[int, Value]) -> bool:
    """Whether the source has the value elsewhere in the same sentence: then it was moved, not exchanged."""
    sentence = source.text.tokens[known.start].sentence
    same = [v for v in theirs.values() if source.text.tokens[v.start].sentence == sentence]
    if isinstance(said, Name):
        return any(isinstance(v, Name) and said.keys <= v.keys and v != known for v in same)
    return any(_equal(said, v, claim, source) for v in same)


def _listed(claim: Reading, said: Value, ours: dict[int, Value]) -> bool:
    """Whether a value stands in a list, whose order says nothing: "25, 34" or "Ghana and Togo"."""
    tokens = claim.text.tokens
    if any(t.low == "respectively" for t in tokens):
        return False
    for other in ours.values():
        low, high = (said, other) if said.start < other.start else (other, said)
        between = tokens[low.end : high.start]
        if (
            other is not said
            and between
            and len(between) <= 3
            and all(t.text in ",;/" or t.low in _LISTING for t in between)
        ):
            return True
    return False


def _negated(parting: Parting, claim: Reading, source: Reading) -> str | None:
    """A negator put in, or taken out, between words that both have."""
    ours = [i for i in parting.claim if _denies(claim, i, parting.claim)]
    theirs = [j for j in parting.source if _denies(source, j, parting.source)]
    if len(ours) % 2 == len(theirs) % 2:
        return None
    if _antonyms(parting, claim, source) or not (parting.inner or ours):
        return None
    added = sum(claim.text.tokens[i].content for i in parting.claim)
    dropped = sum(source.text.tokens[j].content for j in parting.source)
    if ours and not theirs and len(parting.claim) <= _GAP and added <= dropped:
        return f"negation: source does not say '{claim.text.tokens[ours[0]].text}' here"
    if theirs and not ours and len(parting.source) <= _GAP and parting.inner and dropped <= added:
        return f"negation: source says '{source.text.tokens[theirs[0]].text}' here"
    return None


def _denies(reading: Reading, i: int, inside: list[int]) -> bool:
    """Whether a token is a negator; the "not" of "not only" is one too where the "only" stays without it."""
    return is_negator(reading, i) or (has_negator_form(reading.text.tokens[i]) and i + 1 not in inside)


def _added(parting: Parting, claim: Reading, source: Reading) -> str | None:
    """Something said in addition to the source's words, in words that it has not."""
    new = [i for i in parting.claim if claim.text.tokens[i].content and not is_known(claim.text.tokens[i], source)]
    dropped = sum(source.text.tokens[j].content for j in parting.source) if parting.inner else 0
    at_end = bool(parting.claim) and not any(claim.keys[parting.claim[-1] + 1 :])
    if len(new) < (_ADDED_AT_END if at_end else _ADDED) or dropped >= len(new):
        return None
    return f"statement not in source: '{claim.text.words(new[0], new[-1] + 1)}'"


def _hedged(parting: Parting, claim: Reading, source: Reading) -> str | None:
    """A "may" or "possibly" of the source left out, and nothing in the claim that says as much."""
    tokens = source.text.tokens
    hedges = [j for j in parting.source if tokens[j].low in _HEDGES]
    dropped = sum(tokens[j].content for j in parting.source)
    if not hedges or not parting.inner or len(parting.source) > _GAP or dropped > 1:
        return None
    if any(t.low in _HEDGES or t.base in _DOUBTING for t in claim.text.tokens):
        return None
    return f"certainty: source says '{tokens[hedges[0]].text}' here"


def _antonyms(parting: Parting, claim: Reading, source: Reading) -> list[tuple[int, int]]:
    return [
        (i, j)
        for i in parting.claim
        for j in parting.source
        if claim.keys[i] in CONTRASTS.get(source.keys[j], ()) or _prefixed(claim.keys[i], source.keys[j])
    ]


def _prefixed(a: str, b: str) -> bool:
    """Whether one word is the other with "un-", "in-" or another such prefix."""
    long, short = (a, b) if len(a) > len(b) else (b, a)
    return (
        len(short) >= 4
        and long.endswith(short)
        and long[: -len(short)] in ("un", "in", "im", "ir", "il", "dis", "non", "mis", "ab", "a")
    )


def _opposed(parting: Parting, claim: Reading, source: Reading) -> str | None:
    """A word in whose place the source has its opposite."""
    odd = any(is_negator(claim, i) for i in parting.claim) != any(is_negator(source, j) for j in parting.source)
    pairs = [] if odd else _antonyms(parting, claim, source)
    for i, j in pairs:
        if not any(claim.keys[i] == source.keys[k] for k in parting.source):
            return f"opposite: source says '{source.text.tokens[j].text}', not '{claim.text.tokens[i].text}'"
    return None
