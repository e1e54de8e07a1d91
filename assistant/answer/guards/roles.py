"""Who did it to whom: two names that a sentence exchanges around a verb."""

from dataclasses import dataclass

from assistant.answer.guards.align import Reading
from assistant.answer.guards.dates import Date
from assistant.answer.guards.names import Name, names
from assistant.answer.guards.nations import nation
from assistant.answer.guards.numbers import Figure

_BE = frozenset("am is are was were be been being got gets".split())
_SPAN = 9  # tokens between a name and its verb, at most
# Verbs whose two sides mean the same: A met B, B met A.
_MUTUAL = frozenset("meet marri match equal resembl border join accompani face face play fight cooper agre call includ".split())


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
    return [
        f"exchanged: the source has {b} before {a}"
        for a, words, b in sorted(ours)
        if (b, words, a) in theirs and (a, words, b) not in theirs
    ][:1]


_LISTING = frozenset({"and", "or", "to", "&", "", "between", "both"})


def _around_words(reading: Reading) -> set[tuple[str, tuple[str, ...], str]]:
    """Each two neighbouring values with the words between them, lists left out, whose order says nothing."""
    keys, tokens = reading.keys, reading.text.tokens
    values: list[Name | Date | Figure] = [n for n in names(reading) if n.end - n.start <= 4]
    values += [*reading.dates, *reading.figures]
    values.sort(key=lambda v: v.start)
    found = set()
    for left, right in zip(values, values[1:], strict=False):
        words = tuple(k for k in keys[left.end : right.start] if k)
        near = 0 < len(words) <= _SPAN and tokens[left.start].sentence == tokens[right.start].sentence
        if near and not all(w in _LISTING for w in words):
            found.add((_value(reading, left), words, _value(reading, right)))
    return found


def _value(reading: Reading, value: Name | Date | Figure) -> str:
    return " ".join(k for k in reading.keys[value.start : value.end] if k)


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
            if token.kind == "word" and token.content and token.base not in _MUTUAL:
                deeds.append(_Deed(token.base, b, a) if passive else _Deed(token.base, a, b))
    return deeds


def _keys(name: Name) -> frozenset[str]:
    return frozenset(nation(key) or key for key in name.keys)
