"""Words that say the opposite of the source: more for less, before for after, all for some, only for also."""

from functools import lru_cache

from assistant.answer.guards.align import Reading, likeness
from assistant.answer.guards.coverage import CLOSE, covered
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.lexicon import ALIKE, CONTRASTS
from assistant.answer.guards.negation import under_negation
from assistant.answer.guards.order import CONVERSE, crossed

# How like its place in the claim an opposite's place in the source must be, where the source has the claim's own
# word too, and where it has not.
FLOOR, MARGIN, FLOOR_ABSENT = 0.4, 0.15, 0.3
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis", "anti", "de")
_ONLY = frozenset(
    """only sole solely exclusive exclusively just alone single unique uniquely purely merely entirely nothing but
    except unless""".split()
)
_BEFORE = frozenset("before prior previous previously preceding".split())
_NOT_QUITE = frozenset("almost nearly arguably possibly perhaps probably reportedly".split())
_DAMPING = bases("inhibit suppress reduce prevent block impair decrease limit slow hinder stop curb diminish lower")
_SMALL_WORD = 0.65  # and where one of the two is a word like "to", which stands everywhere


class _At:
    __slots__ = ("end", "start")

    def __init__(self, i: int) -> None:
        self.start, self.end = i, i + 1


def check_contrast(claim: Reading, source: Reading) -> list[str]:
    """The words of a claim in whose place the source has their opposite."""
    places: dict[str, list[int]] = {}
    for j, token in enumerate(source.text.tokens):
        if token.kind == "word":
            places.setdefault(token.base, []).append(j)
    there = frozenset(places)
    measured = {i for f in claim.figures if f.unit for i in range(f.start, f.end)}  # judged with their figure
    problems = []
    for i, token in enumerate(claim.text.tokens):
        words = _opposites(token.base, token.low) if token.kind == "word" and i not in measured else frozenset()
        if words.isdisjoint(there) or _is_out_of(claim, i):
            continue
        if problem := _opposed(claim, i, source, sorted(j for word in words & there for j in places[word]), places):
            problems.append(problem)
    return problems[:2] or _only(claim, source) or _ranked(claim, source)


def _opposed(
    claim: Reading, i: int, source: Reading, opposites: list[int], places: dict[str, list[int]]
) -> str | None:
    """The problem of token `i` of a claim if one of its opposites stands in its place in the source."""
    token, tokens = claim.text.tokens[i], source.text.tokens
    opposites = [j for j in opposites if not _is_after(token.low, tokens[j].low)]
    if not opposites:
        return None
    best, other = max((likeness(claim, _At(i), source, _At(j)), -j) for j in opposites)
    opposite = tokens[-other]
    if opposite.base in _DAMPING and any(t.base in _DAMPING for t in claim.text.tokens[max(0, i - 2) : i]):
        return None  # "inhibits growth" is what "reduced growth" says
    own = [j for word in (token.base, *ALIKE.get(token.base, ())) for j in places.get(word, ())]
    floor = FLOOR if own else FLOOR_ABSENT
    if best < max(floor, 0.0 if token.content and opposite.content else _SMALL_WORD):
        return None
    same = max((likeness(claim, _At(i), source, _At(j)) for j in own), default=0.0)
    if best - same < MARGIN or _taken(claim, source, i, -other, best):
        return None
    if {token.low, opposite.low} == CONVERSE and crossed(claim, i, source, -other):
        return None
    if under_negation(claim, i) != under_negation(source, -other):
        return None
    return f"opposite: source says '{opposite.text}', not '{token.text}'"


def _is_after(a: str, b: str) -> bool:
    """Whether one of two words is a "following" that only says "after", and the other speaks of no time."""
    return ("following" in (a, b)) and not {a, b} & _BEFORE


def _is_out_of(reading: Reading, i: int) -> bool:
    """Whether token `i` is the "out" of "two out of three"."""
    tokens = reading.text.tokens
    return tokens[i].low == "out" and i + 1 < len(tokens) and tokens[i + 1].low == "of"


@lru_cache(maxsize=1 << 14)
def _opposites(base: str, low: str) -> frozenset[str]:
    """The words that may be opposites of a word, those by prefix included."""
    found = set(CONTRASTS.get(base, ()))
    for prefix in _PREFIXES:
        if len(base) >= 4:
            found.add(prefix + base)
        if base.startswith(prefix) and len(base) - len(prefix) >= 4:
            found.add(base[len(prefix) :])
    if low.endswith(("less", "ful")):
        stem = low.removesuffix("less").removesuffix("ful")
        found.update(w for w in (stem + "less", stem + "ful") if w != base)
    return frozenset(found)


def _taken(claim: Reading, source: Reading, i: int, j: int, best: float) -> bool:
    """Whether the claim has the source's word too, in a place at least as like."""
    base = source.text.tokens[j].base
    return any(
        t.base == base and k != i and likeness(claim, _At(k), source, _At(j)) >= best
        for k, t in enumerate(claim.text.tokens)
    )


def _only(claim: Reading, source: Reading) -> list[str]:
    """A claim that says "only" where nothing in the source does."""
    if covered(claim, source) < CLOSE:
        return []
    for token in claim.text.tokens:
        if token.low in ("only", "solely", "exclusively") and not any(t.low in _ONLY for t in source.text.tokens):
            before = claim.text.tokens[max(0, claim.text.tokens.index(token) - 1)]
            if before.low not in ("not", "if"):
                return [f"'{token.text}' not in source"]
    return []


def _ranked(claim: Reading, source: Reading) -> list[str]:
    """A claim that says "the largest" where the source says "the second largest" or "one of the largest"."""
    if covered(claim, source) < CLOSE:
        return []
    for i, token in enumerate(claim.text.tokens):
        if not _is_superlative(token.low) or _limit(claim, i):
            continue
        limits = [_limit(source, j) for j, t in enumerate(source.text.tokens) if t.low == token.low]
        if limits and all(limits):
            return [f"source says '{limits[0]} {token.low}', not '{token.low}'"]
    return []


def _is_superlative(word: str) -> bool:
    return word in ("most", "least", "best", "worst") or (len(word) > 5 and word.endswith("est"))


def _limit(reading: Reading, i: int) -> str:
    """What makes a superlative less than the first: "second", "one of the", "among the"; empty where nothing does."""
    tokens = reading.text.tokens
    before = [t.low for t in tokens[max(0, i - 4) : i] if t.sentence == tokens[i].sentence]
    if any(f.ordinal and f.end in (i, i - 1) and f.value != 1 for f in reading.figures):
        return reading.text.words(i - 1 - (tokens[i - 1].text == "-"), i)
    if before and before[-1] in _NOT_QUITE:
        return before[-1]
    of_many = "among" in before or any(pair == ("one", "of") for pair in zip(before, before[1:], strict=False))
    return " ".join(before[-3:]) if of_many else ""
