"""Who did it to whom: two names that a sentence exchanges around a verb."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer.guards.align import Reading
from assistant.answer.guards.dates import Date
from assistant.answer.guards.names import Name, names
from assistant.answer.guards.nations import nation
from assistant.answer.guards.numerals import Figure
from assistant.answer.guards.order import MUTUAL
from assistant.answer.guards.text import Token

_BE = frozenset("am is are was were be been being got gets".split())
_INSIDE = frozenset("in at within from inside".split())
_IRREGULAR = frozenset("made built held led won sold told found sent bought brought taught caught sung begun".split())
_SPAN = 9  # tokens between a name and its verb, at most


@dataclass(frozen=True, slots=True)
class _Deed:
    verb: str
    doer: frozenset[str]
    done_to: frozenset[str]


def check_roles(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim has two names, or two values around the same words, the other way round than its source."""
    said = _deeds(claim)
    known = _deeds(source) if said else []
    for deed in said:
        same = [k for k in known if k.verb == deed.verb]
        if any(k.doer & deed.doer and k.done_to & deed.done_to for k in same):
            continue
        if any(k.doer & deed.done_to and k.done_to & deed.doer for k in same):
            return [f"roles exchanged: in the source {_named(deed.done_to)} does it to {_named(deed.doer)}"]
    ours, theirs = _around_words(claim), _around_words(source)
    for a, words, b in sorted(ours):
        if (b, words, a) in theirs and (a, words, b) not in theirs:
            return [f"exchanged: the source has {b} before {a}"]
    return _reordered(claim, source) or _by_another(claim, source) or _is_another(claim, source)


def _is_another(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim says that a name is what the source has in it: "X is a town" for "towns in X"."""
    tokens, theirs = claim.text.tokens, source.text.tokens
    for name in names(claim):
        i = name.end
        if i + 2 >= len(tokens) or tokens[i].low not in ("is", "was") or tokens[i + 1].low not in ("a", "an", "the"):
            continue
        noun = tokens[i + 2].base
        places = [j for j, t in enumerate(theirs) if t.base == noun]
        named = [k for k in names(source) if k.keys & name.keys]
        if places and named and all(_holds(j, named, source) for j in places):
            return [f"roles: the source does not say '{claim.text.words(name.start, i + 3)}'"]
    return []


def _holds(noun: int, named: list[Name], source: Reading) -> bool:
    """Whether right behind a noun stands a name that it is in: "committees in the Scottish Parliament"."""
    after = [t.low for t in source.text.tokens[noun + 1 : noun + 3]]
    start = noun + 2 + (after[1:] == ["the"])
    return bool(after) and after[0] in _INSIDE and any(k.start == start for k in named)


def _by_another(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim says by whom something was done, where the source has the deed and the name, but apart."""
    tokens, theirs = claim.text.tokens, source.text.tokens
    known = names(source)
    for name in names(claim):
        i = name.start - 1
        if i < 1 or tokens[i].low != "by" or not _is_participle(tokens[i - 1]):
            continue
        deed = tokens[i - 1].base
        places = [j for j, t in enumerate(theirs) if t.base == deed]
        named = [k for k in known if k.keys & name.keys]
        if places and named and not any(_does(k, j, known, source) for k in named for j in places):
            return [f"roles: the source does not say '{claim.text.words(i - 1, name.end)}'"]
    return []


def _is_participle(token: Token) -> bool:
    return token.content and (token.low.endswith(("ed", "en", "wn")) or token.low in _IRREGULAR)


def _does(name: Name, verb: int, known: tuple[Name, ...], source: Reading) -> bool:
    """Whether a name may do what the verb at a token says: before it with no other name between, or after "by"."""
    tokens = source.text.tokens
    if tokens[name.start].sentence != tokens[verb].sentence:
        return False
    low, high = sorted((name.start, verb))
    if name.start > verb:
        return any(t.low in ("by", "of") for t in tokens[low:high])
    return not any(name.end <= other.start < verb for other in known)


_LISTING = frozenset({"and", "or", "to", "&", "", "between", "both"})


def _around_words(reading: Reading) -> set[tuple[str, tuple[str, ...], str]]:
    """Each two neighbouring values with the words between them, lists left out, whose order says nothing."""
    keys, tokens = reading.keys, reading.text.tokens
    values: list[Date | Figure] = [*reading.dates, *reading.figures]
    spans = sorted([*_capitals(reading), *((v.start, v.end) for v in values)])
    found = set()
    for (start, end), (start_b, end_b) in zip(spans, spans[1:], strict=False):
        words = tuple(k for k in keys[end:start_b] if k)
        near = 0 < len(words) <= _SPAN and tokens[start].sentence == tokens[start_b].sentence
        if near and not all(w in _LISTING for w in words):
            found.add((_value(reading, start, end), words, _value(reading, start_b, end_b)))
    return found


def _reordered(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim is a source sentence whose small words keep their order while its names or values do not."""
    ours = _split(claim, range(len(claim.keys)))
    if not ours.words or len(ours.values) < 2:
        return []
    wanted = Counter(key for key, _ in ours.values)
    for sentence in {t.sentence for t in source.text.tokens}:
        theirs = _split(source, [j for j, t in enumerate(source.text.tokens) if t.sentence == sentence])
        known = Counter(key for key, _ in theirs.values)
        other_voice = ("by" in ours.words) != ("by" in theirs.words)
        if wanted - known or other_voice or not _in_order(ours.words, theirs.words):
            continue
        if _in_order([key for key, _ in ours.values], [key for key, _ in theirs.values]):
            return []
        pair = _first_inversion(ours.values, theirs.values)
        if pair and not _only_listing(claim, *pair):
            words = [claim.text.tokens[i].text for i in pair]
            return [f"exchanged: the source does not have {words[0]} and {words[1]} in this order"]
    return []


@dataclass(frozen=True, slots=True)
class _Split:
    words: list[str]
    values: list[tuple[str, int]]  # with their tokens


def _split(reading: Reading, tokens: Iterable[int]) -> _Split:
    """The keys of small words and those of names, figures and dates, each in order."""
    split = _Split([], [])
    for i in tokens:
        key, token = reading.keys[i], reading.text.tokens[i]
        if not key:
            continue
        if key[0] in "#@" or (token.text[0].isupper() and token.content):
            split.values.append((key, i))
        else:
            split.words.append(key)
    return split


def _in_order(ours: list[str], theirs: list[str]) -> bool:
    """Whether one list is what remains of the other when some of it is left out."""
    rest = iter(theirs)
    return all(key in rest for key in ours)


def _first_inversion(ours: list[tuple[str, int]], theirs: list[tuple[str, int]]) -> tuple[int, int] | None:
    """The tokens of the first two neighbouring values of a claim that its source has the other way round."""
    free = defaultdict(list)
    for position, (key, _) in enumerate(theirs):
        free[key].append(position)
    places = [(free[key].pop(0), i) for key, i in ours]
    return next(((i, k) for (a, i), (b, k) in zip(places, places[1:], strict=False) if a > b), None)


def _only_listing(claim: Reading, i: int, k: int) -> bool:
    between = [t for t in claim.text.tokens[i + 1 : k] if t.kind != "stop" and t.text not in ("-", "/")]
    return k > i + 1 and all(t.low in _LISTING for t in between)


def _capitals(reading: Reading) -> list[tuple[int, int]]:
    """The runs of words with capitals."""
    runs: list[tuple[int, int]] = []
    for i, token in enumerate(reading.text.tokens):
        if token.kind == "word" and token.text[0].isupper() and token.content and reading.keys[i]:
            if runs and runs[-1][1] == i:
                runs[-1] = (runs[-1][0], i + 1)
            else:
                runs.append((i, i + 1))
    return runs


def _value(reading: Reading, start: int, end: int) -> str:
    return " ".join(k for k in reading.keys[start:end] if k)


def _named(keys: frozenset[str]) -> str:
    return " ".join(sorted(keys)).title()


def _deeds(reading: Reading) -> list[_Deed]:
    """For each word between two names what may have been done by the one to the other."""
    tokens = reading.text.tokens
    found = names(reading)
    deeds = []
    for left, right in zip(found, found[1:], strict=False):
        between = tokens[left.end : right.start]
        if not between or len(between) > _SPAN or tokens[left.start].sentence != tokens[right.start].sentence:
            continue
        if any(t.text in ",;:()" for t in between) or any(t.low in ("and", "or", "&") for t in between):
            continue
        passive = any(t.low in _BE for t in between) and any(t.low == "by" for t in between)
        a, b = _keys(left), _keys(right)
        if a & b:
            continue
        for token in between:
            if token.kind == "word" and token.content and token.base not in MUTUAL:
                deeds.append(_Deed(token.base, b, a) if passive else _Deed(token.base, a, b))
    return deeds


def _keys(name: Name) -> frozenset[str]:
    return frozenset(nation(key) or key for key in name.keys)
