"""Which of the shown sources a sentence may rest on, where the chat model does not say, or says wrongly.

Nothing is decided here: what is proposed is judged like the model's own citations, and stands only if the sentence is
then verified. So a sentence is never tied to a source that does not support it.
"""

from collections.abc import Iterator, Sequence

from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.coverage import known_words, meaning

# Share of the sentence's words of meaning that a source must have to be proposed. Who picks the source by its words
# must not be content with few: of the development half of eval/bench/verifier.py, 53 of 400 sentences pass beside
# another sentence of their paragraph, and 3 where that has seven tenths of their words. Two sources together are
# never proposed: between them a small model's mixtures find all their words.
LEAST = 0.8
MOST = 3  # sources proposed; each costs a verdict


def ties(sentence: str, sources: Sequence[str], cited: Sequence[int]) -> Iterator[int]:
    """The sources that a sentence may rest on alone, likeliest first.

    Args:
        sentence: what was written, without markers.
        sources: what was shown; their numbers count from 1.
        cited: the numbers that the model gave; one alone is not proposed once more.
    """
    claim = reading([sentence])
    said = meaning(claim)
    if not any(token.kind == "word" for token in said):
        return
    known = {n: _shared(claim, reading([source])) for n, source in enumerate(sources, start=1)}
    for n in sorted(known, key=lambda n: (-len(known[n]), n))[:MOST]:
        if len(known[n]) >= LEAST * len(said) and [n] != [*cited]:
            yield n


def _shared(claim: Reading, source: Reading) -> frozenset[int]:
    """Where the words of meaning begin that a source has; figures count only where it has the same."""
    other = {t.start for t in meaning(claim) if t.kind == "number" and t.base not in source.bases}
    return known_words(claim, source) - other
