"""How much of what a sentence says its source speaks of at all."""

from functools import lru_cache

from assistant.answer.guards.align import JOINING, Reading
from assistant.answer.guards.lexicon import ALIKE
from assistant.answer.guards.nations import nation
from assistant.answer.guards.synonyms import SYNONYMS
from assistant.answer.guards.text import Token

# Chosen on the development half of the benchmark (eval/bench/verifier.py).
LEAST = 0.2  # share of the content words that the source must have, where no cross-encoder is asked
CLOSE = 0.7  # share from which a claim is close to its source, and small changes count
NEW_RUN = 6  # words in a row that the source has none of: a statement of its own
_HANGING = frozenset("which who where and but".split())
_BE = frozenset("is are was were".split())
PART = 6  # letters that a word must have to be the end of another one
ROOT = 5  # letters that two words of one root have in common, at least


def check_coverage(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim says something that its source says nothing of."""
    tokens = meaning(claim)
    known = known_words(claim, source)
    new = [token.text for token in tokens if token.start not in known]
    if tokens and len(tokens) - len(new) < LEAST * len(tokens):
        return [f"statement not in source: nothing there of {', '.join(new[:4])}"]
    return check_additions(claim, source)


def check_additions(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim has a part, however well it does otherwise, that its source says nothing of."""
    run: list[Token] = []
    known = known_words(claim, source)
    for token in meaning(claim):
        run = [] if token.start in known else [*run, token]
        if len(run) == NEW_RUN:
            return [f"statement not in source: '{claim.text.folded[run[0].start : run[-1].end]}'"]
    return _hung_on(claim, known)


def _hung_on(claim: Reading, known: frozenset[int]) -> list[str]:
    """The problem of a last clause, ", which is based on …", whose new words the source all lacks.

    In ", and the role is …" it is enough that the source lacks what the clause is about.
    """
    tokens = claim.text.tokens
    starts = [i for i, t in enumerate(tokens) if i and t.low in _HANGING and tokens[i - 1].text == ","]
    clause = tokens[starts[-1] :] if starts else ()
    if not any(t.low in _BE for t in clause):
        return []
    before = {t.base for t in tokens[: starts[-1]]}
    new = [t for t in clause if t.content and t.kind == "word" and t.base not in before]
    if clause[0].low == "and":
        verb = next(k for k, t in enumerate(clause) if t.low in _BE)
        about = [t for t in clause[:verb] if t.content]
        new = about if about and not any(t.base in before for t in about) else new
    if not new or any(t.start in known for t in new):
        return []
    return [f"statement not in source: '{claim.text.words(starts[-1], len(tokens)).rstrip(' .')}'"]


def covered(claim: Reading, source: Reading) -> float:
    """Share of a claim's content words that the source has, in another form or by a word of like meaning."""
    tokens = meaning(claim)
    return len(known_words(claim, source)) / len(tokens) if tokens else 1.0


@lru_cache(maxsize=64)  # several guards ask it of the same two texts
def known_words(claim: Reading, source: Reading) -> frozenset[int]:
    """Where the words of meaning begin that a source has, in another form or by a word of like meaning."""
    spelt = _spelt_out(claim, source)
    return frozenset(t.start for t in meaning(claim) if t.start in spelt or is_known(t, source))


def meaning(claim: Reading) -> list[Token]:
    """The words and figures that carry meaning."""
    return [t for t in claim.text.tokens if t.content and t.kind in ("word", "number")]


def _spelt_out(claim: Reading, source: Reading) -> frozenset[int]:
    """Where the words begin that a claim writes out where its source abbreviates: "open access" for OA."""
    words = [t for t in claim.text.tokens if t.kind == "word" and t.low not in JOINING]
    letters = "".join(t.low[0] for t in words)
    found: set[int] = set()
    for acronym in source.acronyms:
        at = letters.find(acronym)
        while at >= 0:
            found.update(t.start for t in words[at : at + len(acronym)])
            at = letters.find(acronym, at + 1)
    return frozenset(found)


def is_known(token: Token, source: Reading) -> bool:
    """Whether the source has a word, in another form or by one of like meaning; figures are judged elsewhere."""
    if token.base in source.bases or token.low[0].isdigit():
        return True
    if any(word in source.bases for table in (ALIKE, SYNONYMS) for word in table.get(token.base, ())):
        return True
    if token.low in source.initials or _is_part(token, source):
        return True
    if len(token.low) >= ROOT and token.low[:ROOT] in source.roots:
        return True
    home = nation(token.low)
    return home is not None and home in {nation(t.low) for t in source.text.tokens}


def _is_part(token: Token, source: Reading) -> bool:
    """Whether a word ends with a word of the source, or one of its words with it: hypertension, antihypertensive."""
    if token.text.removesuffix("s").isupper():
        low = token.low.removesuffix("s")
        return low in source.initials or any(len(a) > 2 and low.endswith(a) for a in source.acronyms)
    word = token.base
    return len(word) >= PART and any(b.endswith(word) or len(b) >= PART and word.endswith(b) for b in source.bases)
