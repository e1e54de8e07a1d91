"""The sentences of a document's blocks, and the words by which each is searched: a row is said with its header."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from assistant.ingest.sentences import MAX_SENTENCE, sentence_spans
from assistant.ingest.shorten import shortened
from assistant.types import Block, Document, Sentence

_NAME = 100  # characters of a column's name that are said
_LEAD = 4  # words of a list item's name, said with what follows it: "Tourism. More travellers come."
_BAR = re.compile(r"(?<!\S)\|(?!\S)")  # between the cells of a row
_NOT_SPACE = re.compile(r"\S")

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the number of its block, and the words by which it is searched."""

    sentence: Sentence
    block: int
    words: str
    tokens: int


Run = tuple[Said, ...]


def size_of(said: Iterable[Said]) -> int:
    return sum(s.tokens for s in said)


class Counts:
    """Token counts, asked for in batches and remembered."""

    def __init__(self, count_tokens: CountTokens) -> None:
        self._count = count_tokens
        self._known: dict[str, int] = {"": 0}

    def learn(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._count(new), strict=True))

    def __getitem__(self, text: str) -> int:
        return self._known[text]


def row_in_words(text: str, row: tuple[int, int], header: tuple[int, int] | None) -> str:
    """Say a table row with its column names: "Year: 2019; Trade, billion USD: 2.18".

    Args:
        text: The document's text.
        row: Span of the row, its cells joined by " | ".
        header: Span of the header row over the same columns, if there is one.

    Returns:
        One line; empty cells are left out, and without a header the cells stand alone.
    """
    cells = [" ".join(text[start:end].split()) for start, end in _cells(text, *row)]
    names: list[str] = []
    if header is not None and header != row:
        # Bounded, so that a header of megabytes over a million short rows costs no more than the rows.
        end = min(header[1], header[0] + _NAME * (len(cells) + 9))
        spans = islice(_cells(text, header[0], end), len(cells))
        names = [" ".join(text[start : min(end, start + _NAME)].split()).rstrip(":") for start, end in spans]
    names += [""] * (len(cells) - len(names))
    pairs = zip(names, cells, strict=True)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for bar in _BAR.finditer(text, start, end):
        yield start, bar.start()
        start = bar.end()
    yield start, end


def say(document: Document, counts: Counts, max_tokens: int) -> list[Run]:
    """Give the sentences of each block, none with more than `max_tokens` where it can be cut."""
    text, blocks = document.text, document.blocks
    headers = {b.header for b in blocks if b.kind == "row" and b.header != (b.start, b.end)}
    found = [
        (number, sentence)
        for number, block in enumerate(blocks)
        if block.kind != "row" or (block.start, block.end) not in headers
        for sentence in _sentences(text, block)
    ]
    while True:
        words = [_words(text, sentence) for _, sentence in found]
        counts.learn(words)
        cut: list[tuple[int, Sentence]] = []
        for (number, sentence), said in zip(found, words, strict=True):
            parts = -(-counts[said] // max_tokens)
            cut += [(number, part) for part in _cut(text, sentence, parts)]
        if cut == found:
            break
        found = cut
    runs: list[list[Said]] = [[] for _ in blocks]
    for (number, sentence), said in zip(found, words, strict=True):
        # At least one each, so that sentences of nothing but control characters fill a passage, too.
        runs[number].append(Said(sentence, number, said, max(1, counts[said])))
    return [tuple(run) for run in runs]


def _sentences(text: str, block: Block) -> list[Sentence]:
    if block.kind in ("paragraph", "item"):
        said = text[block.start : block.end]
        spans = sentence_spans(said)
        if block.kind == "item" and len(spans) > 1 and len(said[: spans[0][1]].split()) <= _LEAD:
            whole = spans[0][0], spans[1][1]
            spans = [whole, *spans[2:]] if whole[1] - whole[0] <= MAX_SENTENCE else spans
        return [Sentence(block.start + a, block.start + b, block.kind, row=block.row) for a, b in spans]
    span = _trimmed(text, block.start, block.end)
    if span is None:
        return []
    header = block.header if block.header != (block.start, block.end) else None
    sentences = [Sentence(*span, block.kind, header, block.row)]
    while any(s.end - s.start > MAX_SENTENCE for s in sentences):
        sentences = [p for s in sentences for p in _cut(text, s, -(-(s.end - s.start) // MAX_SENTENCE))]
    return sentences


def _words(text: str, sentence: Sentence) -> str:
    verbatim = text[sentence.start : sentence.end]
    if sentence.kind == "code":
        return verbatim
    if sentence.kind == "row":
        return row_in_words(text, (sentence.start, sentence.end), sentence.header) or verbatim
    return " ".join(verbatim.split())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    found = _NOT_SPACE.search(text, start, end)
    if found is None:
        return None
    return found.start(), found.start() + len(text[found.start() : end].rstrip())


def _cut(text: str, sentence: Sentence, parts: int) -> list[Sentence]:
    """Cut a sentence into about so many parts: prose where it reads best, code by lines, a row by cells."""
    if parts < 2:
        return [sentence]
    if sentence.kind == "row":
        return _halves(text, sentence)
    longest = -(-(sentence.end - sentence.start) // parts)
    if sentence.kind == "code":
        spans = _lines(text, sentence.start, sentence.end, longest)
    else:
        spans = shortened(text, sentence.start, sentence.end, longest)
    return [replace(sentence, start=start, end=end) for start, end in spans]


def _lines(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Whole lines, as many together as `longest` characters hold; a line that is longer is cut."""
    cuts, position = [start], start
    for line in text[start:end].splitlines(keepends=True):
        if position > cuts[-1] and position + len(line.rstrip()) - cuts[-1] > longest:
            cuts.append(position)
        position += len(line)
    for first, last in pairwise([*cuts, end]):
        span = _trimmed(text, first, last)
        if span:
            yield from shortened(text, *span, longest)


def _halves(text: str, row: Sentence) -> list[Sentence]:
    """Cut a row between two cells, and its header with it; a single cell is cut within."""
    bars = [bar for bar in _BAR.finditer(text, row.start, row.end) if bar.end() < row.end]
    if not bars:
        length = row.end - row.start
        if row.header and (length < 2 or row.header[1] - row.header[0] > length):
            return [replace(row, header=None)]
        spans = shortened(text, row.start, row.end, -(-length // 2))
        return [replace(row, start=start, end=end) for start, end in spans]
    middle = (row.start + row.end) // 2
    bar = min(bars, key=lambda found: abs(found.start() - middle))
    left, right = _header_halves(text, row.header, bars.index(bar))
    after = _NOT_SPACE.search(text, bar.end())
    start = after.start() if after else row.end
    return [replace(row, end=bar.end(), header=left), replace(row, start=start, header=right)]


def _header_halves(
    text: str, header: tuple[int, int] | None, bars_before: int
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    if header is None:
        return None, None
    near = min(header[1], header[0] + _NAME * (bars_before + 9))
    bar = next(islice(_BAR.finditer(text, header[0], near), bars_before, None), None)
    if bar is None:
        return header, None
    after = _NOT_SPACE.search(text, bar.end(), header[1])
    return _trimmed(text, header[0], bar.start()), (after.start(), header[1]) if after else None
