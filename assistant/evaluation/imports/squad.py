"""SQuAD 1.1 and 2.0, and sets of their form such as XQuAD (P. Rajpurkar and others, 2016, 2018)."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from assistant.evaluation.gold import places
from assistant.evaluation.imports.made import Made
from assistant.evaluation.imports.reading import Form, whole
from assistant.ingest.sentences import sentence_spans

NOWHERE = "they stand nowhere in their paragraph, or have no letter and no figure"


class Answer(Form):
    """An accepted answer, and where in the paragraph it begins."""

    text: str
    answer_start: int | None = None


class Asked(Form):
    """A question about a paragraph."""

    id: str | None = None
    question: str
    answers: list[Answer] = []
    is_impossible: bool = False


class Paragraph(Form):
    """A paragraph and its questions."""

    context: str
    qas: list[Asked]


class Article(Form):
    """Paragraphs under one title."""

    title: str = "article"
    paragraphs: list[Paragraph]


class Squad(Form):
    """A file."""

    data: list[Article]


def squad(files: Sequence[Path], into: Made) -> None:
    """Each paragraph becomes a document; a question's gold is the sentence of its paragraph that has the answer.

    Questions of SQuAD 2.0 that are marked as impossible are expected to be refused. Questions on one article are a
    cluster.

    Raises:
        InputError: a file is of another form.
    """
    numbers = count(1)
    for path in files:
        for article in whole(path, Squad).data:
            cluster = f"{article.title}-{next(numbers)}" if article.title == "article" else article.title
            for number, paragraph in enumerate(article.paragraphs):
                file = into.document(f"{article.title}/paragraph-{number:03}", paragraph.context)
                for asked in paragraph.qas:
                    _case(asked, paragraph.context, file, cluster, path, into)


def _case(asked: Asked, context: str, file: str, cluster: str, path: Path, into: Made) -> None:
    where = f"{path}, question {(asked.id or asked.question)[:100]!r}"
    if asked.is_impossible:
        into.case(where, asked.id, asked.question, answerable=False, cluster=cluster)
        return
    found = [(answer.text, place) for answer in asked.answers if (place := _place(answer, context))]
    for _ in range(len(asked.answers) - len(found)):
        into.leave("answers", NOWHERE, where)
    if not found:
        into.leave("questions", "they have no answer, and are not marked as impossible", where)
        return
    quotes = dict.fromkeys(_sentence(context, *place) for _, place in found)
    sources = [{"file": file, "quote": next(iter(quotes))}]  # other annotators' places are as good, and not more
    into.case(where, asked.id, asked.question, answers=_texts(found), sources=sources, cluster=cluster)


def _texts(found: list[tuple[str, tuple[int, int]]]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text, _ in found))


def _place(answer: Answer, context: str) -> tuple[int, int] | None:
    """Where an answer stands: where the file says, else at the place of its words that is nearest to it."""
    start, text = answer.answer_start, answer.text
    if not any(map(str.isalnum, text)):
        return None
    if start is not None and start >= 0 and context[start : start + len(text)] == text:
        return start, start + len(text)
    return min(places(text, context), key=lambda place: abs(place[0] - (start or 0)), default=None)


def _sentence(context: str, start: int, end: int) -> str:
    """The sentences that a stretch of a text lies in."""
    spans = [(a, b) for a, b in sentence_spans(context) if a < end and start < b]
    return context[min(start, spans[0][0]) : max(end, spans[-1][1])] if spans else context[start:end]
