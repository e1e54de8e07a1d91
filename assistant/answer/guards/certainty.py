"""What the source only says is thought, said or alleged."""

from assistant.answer.guards.align import Reading
from assistant.answer.guards.lemma import bases

# "Thought to represent": what follows is somebody's opinion. "May" and "can" are left to a claim that is nearly the
# source's words: people who sum up leave them out.
_HELD = frozenset(
    """thought believed assumed presumed suspected supposed alleged rumoured rumored speculated hypothesized
    hypothesised""".split()
)
_TOLD = frozenset("said reported claimed considered".split())  # "is said to live", not "said to the crowd"
_ADVERBS = frozenset("allegedly putatively supposedly reportedly purportedly ostensibly presumably".split())
_BE = frozenset("is are was were be been being".split())
_HAVE = frozenset("have has had".split())
_NOUN_FOLLOWS = frozenset("the a an this that these those his her its their our my your him them it us me".split())
_MAY_STAND_BETWEEN = _BE | _HAVE | frozenset("also originally widely generally often".split())
_DOUBT = bases(
    "may might could can would possibly possible perhaps probably likely potentially apparently seem appear suggest"
    " claim allege regard view propose speculate theory theorize hypothesis opinion "
    + " ".join(sorted(_HELD | _TOLD))
)
_REACH = 4  # tokens from the hedge to the word that it is about


def check_certainty(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim states outright what its source says is thought, said or alleged."""
    if any(t.low in _ADVERBS or t.base in _DOUBT for t in claim.text.tokens):
        return []
    held = _held(source)
    outright = {t.base for j, t in enumerate(source.text.tokens) if t.content and j not in held}
    by_base = {source.text.tokens[j].base: hedge for j, hedge in held.items()}
    for token in claim.text.tokens:
        if token.content and token.base in by_base and token.base not in outright:
            return [f"certainty: source says '{by_base[token.base]}' of '{token.text}'"]
    return []


def _held(source: Reading) -> dict[int, str]:
    """The words of a source that it says are somebody's opinion, each by its token, with what says so."""
    tokens = source.text.tokens
    held: dict[int, str] = {}
    for i, token in enumerate(tokens):
        start = i + 1 if token.low in _ADVERBS else i + 2 if _of_opinion(source, i) else None
        about = None if start is None else _about(source, start)
        if about is not None:
            held[about] = token.text
    return held


def _of_opinion(source: Reading, i: int) -> bool:
    """Whether a token and the "to" after it say that a statement is somebody's."""
    lows = [t.low for t in source.text.tokens[i : i + 3]]
    if len(lows) < 3 or lows[1] != "to" or lows[2] in _NOUN_FOLLOWS:
        return False
    before = {t.low for t in source.text.tokens[max(0, i - 2) : i]}
    return lows[0] in _HELD or (lows[0] in _TOLD and bool(before & _BE or lows[2] in _BE | _HAVE))


def _about(source: Reading, start: int) -> int | None:
    """The first word from a token on that carries meaning, in the same clause."""
    tokens = source.text.tokens
    for j in range(start, min(start + _REACH, len(tokens))):
        if tokens[j].sentence != tokens[start - 1].sentence or tokens[j].text in ",;:.()":
            return None
        if tokens[j].content and tokens[j].low not in _MAY_STAND_BETWEEN:
            return j
    return None
