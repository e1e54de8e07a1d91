"""What users said of answers, as the chat exports it: a line of JSON for each verdict."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from assistant.evaluation.imports.made import MOST_WORDS, Made
from assistant.evaluation.imports.reading import Form, lines

LONGEST_TAG = 40
EDIT = "to be edited"  # the tag of what a person has to complete


class Turn(Form):
    """A turn before the question."""

    role: Literal["user", "assistant"]
    content: str


class Cited(Form):
    """A citation of the answer."""

    document: str
    quote: str


class Said(Form):
    """The answer, as every program sees it."""

    status: str | None = None
    citations: list[Cited] = []


class Verdict(Form):
    """A line: what was asked and answered, and whether that was right."""

    question: str
    history: list[Turn] | None = None
    verdict: Literal["up", "down"]
    reason: str | None = None
    correction: str | None = None
    answer: Said | str | None = None


def feedback(files: Sequence[Path], into: Made) -> None:
    """A verdict is a case, the last where there are several on one question.

    Praise: the quotes that were cited are the sources; a refusal that was praised is expected again. Blame: the
    correction is the accepted answer; a refusal that was blamed is to be answered. Where blame does not say what
    would be right in a few words, the case is written to be skipped until a person has edited it.

    Raises:
        InputError: a line is of another form.
    """
    last: dict[tuple[str, ...], tuple[str, Verdict]] = {}
    for path in files:
        for where, verdict in lines(path, Verdict):
            key = (verdict.question.strip(), *(turn.content for turn in verdict.history or ()))
            if key in last:
                into.leave("verdicts", "a later one is on the same question", last.pop(key)[0])
            last[key] = where, verdict
    for where, verdict in last.values():
        _case(where, verdict, into)


def _case(where: str, verdict: Verdict, into: Made) -> None:
    said = verdict.answer if isinstance(verdict.answer, Said) else Said()
    refused = said.status == "refused"
    correction = " ".join((verdict.correction or "").split())
    expected: dict[str, Any] = {}
    if correction:
        expected = {"answers": [correction], "skip": len(correction.split()) > MOST_WORDS}
    elif verdict.verdict == "up" and refused:
        expected = {"answerable": False}
    elif verdict.verdict == "up" and said.citations:
        sources = dict.fromkeys((cited.document, cited.quote) for cited in said.citations)
        expected = {"sources": [{"file": file, "quote": quote} for file, quote in sources]}
    elif verdict.verdict == "up":
        into.leave("verdicts", "praise of an answer without citations says nothing of another", where)
        return
    elif not refused:
        expected = {"skip": True}
    tags = ["feedback", verdict.verdict]
    if verdict.reason and verdict.reason.strip():
        tags.append(" ".join(verdict.reason.split())[:LONGEST_TAG])
    if expected.get("skip"):
        tags.append(EDIT)
    history = [turn.model_dump() for turn in verdict.history or ()]
    into.case(where, None, verdict.question, history=history, tags=tags, **expected)
