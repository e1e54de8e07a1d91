"""Documents into passages: runs of sentences that follow headings, paragraphs, lists and tables.

    blocks → sentences → sections → pieces that stay whole → passages

A passage is what is searched, a sentence what is cited. Sizes are counted in word pieces, since that is what
an embedder's window holds.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, pairwise

from assistant.ingest.sentences import MAX_SENTENCE, sentence_spans, shortened
from assistant.types import Block, Document, Passage, Sentence

_CONTEXT = 60  # tokens of title, headings and introduction at most
_TINY = 40  # tokens below which a section may share a passage with its neighbours
_NAME = 100  # characters of a column's name that are said
_LINE = 200  # characters of a title, heading or introduction that are said
_BAR = re.compile(r"(?<!\S)\|(?!\S)")  # between the cells of a row
_NOT_SPACE = re.compile(r"\S")

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class SplitLimits:
    """How long passages may be.

    Attributes:
        max_tokens: Word pieces in `Passage.search_text`, without the model's special tokens.
        target_tokens: Word pieces of text up to which paragraphs share a passage.
        overlap_sentences: Sentences that a passage repeats from the one before it, where they fit.
    """

    max_tokens: int = 250
    target_tokens: int = 160
    overlap_sentences: int = 0


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence, the number of its block, and the words by which it is searched."""

    sentence: Sentence
    block: int
    words: str
    tokens: int


_Run = tuple[_Said, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Sentences that share a passage; `intro` is what their list was introduced with, if that is elsewhere."""

    said: _Run
    intro: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands between one heading and the next, in block numbers; `path` is its headings from the top."""

    path: tuple[int, ...]
    body: tuple[int, ...]

    def has_below(self, other: "_Section") -> bool:
        return len(other.path) > len(self.path) and other.path[: len(self.path)] == self.path


class _Counts:
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


def split(document: Document, count_tokens: CountTokens, limits: SplitLimits) -> list[Passage]:
    """Cut a document into passages.

    Args:
        document: The document.
        count_tokens: Gives the word pieces in each text, special tokens left out and nothing truncated. Texts
            joined by space must count as much together as apart, as they do for word-piece tokenizers.
        limits: How long passages may be.

    Returns:
        Passages in the order of the text. Without overlap, every character that is not space, nor in a
        heading, nor in the header row above other rows, is in exactly one sentence of exactly one passage. A
        heading is a sentence only where nothing stands below it, and where sections are so short that they
        share a passage. No `search_text` has more than `limits.max_tokens`: a sentence that would is cut.
    """
    counts = _Counts(count_tokens)
    said = _say(document, counts, limits.max_tokens)
    sections = _sections(document, said)
    groups = [(_crumbs(document, group), group) for group in _grouped(sections, said, limits.target_tokens)]
    title = _line(document.title)
    counts.learn(context for crumbs, _ in groups for context in _contexts(title, crumbs, ""))
    cap = min(_CONTEXT, limits.max_tokens // 3)
    drafts: list[tuple[tuple[str, ...], _Piece]] = []
    for crumbs, group in groups:
        context = _fullest(_contexts(title, crumbs, ""), counts, cap)
        room = limits.max_tokens - counts[context]
        target = min(limits.target_tokens, room)
        if _is_shared(group):
            pieces = [piece for section in group for piece in _kept(_whole(section, said), target, room)]
        else:
            pieces = list(_pieces(document.blocks, group[0].body, said, target, room))
        packed = _packed(pieces, target, room)
        drafts += [(crumbs, piece) for piece in _overlapping(packed, limits.overlap_sentences, room)]
    counts.learn(c for crumbs, piece in drafts if piece.intro for c in _contexts(title, crumbs, piece.intro))
    page_starts = [page.start for page in document.pages]
    passages = []
    for crumbs, piece in drafts:
        budget = min(cap, limits.max_tokens - _size(piece.said))
        context = _fullest(_contexts(title, crumbs, piece.intro), counts, budget)
        passages.append(_passage(document, crumbs, piece.said, context, page_starts))
    return passages


def _passage(
    document: Document, crumbs: tuple[str, ...], said: _Run, context: str, page_starts: list[int]
) -> Passage:
    start = said[0].sentence.start
    page = max(0, bisect_right(page_starts, start) - 1)
    words = "\n".join(
        " ".join(sentence.words for sentence in block) for _, block in groupby(said, key=lambda s: s.block)
    )
    return Passage(
        start=start,
        end=said[-1].sentence.end,
        sentences=tuple(s.sentence for s in said),
        heading=" › ".join(crumbs),
        page=document.pages[page].number if document.pages else None,
        context=context,
        search_text=f"{context}\n{words}" if context else words,
    )


# Sentences and the words by which they are searched


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


def _say(document: Document, counts: _Counts, max_tokens: int) -> list[_Run]:
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
    runs: list[list[_Said]] = [[] for _ in blocks]
    for (number, sentence), said in zip(found, words, strict=True):
        # At least one each, so that sentences of nothing but control characters fill a passage, too.
        runs[number].append(_Said(sentence, number, said, max(1, counts[said])))
    return [tuple(run) for run in runs]


def _sentences(text: str, block: Block) -> list[Sentence]:
    if block.kind in ("paragraph", "item"):
        spans = sentence_spans(text[block.start : block.end])
        return [Sentence(block.start + start, block.start + end, block.kind) for start, end in spans]
    span = _trimmed(text, block.start, block.end)
    if span is None:
        return []
    header = block.header if block.header != (block.start, block.end) else None
    sentences = [Sentence(*span, block.kind, header)]
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


# Sections, and the passages in each


def _sections(document: Document, said: Sequence[_Run]) -> list[_Section]:
    """Find what stands below each heading.

    A heading with no text below it is a section only if no other is below it, and the document's title only
    if there is nothing else: all of the document is below it, whatever the levels say.
    """
    blocks = document.blocks
    sections: list[_Section] = []
    path: tuple[int, ...] = ()
    body: list[int] = []
    for number, block in enumerate(blocks):
        if block.kind != "heading":
            body += [number] if said[number] else []
        elif said[number]:
            sections.append(_Section(path, tuple(body)))
            path = (*(above for above in path if blocks[above].level < block.level), number)
            body = []
    sections.append(_Section(path, tuple(body)))
    found = [
        section
        for section, following in pairwise([*sections, _Section((), ())])
        if section.body or section.path and not section.has_below(following)
    ]
    return [s for s in found if s.body or len(found) == 1 or not _is_title(document, blocks[s.path[-1]])]


def _grouped(sections: Sequence[_Section], said: Sequence[_Run], target: int) -> list[list[_Section]]:
    """Put tiny sections that follow each other under the same heading together, others alone."""
    groups: list[list[_Section]] = []
    size = target  # of the group that is being filled; `target` when it is full
    for section, following in pairwise([*sections, _Section((), ())]):
        own = _size(_whole(section, said))
        tiny = own < _TINY and bool(section.path) and not section.has_below(following)
        if tiny and size + own <= target and groups[-1][-1].path[:-1] == section.path[:-1]:
            groups[-1].append(section)
            size += own
        else:
            groups.append([section])
            size = own if tiny else target
    return groups


def _is_shared(group: Sequence[_Section]) -> bool:
    """Whether headings are said as sentences: several sections together, or a heading with nothing below."""
    return len(group) > 1 or not group[0].body


def _whole(section: _Section, said: Sequence[_Run]) -> _Run:
    return tuple(s for number in (*section.path[-1:], *section.body) for s in said[number])


def _size(said: Iterable[_Said]) -> int:
    return sum(s.tokens for s in said)


def _crumbs(document: Document, group: Sequence[_Section]) -> tuple[str, ...]:
    """The headings above a group, outermost first, without the one that repeats the document's title."""
    path = group[0].path[:-1] if _is_shared(group) else group[0].path
    blocks = [document.blocks[number] for number in path]
    return tuple(_heading(document, block) for block in blocks if not _is_title(document, block))


def _heading(document: Document, block: Block) -> str:
    return _line(document.text[block.start : min(block.end, block.start + 10 * _LINE)])


def _is_title(document: Document, block: Block) -> bool:
    return block.level == 1 and _heading(document, block) == _line(document.title)


def _pieces(
    blocks: Sequence[Block], body: Sequence[int], said: Sequence[_Run], target: int, room: int
) -> Iterator[_Piece]:
    """What stays whole in a section: paragraphs and lists where they fit in `room`, else even parts of them."""
    runs = [list(run) for _, run in groupby(body, key=lambda number: _run_of(blocks[number], number))]
    lists = [blocks[run[0]].kind == "item" for run in runs]
    for number, run in enumerate(runs):
        whole = tuple(s for block in run for s in said[block])
        if number + 1 < len(runs) and lists[number + 1] and blocks[run[0]].kind == "paragraph":
            continue  # said with the list that it introduces
        if lists[number]:
            before = runs[number - 1] if number else []
            opening = said[before[0]] if before and blocks[before[0]].kind == "paragraph" else ()
            yield from _list_pieces(opening, [said[block] for block in run], target, room)
        elif blocks[run[0]].kind == "row":
            yield from map(_Piece, _even([(s,) for s in whole], target, target))
        else:
            yield from _kept(whole, target, room)


def _run_of(block: Block, number: int) -> tuple[object, ...]:
    """What neighbouring blocks have in common that belong together: a list, a table."""
    if block.kind == "item":
        return ("item",)
    return ("row", block.header) if block.kind == "row" else (number,)


def _kept(said: _Run, target: int, room: int) -> Iterator[_Piece]:
    if _size(said) <= room:
        yield _Piece(said)
    else:
        yield from map(_Piece, _even([(s,) for s in said], target, room))


def _list_pieces(opening: _Run, items: Sequence[_Run], target: int, room: int) -> Iterator[_Piece]:
    """A list with the paragraph that introduces it, whole where it fits; later parts name what introduced them."""
    intro = _line(opening[-1].words) if opening else ""
    units = [unit for item in items for unit in ([item] if _size(item) <= room else [(s,) for s in item])]
    first = ""
    if _size(opening) + _size(units[0]) <= room:
        units[0] = opening + units[0]
    elif opening:
        yield from _kept(opening, target, room)
        first = intro
    parts = [tuple(s for unit in units for s in unit)]
    if _size(parts[0]) > room:
        parts = _even(units, target, room)
    yield from (_Piece(part, intro if number else first) for number, part in enumerate(parts))


def _even(units: Sequence[_Run], target: int, room: int) -> list[_Run]:
    """Join units, in order, into runs of about the same size near `target`, none above `room` if it can be."""
    left = sum(map(_size, units))
    count = max(1, -(-left // target))
    parts: list[list[_Run]] = [[]]
    size = 0
    for unit in units:
        own = _size(unit)
        if parts[-1] and (size + own > room or size + own / 2 > left / max(1, count - len(parts) + 1)):
            left -= size
            parts.append([])
            size = 0
        parts[-1].append(unit)
        size += own
    while len(parts) > 1 and sum(map(_size, parts[-1])) < target / 4:  # no tail of a few words
        tail = sum(map(_size, parts[-1]))
        if sum(map(_size, parts[-2])) + tail <= room:
            parts[-2:] = [parts[-2] + parts[-1]]
        elif len(parts[-2]) > 1 and _size(parts[-2][-1]) + tail <= room:
            parts[-1].insert(0, parts[-2].pop())
        else:
            break
    return [tuple(s for unit in part for s in unit) for part in parts]


def _packed(pieces: Sequence[_Piece], target: int, room: int) -> list[_Piece]:
    """Let neighbours share a passage up to `target`, or up to `room` where one would be left small."""
    packs: list[_Piece] = []
    for number, piece in enumerate(pieces, start=1):
        if packs:
            last, own = _size(packs[-1].said), _size(piece.said)
            small = last < target / 4 or (own < target / 4 and number == len(pieces))
            if last + own <= (room if small else target):
                packs[-1] = replace(packs[-1], said=packs[-1].said + piece.said)
                continue
        packs.append(piece)
    return packs


def _overlapping(pieces: Sequence[_Piece], sentences: int, room: int) -> Iterator[_Piece]:
    """Repeat the last sentences of each passage at the start of the next, where they fit."""
    before: _Run = ()
    for piece in pieces:
        repeated = before[-sentences:] if sentences else ()
        while repeated and _size(repeated) + _size(piece.said) > room:
            repeated = repeated[1:]
        yield replace(piece, said=repeated + piece.said)
        before = piece.said


# Context


def _line(text: str) -> str:
    """Text on one line, cut at a word where it is long."""
    line = " ".join(text[: 10 * _LINE].split())
    return line if len(line) <= _LINE else line[:_LINE].rsplit(" ", 1)[0] + "…"


def _contexts(title: str, crumbs: Sequence[str], intro: str) -> list[str]:
    """What could be said before a passage, the fullest first, nothing last; headings go from the left."""
    trails = [" › ".join(crumbs[number:]) for number in range(len(crumbs) + 1)]
    choices = [(title, trail, intro) for trail in trails]
    if intro:
        choices += [(title, trail, "") for trail in trails]
    choices += [("", trail, "") for trail in trails[-2:]]
    return ["\n".join(filter(None, choice)) for choice in choices]


def _fullest(contexts: Iterable[str], counts: _Counts, budget: int) -> str:
    return next((context for context in contexts if counts[context] <= budget), "")
