"""The last step before an answer leaves: no sentence without a verdict."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer.guards.wording import check_wording
from assistant.answer.inert import plain
from assistant.answer.support import check
from assistant.models.reranker import Reranker
from assistant.store.catalog import Catalog
from assistant.types import AnswerSentence, Citation

MARKERS = re.compile(r"(?:\s*\[\d+\])+$")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of the sentences of a chat model."""

    strict: bool = False  # those that are not supported are left out
    paraphrases: bool = True  # what is not in a source's words and order can be verified


LENIENT = Rules()


def verify(
    text: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation], catalog: Catalog
) -> list[AnswerSentence]:
    """Each sentence with its verdict.

    A sentence is verified when it cites something, each quote it cites is found at its offsets in the document
    as it is stored, and its words are words of those quotes or of the header of the row they are.
    """
    by_number = {citation.n: citation for citation in citations}
    checked = []
    for sentence in sentences:
        said = text[sentence.start : sentence.end]
        problems = tuple(_problems(said, [by_number[n] for n in sentence.citations], catalog))
        checked.append(replace(sentence, support="unsupported" if problems else "verified", problems=problems))
    return checked


def verify_written(
    text: str,
    sentences: Sequence[AnswerSentence],
    citations: Sequence[Citation],
    catalog: Catalog,
    reranker: Reranker,
    rules: Rules,
) -> list[AnswerSentence]:
    """Each sentence of a chat model with its verdict: what it cites is there, and supports it (`support.check`)."""
    by_number = {citation.n: citation for citation in citations}
    checked = []
    for sentence in sentences:
        cited = [by_number[n] for n in sentence.citations]
        sources = [c.quote for c in cited]
        sources += [header for c in cited if (header := catalog.header(c.document, c.start))]
        sources += [plain(source) for source in sources if plain(source) != source]  # as an answer writes them
        said = MARKERS.sub("", text[sentence.start : sentence.end])
        problems = [*sentence.problems, *_misplaced(cited, catalog), *check(said, sources, reranker).problems]
        if cited and not rules.paraphrases:
            problems += check_wording(said, sources)
        support: Literal["verified", "unsupported"] = "unsupported" if problems or not cited else "verified"
        checked.append(replace(sentence, support=support, problems=tuple(problems)))
    return checked


def _misplaced(cited: Sequence[Citation], catalog: Catalog) -> list[str]:
    return [
        f"quote [{c.n}] is not at its place in {c.document}"
        for c in cited
        if catalog.slice(c.document, c.start, c.end) != c.quote
    ]


def _problems(said: str, cited: Sequence[Citation], catalog: Catalog) -> list[str]:
    if not cited:
        return ["cites nothing"]
    problems = _misplaced(cited, catalog)
    quoted = set[str]()
    for quote in (part for c in cited for part in (c.quote, catalog.header(c.document, c.start) or "")):
        quoted.update(_words(quote), _words(plain(quote)))
    added = [word for word in _words(MARKERS.sub("", said)) if word not in quoted]
    if added:
        problems.append(f"not in the quote: {' '.join(added[:5])}")
    return problems


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
