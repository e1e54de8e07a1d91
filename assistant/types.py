"""The nouns of the assistant.

Every offset in this file counts Unicode code points into `Document.text`, half-open: `text[start:end]`.
"""

from dataclasses import dataclass, field
from typing import Literal

from assistant.filter import Filter

BlockKind = Literal["heading", "paragraph", "item", "row", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document as its author laid it out.

    `start:end` leaves out markers such as "#", "-" or the pipes around a row. The cells of a row are joined
    by " | ". `level` is the depth of a heading (1 to 6), else 0. `header` is, for a row of a table that has
    one, the span of the header row; the header row itself is a block of kind "row" whose `header` is its
    own span. `row` is the number of the row of a sheet that the block stands in, as a spreadsheet program
    shows it: from 1, with the rows that are empty or hidden.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    header: tuple[int, int] | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page (or sheet, slide or message) of a document; `number` counts from 1.

    `label` is what the document itself calls the page, as "iv", where that is something else than its number.
    """

    number: int
    start: int
    end: int
    label: str | None = None
    recognised: bool = False  # its text was recognised from a picture, and may be wrong in letters


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser gets out of a file: text, its layout, and what the file says of itself."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    title: str | None = None
    date: str | None = None  # ISO 8601, as far as it is known: 2024, 2024-07 or 2024-07-03


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read. `path` is below the indexed folder, with forward slashes.

    A file in a zip archive has the archive's path before its own: "box.zip/letters/rent.pdf".
    """

    path: str
    sha256: str  # of the file's bytes; unpacked, where it is in an archive
    kind: str  # the format, one of `ingest.parse.Kind`: "md", "pdf", "docx", "eml", "code" and others
    title: str
    date: str | None
    language: str | None  # ISO 639-1
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why, in words a user can act on."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing that is cited: a sentence, list item, heading or table row.

    `header` is the span of the table's header row, where the sentence is a row below one; `row` is that of its block.
    """

    start: int
    end: int
    kind: BlockKind
    header: tuple[int, int] | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of sentences that is searched as one.

    `context` is what a reader would need to know to understand the passage alone (document title, headings);
    `search_text` is context and text together, as embedded, ranked and matched by words.
    """

    start: int
    end: int
    sentences: tuple[Sentence, ...]
    heading: str  # "Trade › By year", empty above the first heading
    page: int | None
    context: str
    search_text: str


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence as the index holds it. `words` says it to a reader: a table row with its header, else the quote.

    `page`, `page_label` and `row` are those where it begins.
    """

    start: int
    end: int
    kind: BlockKind
    quote: str
    words: str
    page: int | None = None
    page_label: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the index holds it, with all that is needed to rank it and to cite its sentences."""

    id: int
    document: str
    document_sha256: str
    title: str
    date: str | None
    page: int | None
    heading: str
    start: int
    end: int
    text: str  # document.text[start:end]
    search_text: str
    sentences: tuple[StoredSentence, ...]
    also: tuple[str, ...] = ()  # the other paths of the document, sorted: files of the same bytes
    recognised: bool = False  # from a picture of a page


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage found for a question; `dense` and `lexical` are None where that search did not return it."""

    passage: StoredPassage
    score: float  # the reranker's logit
    dense: float | None  # cosine of question and passage
    lexical: float | None  # BM25, higher is better


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks, after what they asked before, and which documents may answer; all without a filter."""

    text: str
    history: tuple[Turn, ...] = ()
    filter: Filter | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact place a sentence came from: `document.text[start:end] == quote`, always."""

    n: int
    document: str
    document_sha256: str
    title: str
    page: int | None
    page_label: str | None  # what the document calls the page, where that is not its number
    heading: str
    row: int | None  # of a sheet
    start: int
    end: int
    quote: str
    score: float
    also: tuple[str, ...] = ()  # the other paths of the document, sorted: files of the same bytes
    recognised: bool = False  # from a picture of a page
    date: str | None = None  # of the document, ISO 8601 as far as it is known


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer: offsets into `Answer.text`, what it cites, and whether that holds."""

    start: int
    end: int
    citations: tuple[int, ...]
    support: Literal["verified", "unsupported"]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One side of a disagreement between sources."""

    value: str
    date: str | None
    citation: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that give different values for the same thing."""

    topic: str
    values: tuple[DatedValue, ...]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered."""

    generation: str
    built_at: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class ModelNames:
    """Which models answered; `chat` is the one that wrote the answer, None in extractive mode."""

    embedder: str
    reranker: str
    chat: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The one answer that the command line, the API, the chat page and evaluation all read."""

    id: str
    question: str
    query: str
    status: Literal["answered", "refused"]
    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    near: tuple[Citation, ...]
    missing_terms: tuple[str, ...]  # words of the question that no document holds
    confidence: float
    mode: Literal["extractive", "generative"]
    index: IndexInfo
    models: ModelNames
    timings_ms: dict[str, float] = field(default_factory=dict)
    filter: Filter | None = None  # what the question was restricted to
    note: str | None = None  # that words alone were searched, or why a chat model did not write this answer
