"""What a sentence makes of a list: items of the source run together, and words said again and again."""

from collections import Counter
from itertools import groupby

from assistant.answer.guards.align import Reading
from assistant.answer.guards.coverage import meaning
from assistant.answer.guards.text import Token

_NAMED = 2  # parts between semicolons that begin with a name: a list of things that are told apart
_FOREIGN = 2  # words of other items that are said of one item
_AGAIN, _RUN = 3, 3  # times that a run of so many words may stand in a claim only where its source has it as often


def check_lists(claim: Reading, source: Reading) -> list[str]:
    """Whether a claim says of one item of a list what the source says of another, or repeats itself without end."""
    return _repeated(claim, source) or _mixed(claim, source)


def _repeated(claim: Reading, source: Reading) -> list[str]:
    said = _runs(claim)
    run, times = max(said.items(), key=lambda item: item[1], default=((), 0))
    if times < _AGAIN or times <= _runs(source)[run]:
        return []
    return [f"says '{' '.join(run)}' {times} times"]


def _runs(reading: Reading) -> Counter[tuple[str, ...]]:
    keys = [t.low for t in reading.text.tokens if t.kind in ("word", "number")]
    return Counter(tuple(keys[i : i + _RUN]) for i in range(len(keys) - _RUN + 1))


def _mixed(claim: Reading, source: Reading) -> list[str]:
    """The problem of a claim whose names are of one item and whose other words are of another alone."""
    if ";" not in source.text.folded or ";" in claim.text.folded:
        return []
    for _, sentence in groupby(source.text.tokens, key=lambda t: t.sentence):
        items = _items(list(sentence))
        if sum(item[0].text[0].isupper() for item in items[1:]) < _NAMED:
            continue
        words = meaning(claim)
        homes = {t.base: {k for k, item in enumerate(items) if any(t.base == i.base for i in item)} for t in words}
        named = {k for t in words if t.text[0].isupper() and len(homes[t.base]) == 1 for k in homes[t.base]} - {0}
        foreign = [t.text for t in words if homes[t.base] and not homes[t.base] & {0, *named}]
        if len(named) == 1 and len(foreign) >= _FOREIGN:
            return [f"the source says '{' '.join(foreign[:4])}' of another item of its list"]
    return []


def _items(sentence: list[Token]) -> list[list[Token]]:
    """The parts of a sentence between semicolons, those in brackets apart; none is empty."""
    items: list[list[Token]] = [[]]
    depth = 0
    for token in sentence:
        depth = max(0, depth + (token.text in "([") - (token.text in ")]"))
        if token.text == ";" and not depth:
            items.append([])
        else:
            items[-1].append(token)
    return [item for item in items if item]
