"""Whether two places in two texts are the same place: how alike the words around them are.

A value that a sentence shares with its source proves little; the source must have it where the sentence has
it. Places are compared by the words left and right of them, nearest first, and by how much of the whole
sentence the source's sentence has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, Protocol, TypeVar

from assistant.answer.guards.dates import Date, dates
from assistant.answer.guards.numbers import figures
from assistant.answer.guards.numerals import Figure
from assistant.answer.guards.text import Text, read

# Left out of initials: the WHO is the World Health Organization, the MOD the Ministry of Defence.
JOINING = frozenset("of de la le du von van der den del di da al el bin ibn the and for & -".split())
REACH = 6  # words looked at on each side
_DECAY = 0.82  # weight of a word, per word of distance
_FUNCTION_WEIGHT = 0.3  # of "the" and "of", where a noun or a verb has 1
_OTHER_SIDE = 0.45  # of a word that stands on the other side: "A beat B" and "B beat A" are not alike
_SENTENCE = 0.3  # share of the likeness that the whole sentence decides

_DECAYED = [_DECAY**k for k in range(REACH + 1)]
Side = dict[str, tuple[float, int]]  # the words on one side by their keys: weight and distance


class Span(Protocol):
    """Something that stands at tokens `start:end` of a text."""

    @property
    def start(self) -> int:
        """First token."""

    @property
    def end(self) -> int:
        """Token after the last."""


@dataclass(eq=False)
class Reading:
    """A text read, with its dates and figures, and a key for each token that equal values share."""

    text: Text

    def __post_init__(self) -> None:
        self.dates: list[Date] = dates(self.text)
        self.figures: list[Figure] = figures(
            self.text, frozenset(i for d in self.dates for i in range(d.start, d.end))
        )
        self._around: dict[tuple[int, int], tuple[Side, Side]] = {}

    @cached_property
    def keys(self) -> list[str]:
        """For each token the base form that it is compared by; a figure's or date's first token has its value."""
        keys = [token.base if token.kind in ("word", "number") else "" for token in self.text.tokens]
        values: list[Date | Figure] = [*self.dates, *self.figures]
        for item in values:
            keys[item.start : item.end] = [item.key] + [""] * (item.end - item.start - 1)
        return keys

    @cached_property
    def content(self) -> list[frozenset[str]]:
        """For each sentence (numbered as in the tokens) the keys of its content words."""
        sets: list[set[str]] = [set() for _ in range((self.text.tokens[-1].sentence if self.text.tokens else 0) + 1)]
        for token, key in zip(self.text.tokens, self.keys, strict=True):
            if token.content and key:
                sets[token.sentence].add(key)
        return [frozenset(s) for s in sets]

    @cached_property
    def all_keys(self) -> frozenset[str]:
        """The keys of all tokens."""
        return frozenset(self.keys) - {""}

    @cached_property
    def bases(self) -> frozenset[str]:
        """The base forms of all words."""
        return frozenset(token.base for token in self.text.tokens)

    @cached_property
    def roots(self) -> frozenset[str]:
        """The first five letters of all words that are long enough."""
        return frozenset(token.low[:5] for token in self.text.tokens if len(token.low) >= 5)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """The abbreviations in capitals, in lower case and without the "s" of a plural."""
        return frozenset(
            t.text.removesuffix("s").lower()
            for t in self.text.tokens
            if t.kind == "word" and 1 < len(t.text) <= 6 and t.text.removesuffix("s").isupper() and len(t.text) > 1
        )

    @cached_property
    def initials(self) -> frozenset[str]:
        """The initials of all runs of two to six words, with and without small words such as "of"."""
        words = [t.low for t in self.text.tokens if t.kind == "word"]
        found: set[str] = set()
        for chosen in (words, [w for w in words if w not in JOINING]):
            letters = "".join(word[0] for word in chosen)
            for n in range(2, 7):
                found.update(letters[k : k + n] for k in range(len(letters) - n + 1))
        return frozenset(found)

    def around(self, start: int, end: int) -> tuple[Side, Side]:
        """The words left and right of a span within its sentence, nearest first."""
        found = self._around.get((start, end))
        if found is None:
            found = (self._side(start, range(start - 1, -1, -1)), self._side(start, range(end, len(self.keys))))
            self._around[start, end] = found
        return found

    def _side(self, start: int, order: range) -> Side:
        tokens, keys = self.text.tokens, self.keys
        side: Side = {}
        sentence, distance = tokens[start].sentence, 0
        for i in order:
            token, key = tokens[i], keys[i]
            if token.sentence != sentence or distance == REACH:
                break
            if key:
                side.setdefault(key, ((1.0 if token.content else _FUNCTION_WEIGHT) * _DECAYED[distance], distance))
                distance += 1
        return side


def reading(texts: Sequence[str]) -> Reading:
    """Read texts as one."""
    return _reading(tuple(texts))


@lru_cache(maxsize=64)  # the sources of one answer are read again for each of its sentences
def _reading(texts: tuple[str, ...]) -> Reading:
    return Reading(read(texts))


def likeness(claim: Reading, a: Span, source: Reading, b: Span) -> float:
    """How alike the words around span `a` of a claim and span `b` of a source are, from 0 to 1 (the same)."""
    left_a, right_a = claim.around(a.start, a.end)
    left_b, right_b = source.around(b.start, b.end)
    shared = claim.content[claim.text.tokens[a.start].sentence]
    overlap = len(shared & source.content[source.text.tokens[b.start].sentence]) / len(shared) if shared else 0.0
    total = score = 0.0
    for ours, same, other in ((left_a, left_b, right_b), (right_a, right_b, left_b)):
        for key, (weight, distance) in ours.items():
            total += weight
            if key in same:
                decayed = _DECAYED[abs(distance - same[key][1])]
                score += weight * (_OTHER_SIDE if decayed < _OTHER_SIDE and key in other else decayed)
            elif key in other:
                score += weight * _OTHER_SIDE
    return (1 - _SENTENCE) * score / total + _SENTENCE * overlap if total else overlap


S = TypeVar("S", bound=Span)


@dataclass(frozen=True, slots=True)
class Place(Generic[S]):
    """Where a value of a claim stands in the source: the likest places with that value and with another."""

    item: S
    same: S | None
    same_likeness: float
    other: S | None
    other_likeness: float


def placed(
    claim: Reading,
    said: Sequence[S],
    source: Reading,
    known: Sequence[S],
    equal: Callable[[S, S], bool],
    comparable: Callable[[S, S], bool],
) -> list[Place[S]]:
    """Find for each value said in a claim its place in the source.

    A place whose own value is said by another part of the claim, in words at least as like it, is that
    part's: it is no other place for this one.
    """
    same = [[equal(c, s) for s in known] for c in said]
    like = [
        [
            likeness(claim, c, source, s) if equals or comparable(c, s) else -1.0
            for s, equals in zip(known, row, strict=True)
        ]
        for c, row in zip(said, same, strict=True)
    ]
    found = []
    for i, c in enumerate(said):
        best: list[tuple[S | None, float]] = [(None, 0.0), (None, 0.0)]
        for j, s in enumerate(known):
            kind = 0 if same[i][j] else 1
            if like[i][j] < 0:
                continue  # no place for such a value
            if kind and any(same[k][j] and like[k][j] >= like[i][j] for k in range(len(said)) if k != i):
                continue
            if best[kind][0] is None or like[i][j] > best[kind][1]:
                best[kind] = (s, like[i][j])
        found.append(Place(c, best[0][0], best[0][1], best[1][0], best[1][1]))
    return found
