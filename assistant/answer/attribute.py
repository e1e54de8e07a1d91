"""Which of the shown sources a sentence may rest on, where the chat model does not say, or says wrongly.

Nothing is decided here: what is proposed is judged like the model's own citations, and stands only if the sentence is
then verified. So a sentence is never tied to a source that does not support it.
"""

from collections.abc import Iterator, Sequence

from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.coverage import known_words, meaning

# Share of the sentence's words of meaning that a source must have to be proposed: with fewer it would take a
# paraphrase that no rule can check, and who picks the source by its words must not be content with few.
LEAST = 0.5
MOST = 3  # sources proposed alone; each costs a verdict


def ties(sentence: str, sources: Sequence[str], cited: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Sources that a sentence may rest on, likeliest first: one alone, then two of which each has words of its own.

    Args:
        sentence: what was written, without markers.
        sources: what was shown; their numbers count from 1.
        cited: the numbers that the model gave, which are not proposed once more.
    """
    claim = reading([sentence])
    said = meaning(claim)
    if not sources or not any(token.kind == "word" for token in said):
        return
    known = {n: _shared(claim, reading([source])) for n, source in enumerate(sources, start=1)}
    near = sorted((n for n in known if len(known[n]) >= LEAST * len(said)), key=lambda n: (-len(known[n]), n))
    given = tuple(cited)
    yield from ((n,) for n in near[:MOST] if (n,) != given)
    for first in dict.fromkeys((given, *((n,) for n in near[:1]))):
        has = frozenset[int]().union(*(known[n] for n in first))
        second = max(known, key=lambda n: (len(known[n] - has), -n))
        both = tuple(sorted({*first, second}))
        if first and len(known[second] - has) > 0 and len(has | known[second]) >= LEAST * len(said) and both != given:
            yield both


def _shared(claim: Reading, source: Reading) -> frozenset[int]:
    """Where the words of meaning begin that a source has; figures count only where it has the same."""
    other = {t.start for t in meaning(claim) if t.kind == "number" and t.base not in source.bases}
    return known_words(claim, source) - other
