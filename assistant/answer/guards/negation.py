"""What is denied: a sentence and its source must deny the same things."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answer.guards.align import Reading, likeness
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.lexicon import CONTRASTS
from assistant.answer.guards.text import Token

_NEGATORS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot hardly scarcely barely ain't".split()
)
_FAILING = bases("fail failure refuse decline unable neglect")  # each denies the verb after its "to"
_DENYING = bases("deny denial dispute disprove refute")
# Words that deny without a "not": enough for a claim that denies, too little to demand that it does.
_SOFT = (
    _FAILING
    | _DENYING
    | bases(
        """lack absence absent prevent avoid reject exclude except rare rarely seldom insufficient abolish eliminate
        block prohibit forbid ban loss lose free unlike unlikely unknown impossible few little instead rather resist
        inhibit impair deficient deficiency unchanged independent independently indistinguishable negate negative
        suppress oppose cease stop reduce decrease less abrogate dispense unaffected unrelated unclear inconsistent
        insignificant negligible comparable similar same equal untested false incorrect wrong against despite null
        remove withdraw"""
    )
)
# "not only", "no less than", "no doubt" deny nothing.
_NOT_DENYING = frozenset(
    "only just merely simply least doubt matter wonder less fewer more later earlier other".split()
)
_THROUGH = frozenset(
    "very really even yet ever necessarily always fully entirely completely quite so too all".split()
)
_NEEDING = bases("need require must necessary mandatory obligatory")  # "cannot enter without a ticket"
_REACH = 6  # tokens from a negator to the word it denies, at most
_TRANSPARENT = bases("evidence proof reason sign indication suggestion")  # "no evidence that" denies what follows
_WHOLE = 0.6  # share of a claim's words that must be among what follows
_SURE = 0.12  # by how much one occurrence must be liker than another to be the one meant


@dataclass(frozen=True, slots=True)
class _Denied:
    """A content word that a negator denies."""

    start: int
    end: int
    cue: int


def has_negator_form(token: Token) -> bool:
    """Whether a word is a negator, wherever it stands."""
    return token.low in _NEGATORS or token.low.endswith("n't")


def is_negator(reading: Reading, i: int) -> bool:
    """Whether token `i` denies what follows it."""
    return i in _negators(reading)


@lru_cache(maxsize=32)  # several guards ask it of the same two texts
def _negators(reading: Reading) -> frozenset[int]:
    tokens = reading.text.tokens
    return frozenset(
        i for i, t in enumerate(tokens) if t.kind == "word" and has_negator_form(t) and _denies(tokens, i)
    )


def _denies(tokens: Sequence[Token], i: int) -> bool:
    """Whether a negator at `i` denies something."""
    token = tokens[i]
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is None:
        return True
    if after.low in _NOT_DENYING and not (token.low in ("no", "not") and after.low == "other"):
        return (
            i + 2 < len(tokens)
            and after.low in ("more", "less", "fewer", "later", "earlier")
            and tokens[i + 2].low != "than"
        )
    return not (token.low == "no" and (after.text == "." or after.kind == "number"))


def denied(reading: Reading) -> list[_Denied]:
    """The words that a text denies outright."""
    tokens, found, negators = reading.text.tokens, [], _negators(reading)
    for i, token in enumerate(tokens):
        if i in negators:
            head = _head(reading, i + 1)
        elif token.base in _FAILING and i + 1 < len(tokens) and tokens[i + 1].low == "to":
            head = _head(reading, i + 2)
        elif token.base in _DENYING and i + 1 < len(tokens):
            head = _head(reading, i + 1)
        else:
            continue
        if head is not None:
            found.append(_Denied(head, head + 1, i))
    return found


def _head(reading: Reading, i: int) -> int | None:
    """The first word from `i` on that carries meaning, adverbs passed over, within the clause."""
    tokens = reading.text.tokens
    for k in range(i, min(i + _REACH, len(tokens))):
        token = tokens[k]
        if token.sentence != tokens[i - 1].sentence or token.text in ".;:":
            return None
        if (
            token.kind == "stop"
            or token.low in _THROUGH
            or (token.low.endswith("ly") and k + 1 < len(tokens) and tokens[k + 1].content)
        ):
            continue
        if token.content and token.kind in ("word", "number"):
            return k
    return None


def under_negation(reading: Reading, i: int) -> bool:
    """Whether a negator stands before token `i` in its clause, or denies it outright, an odd number of times."""
    tokens, count, negators = reading.text.tokens, 0, _negators(reading)
    for k in range(max(0, i - _REACH - 2), i):
        if tokens[k].clause == tokens[i].clause and (k in negators or tokens[k].base in _FAILING):
            count += 1
    return count % 2 == 1


def check_negation(claim: Reading, source: Reading) -> list[str]:
    """Where a claim denies what its source says, or says what its source denies."""
    claim_denied, source_denied = denied(claim), denied(source)
    if not claim_denied and not source_denied:
        return []
    problems = [p for d in claim_denied if (p := _denies_too_much(d, claim, source, source_denied))]
    if not problems:
        problems = [p for d in source_denied if (p := _denies_too_little(d, claim, source))]
    return problems[:1]


def _denies_too_much(d: _Denied, claim: Reading, source: Reading, source_denied: list[_Denied]) -> str | None:
    key, word = claim.keys[d.start], claim.text.tokens[d.cue].text
    shown = claim.text.words(d.cue, d.end)
    places = [_Denied(i, i + 1, i) for i, k in enumerate(source.keys) if k == key]
    if not places:
        if source_denied or _soft(claim, d.start, source):
            return None
        return f"negation: source does not say '{shown}'"
    likes = [(likeness(claim, d, source, place), _denied_softly(source, place.start)) for place in places]
    plainly = max((like for like, negated in likes if not negated), default=-1.0)
    deniedly = max((like for like, negated in likes if negated), default=-1.0)
    if plainly >= 0 and plainly > deniedly + _SURE:
        return f"negation: source does not say '{word}' of '{claim.text.tokens[d.start].text}'"
    return None


def _soft(claim: Reading, head: int, source: Reading) -> bool:
    """Whether the source says in another way what the claim denies: by a word that denies, or by the opposite."""
    opposite = CONTRASTS.get(claim.keys[head], frozenset())
    return any(
        t.base in _SOFT or t.base in opposite or t.low.startswith(("un", "non", "dis", "in", "im")) and len(t.low) > 6
        for t in source.text.tokens
        if t.content
    )


def _denied_softly(reading: Reading, i: int) -> bool:
    """Whether token `i` is denied in any way: by a negator before it, or by a word that denies beside it."""
    tokens = reading.text.tokens
    sentence = tokens[i].sentence
    before = range(max(0, i - 12), i)
    if any(
        tokens[k].sentence == sentence and (is_negator(reading, k) or tokens[k].base in _FAILING | _DENYING)
        for k in before
    ):
        return True
    after = range(i + 1, min(i + 5, len(tokens)))
    if any(tokens[k].clause == tokens[i].clause and is_negator(reading, k) for k in after):
        return True
    near = [*range(max(0, i - 4), i), *range(i + 1, min(i + 3, len(tokens)))]
    return any(tokens[k].clause == tokens[i].clause and _softens(tokens[k]) for k in near)


def _softens(token: Token) -> bool:
    """Whether a word denies without a "not": "the non-significant reduction", "the lack of a reduction"."""
    return token.base in _SOFT or token.low == "non"


def _says_what_has_no_evidence(d: _Denied, claim: Reading, source: Reading) -> str | None:
    """The problem of a claim that says outright what a source says there is no evidence of."""
    sentence = source.text.tokens[d.start].sentence
    following = {
        k for t, k in zip(source.text.tokens[d.end :], source.keys[d.end :], strict=True) if t.sentence == sentence
    }
    said = [k for t, k in zip(claim.text.tokens, claim.keys, strict=True) if t.content and k]
    soft = any(
        is_negator(claim, i) or t.base in _SOFT or t.base in _TRANSPARENT for i, t in enumerate(claim.text.tokens)
    )
    if soft or not said or sum(k in following for k in said) < _WHOLE * len(said):
        return None
    return f"negation: source says '{source.text.words(d.cue, d.end)}'"


def _only_with(d: _Denied, claim: Reading, source: Reading) -> bool:
    """Whether the source says "cannot A without B" and the claim that A needs B."""
    tokens = source.text.tokens
    cues = [i for i, t in enumerate(tokens) if t.sentence == tokens[d.start].sentence and is_negator(source, i)]
    needs = any(t.base in _NEEDING for t in claim.text.tokens)
    return needs and len(cues) == 2 and tokens[cues[1]].low in ("without", "unless")


def _denies_too_little(d: _Denied, claim: Reading, source: Reading) -> str | None:
    key = source.keys[d.start]
    if _only_with(d, claim, source):
        return None
    if key in _TRANSPARENT:
        return _says_what_has_no_evidence(d, claim, source)
    for i, other in enumerate(claim.keys):
        if other != key or _denied_softly(claim, i):
            continue
        here = _Denied(i, i + 1, i)
        like = likeness(claim, here, source, d)
        rivals = [likeness(claim, here, source, _Denied(j, j + 1, j)) for j, k in enumerate(source.keys)
                  if k == key and not _denied_softly(source, j)]  # fmt: skip
        if like >= 0.25 and like > max(rivals, default=0.0) + _SURE:
            opposite = any(claim.keys[k] in CONTRASTS.get(key, ()) for k in range(len(claim.keys)))
            if not opposite:
                return f"negation: source says '{source.text.words(d.cue, d.end)}'"
    return None
