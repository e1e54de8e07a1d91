"""Sentences of which one denies what the other says: "is open" and "is not open", "is allowed" and "is forbidden"."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.answer.disagreements.subjects import keys_of, named, subject
from assistant.answer.extract import ScoredSentence
from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.lexicon import ALIKE, CONTRASTS
from assistant.answer.guards.negation import denied, under_negation
from assistant.answer.periods import period_of

_LONGEST = 600  # characters of a sentence that is compared
# Words in common, apart from the ones that are opposed, and their share of each sentence's.
_SHARED, _SHARE = 2, 0.6
_SINGLE = 1  # words in common that are enough where nothing else is said in either sentence


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, read once."""

    source: ScoredSentence
    words: str
    read: Reading
    keys: list[str]
    subject: frozenset[str]


def read_for_denial(source: ScoredSentence) -> Said | None:
    """A sentence to compare with others; None for a row, and for one that is too long to be one statement."""
    words = " ".join(source.sentence.words.split())
    if source.sentence.kind == "row" or len(words) > _LONGEST:
        return None
    read = reading([words])
    return Said(source, words, read, keys_of(read), subject(read))


def opposed(a: Said, b: Said, asked: Set[str]) -> tuple[str, str] | None:
    """The words by which two sentences contradict each other, as each has them; None where they do not.

    Both must have the words of the question that either has, and say nothing else that tells them apart.
    """
    found = _denied_by(a, b) or _denied_by(b, a, turned=True) or _contrasted(a, b)
    if not found:
        return None
    word, values = found
    rest_a, rest_b = a.subject - {word}, b.subject - {word} - CONTRASTS.get(word, frozenset())
    shared = len(rest_a & rest_b)
    alike = shared >= _SHARED and shared >= _SHARE * max(len(rest_a), len(rest_b))
    if not (alike or (rest_a == rest_b and shared >= _SINGLE)) or _told_apart(a, b, rest_a, rest_b):
        return None
    return values if (rest_a ^ rest_b) & asked == frozenset() else None


def _denied_by(a: Said, b: Said, turned: bool = False) -> tuple[str, tuple[str, str]] | None:
    """The word that the first sentence denies and the second says; `turned` gives the second's words first."""
    heads = {b.keys[d.start] for d in denied(b.read)}
    for d in denied(a.read):
        key = a.keys[d.start]
        if key in heads:
            return None  # both deny it
        for i, other in enumerate(b.keys):
            if other == key and not under_negation(b.read, i):
                pair = a.read.text.words(d.cue, d.end), b.read.text.words(i, i + 1)
                return (key, pair[::-1] if turned else pair) if pair[0] in a.words and pair[1] in b.words else None
    return None


def _contrasted(a: Said, b: Said) -> tuple[str, tuple[str, str]] | None:
    """The one word of each sentence that contradicts the other's, where neither sentence denies anything."""
    if denied(a.read) or denied(b.read):
        return None
    only_a, only_b = a.subject - b.subject, b.subject - a.subject
    pairs = [(x, y) for x in only_a for y in CONTRASTS.get(x, frozenset()) & only_b]
    if len(pairs) != 1:
        return None
    x, y = pairs[0]
    value_a, value_b = _word(a, x), _word(b, y)
    return (x, (value_a, value_b)) if value_a in a.words and value_b in b.words else None


def _word(said: Said, key: str) -> str:
    token = said.read.text.tokens[said.keys.index(key)]
    return said.read.text.folded[token.start : token.end]


def _told_apart(a: Said, b: Said, rest_a: Set[str], rest_b: Set[str]) -> bool:
    """Whether other names, figures, periods or another contrast tell two sentences apart."""
    only_a, only_b = rest_a - rest_b, rest_b - rest_a
    if any(CONTRASTS.get(word, frozenset()) & only_b - ALIKE.get(word, frozenset()) for word in only_a):
        return True
    if (named(a.read) - rest_b) or (named(b.read) - rest_a):
        return True
    values_a, values_b = ({d.key for d in s.read.dates} | {f.key for f in s.read.figures} for s in (a, b))
    return bool(values_a ^ values_b) or period_of(a.read, 0, "", "") != period_of(b.read, 0, "", "")


def contradictions(
    near: Sequence[ScoredSentence], asked: Set[str]
) -> tuple[tuple[ScoredSentence, str], tuple[ScoredSentence, str]] | None:
    """The best sentence that another document's contradicts, and that one, each with the words that do."""
    said = [s for source in near if (s := read_for_denial(source))]
    for i, a in enumerate(said):
        for b in said[i + 1 :]:
            if a.source.passage.document != b.source.passage.document and (values := opposed(a, b, asked)):
                return (a.source, values[0]), (b.source, values[1])
    return None
