"""What a text speaks of: its words that carry meaning, its names, and what its figures count."""

from functools import lru_cache

from assistant.answer.guards.align import Reading, Span, reading
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.names import Name, names
from assistant.answer.guards.nations import nation
from assistant.answer.periods import REPORTS

_GENERIC = bases(
    """amount figure value number total whole full entire period year month quarter half volume level come stand reach
    put indicator measure item annual report accord source first second third fourth thousand million billion
    trillion percent actual current currently forecast projection expect expectation predict prediction anticipate"""
)
_ATTRIBUTED_BEFORE = frozenset("by to".split())  # reported by Reuters, according to Reuters


@lru_cache(maxsize=256)  # titles and passages come again and again
def words_of(text: str) -> frozenset[str]:
    """The keys of the words of a text that say what it is about; one for all names of a country."""
    return subject(reading([text]))


def keys_of(read: Reading) -> list[str]:
    """For each token the key that it is compared by: one for all the names of a place."""
    tokens = read.text.tokens
    keys = [nation(token.low) or token.base for token in tokens]
    for i, (a, b) in enumerate(zip(tokens, tokens[1:], strict=False)):
        if place := nation(f"{a.low}_{b.low}"):
            keys[i : i + 2] = [place, place]
    return keys


def subject(read: Reading, without: Span | None = None) -> frozenset[str]:
    """The keys of the words that a text says something of: no value, no word of every subject, none of a span."""
    spans: list[Span] = [*read.dates, *read.figures, *([without] if without else [])]
    taken = {i for span in spans for i in range(span.start, span.end)}
    return frozenset(
        key
        for i, (token, key) in enumerate(zip(read.text.tokens, keys_of(read), strict=True))
        if i not in taken and token.kind == "word" and token.content and token.base not in _GENERIC
    )


def names_in(read: Reading, without: Span | None = None) -> list[Name]:
    """The names in a text that are surely names, but for those of who reports it and one at a span."""
    tokens = read.text.tokens
    found: list[Name] = []
    for name in names(read):
        before = tokens[name.start - 1].low if name.start else ""
        after = {token.base for token in tokens[name.end : name.end + 2]}
        apart = without is None or name.end <= without.start or name.start >= without.end
        if name.sure and apart and before not in _ATTRIBUTED_BEFORE and not after & REPORTS:
            found.append(name)
    return found


def named(read: Reading, without: Span | None = None) -> frozenset[str]:
    """The keys of the words of the names in a text, as `names_in` gives them."""
    tokens, keys = read.text.tokens, keys_of(read)
    return (
        frozenset(
            keys[i]
            for name in names_in(read, without)
            for i in range(name.start, name.end)
            if tokens[i].low in name.keys
        )
        - _GENERIC
    )


def counted_from(read: Reading, end: int) -> frozenset[str]:
    """The words right after a figure, up to the first plural or the first that carries no meaning."""
    nouns: set[str] = set()
    for token, key in list(zip(read.text.tokens, keys_of(read), strict=True))[end : end + 4]:
        if token.text == "-" or (token.low == "of" and not nouns):
            continue
        if token.kind != "word" or not token.content:
            break
        nouns.add(key)
        if is_plural(token.low):
            break
    return frozenset(nouns)


def is_plural(word: str) -> bool:
    """Whether a word, in lower case, looks like a plural."""
    return word.endswith("s") or word in ("people", "men", "women", "children")
