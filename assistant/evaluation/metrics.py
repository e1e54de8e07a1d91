"""What an answer to one question is worth, by definitions that others publish, too; no model judges.

Passages are told by the gold evidence that they hold: for each passage, best first, the numbers of the sources.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from math import log2

from assistant.answer.guards.numbers import figures
from assistant.answer.guards.text import read
from assistant.evaluation.sets import Numeric

Held = Sequence[Set[int]]

# -- retrieval --------------------------------------------------------------------------------------------------


def recall_at(k: int, held: Held, sources: int) -> float:
    """The share of the sources, of which there are some, that the first `k` passages hold."""
    return len(set[int]().union(*held[:k])) / sources


def hit_at(k: int, held: Held) -> bool:
    """Whether one of the first `k` passages holds any source."""
    return any(held[:k])


def reciprocal_rank(held: Held) -> float:
    """One through the rank of the first passage that holds a source, 0 where none does; its mean is MRR."""
    return next((1 / rank for rank, sources in enumerate(held, start=1) if sources), 0.0)


def ndcg_at(k: int, held: Held, relevant: int) -> float:
    """Normalised discounted cumulative gain of the first `k` passages, each of which is relevant or not.

    K. Järvelin and J. Kekäläinen (2002), with the gain of rank r through log2(r + 1), as trec_eval has it.

    Args:
        k: how many passages count.
        held: what each holds; one that holds any source is relevant.
        relevant: how many passages of the whole index are, at least one.
    """
    gain = sum(1 / log2(rank + 1) for rank, sources in enumerate(held[:k], start=1) if sources)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(k, relevant) + 1))


# -- answers ----------------------------------------------------------------------------------------------------

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def squad_tokens(text: str) -> list[str]:
    """Words as the evaluation of SQuAD 1.1 (Rajpurkar and others, 2016) compares them.

    Lower case, without ASCII punctuation, without the articles a, an, the.
    """
    return _ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()


def exact(said: str, answers: Sequence[str]) -> bool:
    """Whether an answer is one of those accepted, by SQuAD's words."""
    return any(squad_tokens(said) == squad_tokens(answer) for answer in answers)


def token_f1(said: str, answers: Sequence[str]) -> float:
    """The best F1 of words shared with an accepted answer, by SQuAD's words.

    Where one of both has no word left, it is 1 if both have none, as in SQuAD 2.0's evaluation.
    """
    return max(_f1(squad_tokens(said), squad_tokens(answer)) for answer in answers)


def _f1(said: list[str], answer: list[str]) -> float:
    if not said or not answer:
        return float(said == answer)
    shared = sum((Counter(said) & Counter(answer)).values())
    # 2PR / (P + R), where P = shared / said and R = shared / answer
    return 2 * shared / (len(said) + len(answer))


_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚`´", "'")}
)


def contains(said: str, text: str) -> bool:
    """Whether an answer holds a text, by whole words and figures; case, white space and form of signs apart."""
    words, whole = _plain(text), _plain(said)
    if not words:
        return False
    at = whole.find(words)
    while at >= 0:
        if not _cut(whole, at) and not _cut(whole, at + len(words)):
            return True
        at = whole.find(words, at + 1)
    return False


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold().split())


def _cut(text: str, at: int) -> bool:
    """Whether a word or a figure of a text stands on both sides of a place."""
    two_before, before, after, two_after = (text[i : i + 1] for i in (max(0, at - 2), max(0, at - 1), at, at + 1))
    if at == 0 or not after:
        return False
    if before in ".," and at > 1:
        return two_before.isdigit() and after.isdigit()
    if after in ".,":
        return before.isdigit() and two_after.isdigit()
    if before.isdigit() or after.isdigit():
        return before.isdigit() and after.isdigit()
    return before.isalpha() and after.isalpha() and not (_UNSPACED.match(before) or _UNSPACED.match(after))


# Thai, Lao, kana and Han, which put no spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def has_figure(said: str, wanted: Numeric) -> bool:
    """Whether an answer holds a figure of this value, `rel_tol` apart, in this unit or one that converts to it.

    Without a unit, any figure of the value will do; words of a unit that is not known have to be in the answer.
    """
    text = read([f"{Decimal(repr(wanted.value)):f} {wanted.unit or ''}"])
    sought = next((f for f in figures(text, frozenset()) if f.value is not None), None)
    if sought is None:
        return False
    unknown = text.words(sought.end, len(text.tokens))
    if unknown and not contains(said, unknown):
        return False
    value = sought.amount if sought.unit else sought.value or 0.0
    for found in figures(read([said]), frozenset()):
        if found.value is None or found.loose:
            continue
        if sought.unit and (found.unit is None or found.unit.dimension != sought.unit.dimension):
            continue
        number = found.amount if sought.unit else found.value
        if abs(number - value) <= max(wanted.rel_tol, 1e-9) * abs(value):
            return True
    return False


# -- refusal ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """What answering at or above a confidence would come to."""

    confidence: float
    coverage: float  # the share of all questions that are answered
    risk: float  # the share of those that are answered wrongly


def risk_coverage(answered: Sequence[tuple[float, bool]], asked: int) -> list[Point]:
    """The risk-coverage curve (R. El-Yaniv and Y. Wiener, 2010), from the most confident answer on.

    It ends at the threshold in use, since it is not known what the refused would have been answered.

    Args:
        answered: the confidence of each answer, and whether it was right.
        asked: how many questions there were, the refused included.
    """
    points: list[Point] = []
    wrong = 0
    for number, (confidence, right) in enumerate(sorted(answered, key=lambda a: -a[0]), start=1):
        wrong += not right
        if points and points[-1].confidence == confidence:
            points.pop()
        points.append(Point(confidence, number / asked, wrong / number))
    return points
