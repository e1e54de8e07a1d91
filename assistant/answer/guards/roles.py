"""Who did it to whom: two names that a sentence exchanges around a verb."""

from dataclasses import dataclass

from assistant.answer.guards.align import Reading
from assistant.answer.guards.names import Name, names
from assistant.answer.guards.nations import nation

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
    """Whether a claim has two names the other way round than its source has."""
    said = _deeds(claim)
    if not said:
        return []
    known = _deeds(source)
    for deed in said:
        same = [k for k in known if k.verb == deed.verb]
        if any(k.doer & deed.doer and k.done_to & deed.done_to for k in same):
            continue
        if any(k.doer & deed.done_to and k.done_to & deed.doer for k in same):
            return [f"roles exchanged: in the source {_named(deed.done_to)} does it to {_named(deed.doer)}"]
    return []


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
