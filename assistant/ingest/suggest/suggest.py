"""Questions that a passage answers, each with the sentence that does.

`suggest(passage: StoredPassage) -> Iterator[Suggestion]`, for drafts of question sets and for whoever suggests what
could be asked. It needs nothing but the passage, as a catalog gives it (`Catalog.passage`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ingest.suggest.asking import asked_of
from assistant.ingest.suggest.cells import asked_of_row
from assistant.ingest.suggest.figures import Kind
from assistant.types import StoredPassage


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, what is asked for, and where the answer stands: `document.text[start:end]`, a sentence or a row."""

    question: str
    answer: str | None  # the words of the sentence that answer it, None where it takes the whole sentence
    kind: Kind
    document: str
    start: int
    end: int


def suggest(passage: StoredPassage) -> Iterator[Suggestion]:
    """The questions that a passage's sentences and rows answer, in their order; English alone.

    Nothing is read or written, and the same passage gives the same questions. Passages overlap in nothing but may
    repeat each other: whoever puts several together drops questions that come twice.
    """
    for sentence in passage.sentences:
        if sentence.kind == "row":
            found = asked_of_row(sentence.words)
        elif sentence.kind in ("paragraph", "item"):
            found = asked_of(" ".join(sentence.quote.split()), re.sub(r"\s+", " ", passage.search_text))
        else:
            continue
        for asked in found:
            place = (passage.document, sentence.start, sentence.end)
            yield Suggestion(asked.question, asked.answer, asked.kind, *place)
