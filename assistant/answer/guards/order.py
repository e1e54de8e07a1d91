"""What stands on which side of a verb or of "before": sides that a sentence exchanges, where no name tells."""

from assistant.answer.guards.align import Reading
from assistant.answer.guards.lemma import bases

# Between a verb and what stands beside it only these may be, so that all three belong together.
_ARTICLES = frozenset("the a an this that these those his her its their our my your some".split())
_HELPING = frozenset("has have had will would can could may might must should did do does also".split())
# Verbs whose two sides mean the same: A met B, B met A.
MUTUAL = bases(
    "meet marry match equal resemble border join accompany face play fight cooperate agree call include versus"
)
# Words whose two sides change places with the opposite: A before B, B after A.
CONVERSE = frozenset({"before", "after"})
_DIRECTING = CONVERSE | {"than"}
_REACH = 8  # words of meaning looked at on each side


def check_order(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim has the two sides of a verb, of "before", "after" or "than" the other way round."""
    said = _triples(claim)
    known = _triples(source) if said else set()
    for a, verb, b in sorted(said - known):
        if (b, verb, a) in known:
            return [f"exchanged: the source has '{b}' before '{verb}' and '{a}' after it"]
    for i, token in enumerate(claim.text.tokens):
        if token.low not in _DIRECTING:
            continue
        places = [j for j, t in enumerate(source.text.tokens) if t.low == token.low]
        if places and all(crossed(claim, i, source, j) for j in places):
            return [f"exchanged: the source has the sides of '{token.low}' the other way round"]
    return []


def _triples(reading: Reading) -> set[tuple[str, str, str]]:
    """Three words of meaning that stand together, articles and helping verbs left out: "dogs chase the cats"."""
    tokens, keys = reading.text.tokens, reading.keys
    content = [i for i, t in enumerate(tokens) if t.content and t.kind == "word" and keys[i]]
    found = set()
    for a, verb, b in zip(content, content[1:], content[2:], strict=False):
        before, after = tokens[a + 1 : verb], tokens[verb + 1 : b]
        if (
            all(t.low in _HELPING for t in before)
            and all(t.low in _ARTICLES for t in after)
            and keys[a] != keys[b]
            and tokens[a].sentence == tokens[b].sentence
            and keys[verb] not in MUTUAL
        ):
            found.add((keys[a], keys[verb], keys[b]))
    return found


def crossed(claim: Reading, i: int, source: Reading, j: int) -> bool:
    """Whether what stands on each side of token `i` of a claim stands on the other side of token `j` of a source."""
    left, right = _sides(claim, i)
    left_source, right_source = _sides(source, j)
    only_left, only_right = left_source - right_source, right_source - left_source
    to_right, to_left = len(left & only_right), len(right & only_left)
    return min(to_right, to_left) > 0 and to_right + to_left > len(left & only_left) + len(right & only_right)


def _sides(reading: Reading, i: int) -> tuple[set[str], set[str]]:
    """The words of meaning before and after a word in its sentence; of "After A, B" B is before and A after it."""
    tokens, keys = reading.text.tokens, reading.keys
    before = [k for k in range(i) if tokens[k].sentence == tokens[i].sentence]
    after = [k for k in range(i + 1, len(tokens)) if tokens[k].sentence == tokens[i].sentence]
    if not any(tokens[k].content for k in before):
        comma = next((n for n, k in enumerate(after) if tokens[k].text == ","), len(after))
        after, before = after[:comma], after[comma:]
        before = before[::-1]
    left = [keys[k] for k in reversed(before) if tokens[k].content and keys[k]][:_REACH]
    right = [keys[k] for k in after if tokens[k].content and keys[k]][:_REACH]
    return set(left), set(right)
