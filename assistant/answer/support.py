"""Does a cited passage of source text support a sentence of an answer?

Rules, each blind to all but one kind of change, judge what they can see: figures and dates with their units,
names, who did what to whom, negations, opposites, quotations, and whether the source speaks of the matter at
all. They need no model, and what they object to they say in words. A reranker, where there is one, is asked for
what no rule sees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.certainty import check_certainty
from assistant.answer.guards.contrast import check_contrast
from assistant.answer.guards.coverage import check_additions, check_coverage, covered
from assistant.answer.guards.edits import check_edits
from assistant.answer.guards.figures import check_figures
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.lists import check_lists
from assistant.answer.guards.names import check_names
from assistant.answer.guards.negation import check_negation
from assistant.answer.guards.order import check_order
from assistant.answer.guards.quotes import check_quotes
from assistant.answer.guards.roles import check_roles
from assistant.answer.guards.text import fold
from assistant.models.reranker import Reranker

# A source speaks of a sentence where SHARE times the share of its words that it has, plus the reranker's logit,
# reaches LEAST. Chosen on the development half of eval/bench/verifier.py: claims that people wrote from a source
# against claims beside another source and another sentence of the same source.
SHARE, LEAST = 14.0, 1.0
LONGEST = 200  # characters of a problem
MOST = 100_000  # words of a sentence times words of its sources; more would take seconds to compare

# What an answer is called, not what it says: "The answer is 18" says no more than "18".
_FRAME = bases("answer question source sentence passage document text context")
# A statement that begins after one of these is not what its source says.
_DENIED_BEFORE = re.compile(
    r"\b(?:no (?:evidence|proof|indication|sign|suggestion)|den(?:y|ies|ied|ying)"
    r"|not (?:true|the case|clear|believe|think|say)|unclear|unlikely|doubt(?:s|ed|ful)?|false(?:ly)?"
    r"|rejects?|rejected|refutes?|refuted|disputes?|disputed)"
    r"\b[^.;,]{0,40}\b(?:that|whether|if)\W+$",
    re.IGNORECASE,
)
_COUNTED_BEFORE = re.compile(
    r"(?:\d\s*|\d[.,/-]"
    r"|\b(?:hundred|thousand|million|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|and|point|minus)[ -])$",
    re.IGNORECASE,
)
_STARTS_WITH_COUNT = re.compile(
    r"\d|(?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|million|half|and)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is supported; why not, a short line each; the reranker's logit where it was asked."""

    supported: bool
    problems: tuple[str, ...]
    score: float | None


def check(sentence: str, sources: Sequence[str], reranker: Reranker | None = None) -> Verdict:
    """Judge whether sources support a sentence.

    Args:
        sentence: one sentence of an answer, without its citation markers.
        sources: the quotes it cites.
        reranker: asked where the words are not the source's own; it decides, with the share of them that the
            source has, whether the source speaks of the matter, which that share alone decides without it.

    Returns:
        The verdict. It is the same for the same input.
    """
    claim = reading([sentence])
    says = _says(claim)
    if is_verbatim(sentence, sources) and (says or any(_same(sentence, whole) for whole in sources)):
        return Verdict(True, (), None)
    source = reading(sources)
    if not source.text.tokens:
        return Verdict(False, ("cites nothing",), None)
    if not says:
        return Verdict(False, ("says too little to be checked",), None)
    if claim.text.tokens[-1].text == "?":
        return Verdict(False, ("a question states nothing",), None)
    if len(claim.text.tokens) * len(source.text.tokens) > MOST:
        return Verdict(False, ("too long to check",), None)
    problems = _guards(sentence, claim, source)
    if reranker is None:
        problems += check_coverage(claim, source)
        return _verdict(problems, None)
    [score] = reranker.score(sentence, [" ".join(sources)])
    if SHARE * covered(claim, source) + score < LEAST:
        problems.append("source does not speak of this")
    problems += check_additions(claim, source)
    return _verdict(problems, score)


def _says(claim: Reading) -> bool:
    """Whether a sentence has a word that means something besides figures and dates.

    A figure alone is somewhere in many a source, said of anything.
    """
    spans = [(d.start, d.end) for d in claim.dates] + [(f.start, f.end) for f in claim.figures]
    values = {i for start, end in spans for i in range(start, end)}
    tokens = claim.text.tokens
    return not tokens or any(
        t.content and t.kind == "word" and i not in values and t.base not in _FRAME for i, t in enumerate(tokens)
    )


def _same(sentence: str, source: str) -> bool:
    """Whether a sentence is all of a source, but for white space, quote style and a full stop."""
    return fold(sentence).rstrip(" .") == fold(source).rstrip(" .")


def _verdict(problems: Sequence[str], score: float | None) -> Verdict:
    """The verdict that problems make, each said once and on one short line."""
    lines = dict.fromkeys(p if len(p) <= LONGEST else p[: LONGEST - 3] + "..." for p in problems)
    return Verdict(not lines, tuple(lines), score)


def _guards(sentence: str, claim: Reading, source: Reading) -> list[str]:
    """What the rules object to, in their order."""
    return [
        *check_quotes(sentence, source.text),
        *check_figures(claim, source),
        *check_names(claim, source),
        *check_roles(claim, source),
        *check_order(claim, source),
        *check_negation(claim, source),
        *check_contrast(claim, source),
        *check_edits(claim, source),
        *check_lists(claim, source),
        *check_certainty(claim, source),
    ]


def is_verbatim(sentence: str, sources: Sequence[str]) -> bool:
    """Whether a sentence is a contiguous part of a source, but for white space, quote style and its first letter.

    A part that begins within a figure ("90 days" of "190 days") or after words that deny it ("no evidence that")
    is not.
    """
    words = fold(sentence).rstrip(" .")
    if not re.search(r"\w", words):
        return True  # says nothing
    for source in sources:
        text = fold(source)
        for form in {words, words[0].lower() + words[1:]}:
            at = text.find(form)
            while at >= 0:
                if _whole(text, form, at):
                    return True
                at = text.find(form, at + 1)
    return False


def _whole(text: str, form: str, at: int) -> bool:
    before, after = text[max(0, at - 80) : at], text[at + len(form) :]
    if (before[-1:].isalnum() or before[-1:] in ("-", "'")) or after[:1].isalnum() or re.match(r"[-'.,]\w", after):
        return False
    if _STARTS_WITH_COUNT.match(form) and _COUNTED_BEFORE.search(before):
        return False
    return not _DENIED_BEFORE.search(before)
