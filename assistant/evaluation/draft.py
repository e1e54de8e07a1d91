"""A question set proposed for an index, from its documents' own sentences, for a person to edit.

No model writes: the questions are those of `ingest.suggest`, spread over the documents and the kinds. Each is kept
only where a search with it finds the passage that it was made of, since one that does not is mostly one that says too
little of what it is about. The same index gives the same draft.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import yaml

from assistant.errors import InputError
from assistant.evaluation.gold import Span, places, span_of
from assistant.evaluation.near_misses import near_misses
from assistant.evaluation.sets import parse_case
from assistant.ingest.suggest.figures import Kind
from assistant.ingest.suggest.suggest import Suggestion, suggest
from assistant.store.catalog import Catalog
from assistant.types import RankedPassage

TAG = "draft"
FOUND_WITHIN = 3  # passages among which that of the answer has to be
UNANSWERABLE = 5  # one question in so many has no answer
MOST_OF_A_DOCUMENT = 40  # questions that are looked at
MOST_PASSAGES = 400  # of a document that are read
_ORDER: tuple[Kind, ...] = ("date", "figure", "who", "where", "why", "definition", "what", "cell")

Find = Callable[[str], list[RankedPassage]]


@dataclass(frozen=True, slots=True)
class Draft:
    """The proposed cases as records of a set, how many questions were looked at, and how many documents gave none."""

    records: list[dict[str, Any]]
    looked_at: int
    without: int


def draft(catalog: Catalog, find: Find, count: int, progress: Callable[[int, int], None]) -> Draft:
    """Propose `count` questions, or as many as there are.

    Args:
        catalog: of the index.
        find: the passages for a question, best first; `FOUND_WITHIN` of them are enough.
        count: how many, those without an answer among them.
        progress: told how many there are, of how many.

    Raises:
        InputError: no sentence of any document gives a question.
    """
    by_document = [list(suggestions_of(catalog, path)) for path in paths_of(catalog)]
    answered, unanswered = list[dict[str, Any]](), list[dict[str, Any]]()
    looked_at, asked = 0, set[str]()
    wanted = count // UNANSWERABLE
    for each in spread(by_document):
        if len(answered) + wanted >= count:
            break
        if each.question.casefold() in asked:
            continue
        looked_at += 1
        asked.add(each.question.casefold())
        if not is_found(each, find(each.question)) or not quotable(each, catalog):
            continue
        answered.append(record_of(each, catalog))
        if len(unanswered) < wanted:
            unanswered += _without_answer(each.question, catalog, asked)[: wanted - len(unanswered)]
        progress(min(count, len(answered) + len(unanswered)), count)
    if not answered:
        raise InputError("no sentence of the documents gives a question; the rules read plain English alone")
    records = [*answered, *unanswered]
    numbered = [{"id": f"{TAG}-{number:03}", **record} for number, record in enumerate(records, start=1)]
    for record in numbered:  # what is written has to be read again
        parse_case(record, TAG)
    return Draft(numbered, looked_at, sum(not each for each in by_document))


def paths_of(catalog: Catalog) -> list[str]:
    """The documents, each by one path, in the order of their paths."""
    return [path for (path,) in catalog.connection.execute("SELECT path FROM documents ORDER BY path")]


def suggestions_of(catalog: Catalog, path: str) -> Iterator[Suggestion]:
    """What can be asked of a document: one question a sentence at first, then the others; the kinds in turn."""
    passages = catalog.passages_of(path, 0, 2**62)[:MOST_PASSAGES]
    first, more = dict[Kind, list[Suggestion]](), list[Suggestion]()
    for passage in passages:
        places = set[int]()
        for each in suggest(passage):
            if each.start in places:
                more.append(each)
            else:
                places.add(each.start)
                first.setdefault(each.kind, []).append(each)
    turns = zip_longest(*(first[kind] for kind in _ORDER if kind in first))
    every = [each for turn in turns for each in turn if each] + more
    yield from every[:MOST_OF_A_DOCUMENT]


def spread(by_document: Sequence[Sequence[Suggestion]]) -> Iterator[Suggestion]:
    """The first of each document, then the second of each, and so on."""
    for turn in zip_longest(*by_document):
        yield from (each for each in turn if each)


def is_found(asked: Suggestion, found: Sequence[RankedPassage]) -> bool:
    """Whether one of the passages holds the sentence that a question was made of, or one with the same words."""
    gold = Span(asked.document, asked.start, asked.end)
    spans = [span_of(each.passage) for each in found[:FOUND_WITHIN]]
    return any(gold.shared_with(span.document, span.start, span.end) == asked.end - asked.start for span in spans)


def quotable(asked: Suggestion, catalog: Catalog) -> bool:
    """Whether the sentence is found again by its words, as the evidence of a set is."""
    document = catalog.document(asked.document)
    return document is not None and (asked.start, asked.end) in places(_quote(asked, catalog), document.text)


def record_of(asked: Suggestion, catalog: Catalog) -> dict[str, Any]:
    """A question as a case of a set, but for its id."""
    record: dict[str, Any] = {"question": asked.question}
    if asked.answer:
        record["answers"] = [asked.answer]
    source = {"file": asked.document, "quote": _quote(asked, catalog)}
    return {**record, "sources": [source], "answerable": True, "tags": [TAG, asked.kind]}


def as_yaml(drafted: Sequence[dict[str, Any]]) -> str:
    """The cases as a set in YAML, with a line on what to do with it."""
    head = "# Proposed by rules: read each question, mend or delete it, and take the tag away.\n"
    return head + yaml.safe_dump(list(drafted), allow_unicode=True, sort_keys=False, width=110)


def _quote(asked: Suggestion, catalog: Catalog) -> str:
    return " ".join((catalog.slice(asked.document, asked.start, asked.end) or "").split())


def _without_answer(question: str, catalog: Catalog, asked: set[str]) -> list[dict[str, Any]]:
    """A near miss of a question, if there is one that was not asked."""
    for each in near_misses(question, lambda word: catalog.frequency(word, 1) > 0):
        if each.casefold() not in asked:
            asked.add(each.casefold())
            return [{"question": each, "answerable": False, "tags": [TAG, "unanswerable"]}]
    return []
