"""How much of what a sentence says its source speaks of at all."""

from assistant.answer.guards.align import Reading
from assistant.answer.guards.lexicon import ALIKE
from assistant.answer.guards.nations import nation

# Chosen on the development half of the benchmark (eval/bench/verifier.py).
LEAST = 0.34  # share of the content words that the source must have
NEW_RUN = 5  # words in a row that the source has none of: a statement of its own
_ROOT = 5  # letters that two words of one root have in common, at least


def check_coverage(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim says something that its source says nothing of."""
    tokens = [t for t in claim.text.tokens if t.content and t.kind in ("word", "number")]
    if not tokens:
        return []
    known = [_known(t.base, t.low, source) for t in tokens]
    share = sum(known) / len(known)
    if share < LEAST:
        new = [t.text for t, k in zip(tokens, known, strict=True) if not k]
        return [f"statement not in source: nothing there of {', '.join(new[:4])}"]
    run = longest = 0
    last = 0
    for i, k in enumerate(known):
        run = 0 if k else run + 1
        if run > longest:
            longest, last = run, i
    if longest >= NEW_RUN:
        words = claim.text.folded[tokens[last - longest + 1].start : tokens[last].end]
        return [f"statement not in source: '{words[:80]}'"]
    return []


def covered(claim: Reading, source: Reading) -> float:
    """Share of a claim's content words that the source has, in another form or by a word of like meaning."""
    tokens = [t for t in claim.text.tokens if t.content and t.kind in ("word", "number")]
    return sum(_known(t.base, t.low, source) for t in tokens) / len(tokens) if tokens else 1.0


def _known(base: str, low: str, source: Reading) -> bool:
    have = source.bases
    if base in have or any(word in have for word in ALIKE.get(base, ())):
        return True
    if base.isdecimal() or base[0].isdigit():
        return True  # judged by `figures`
    if len(low) >= _ROOT and low[:_ROOT] in source.roots:
        return True
    home = nation(low)
    return home is not None and home in {nation(t.low) for t in source.text.tokens}
