"""Documents into passages: runs of sentences that follow headings, paragraphs, lists and tables.

    blocks → sentences → sections → pieces that stay whole → passages

A passage is what is searched, a sentence what is cited. Sizes are counted in word pieces, since that is what
an embedder's window holds.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.ingest.formats.tables import is_caption
from assistant.ingest.sections import crumbs_of, find_sections, grouped, is_shared, one_line, whole_of
from assistant.ingest.words import Counts, CountTokens, Run, say, size_of
from assistant.ingest.words import row_in_words as row_in_words  # part of what this module offers
from assistant.types import Block, Document, Page, Passage

_CONTEXT = 60  # tokens of title, headings and introduction at most


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
class _Piece:
    """Sentences that share a passage; `intro` introduces their list or names their table, if that is elsewhere."""

    said: Run
    intro: str = ""


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
    counts = Counts(count_tokens)
    said = say(document, counts, limits.max_tokens)
    sections = find_sections(document, said)
    groups = [(crumbs_of(document, group), group) for group in grouped(sections, said, limits.target_tokens)]
    title = one_line(document.title)
    counts.learn(context for crumbs, _ in groups for context in _contexts(title, crumbs, ""))
    cap = min(_CONTEXT, limits.max_tokens // 3)
    drafts: list[tuple[tuple[str, ...], _Piece]] = []
    for crumbs, group in groups:
        context = _fullest(_contexts(title, crumbs, ""), counts, cap)
        room = limits.max_tokens - counts[context]
        target = min(limits.target_tokens, room)
        if is_shared(group):
            pieces = [piece for section in group for piece in _kept(whole_of(section, said), target, room)]
        else:
            pieces = list(_pieces(document.blocks, group[0].body, said, target, room))
        packed = _packed(pieces, target, room)
        drafts += [(crumbs, piece) for piece in _overlapping(packed, limits.overlap_sentences, room)]
    counts.learn(c for crumbs, piece in drafts if piece.intro for c in _contexts(title, crumbs, piece.intro))
    passages = []
    for crumbs, piece in drafts:
        budget = min(cap, limits.max_tokens - size_of(piece.said))
        context = _fullest(_contexts(title, crumbs, piece.intro), counts, budget)
        passages.append(_passage(document, crumbs, piece.said, context))
    return passages


def page_at(pages: Sequence[Page], at: int) -> Page | None:
    """The page on which the character at `at` stands, None where there are no pages."""
    number = bisect_right(pages, at, key=lambda page: page.start)
    return pages[max(0, number - 1)] if pages else None


def _passage(document: Document, crumbs: tuple[str, ...], said: Run, context: str) -> Passage:
    start = said[0].sentence.start
    page = page_at(document.pages, start)
    words = "\n".join(
        " ".join(sentence.words for sentence in block) for _, block in groupby(said, key=lambda s: s.block)
    )
    return Passage(
        start=start,
        end=said[-1].sentence.end,
        sentences=tuple(s.sentence for s in said),
        heading=" › ".join(crumbs),
        page=page.number if page else None,
        context=context,
        search_text=f"{context}\n{words}" if context else words,
    )


def _pieces(
    blocks: Sequence[Block], body: Sequence[int], said: Sequence[Run], target: int, room: int
) -> Iterator[_Piece]:
    """What stays whole in a section: paragraphs and lists where they fit in `room`, else even parts of them."""
    runs = [list(run) for _, run in groupby(body, key=lambda number: _run_of(blocks[number], number))]
    lists = [blocks[run[0]].kind == "item" for run in runs]
    captions = _captions(blocks, runs, said)
    named = set(captions.values())
    for number, run in enumerate(runs):
        whole = tuple(s for block in run for s in said[block])
        if number in named:
            continue  # said with the table that it names
        if number + 1 < len(runs) and lists[number + 1] and blocks[run[0]].kind == "paragraph":
            continue  # said with the list that it introduces
        if lists[number]:
            before = runs[number - 1] if number else []
            introduced = before and number - 1 not in named and blocks[before[0]].kind == "paragraph"
            opening = said[before[0]] if introduced else ()
            yield from _list_pieces(opening, [said[block] for block in run], target, room)
        elif blocks[run[0]].kind == "row":
            caption = said[runs[captions[number]][0]] if number in captions else ()
            yield from _table_pieces(whole, caption, captions.get(number, 0) < number, target, room)
        else:
            yield from _kept(whole, target, room)


def _captions(blocks: Sequence[Block], runs: Sequence[Sequence[int]], said: Sequence[Run]) -> dict[int, int]:
    """Which run is the caption of which table: the one above it, or if that is none, the one below it."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for number, run in enumerate(runs):
        if blocks[run[0]].kind != "row":
            continue
        for other in (number - 1, number + 1):
            if not 0 <= other < len(runs) or other in taken or blocks[runs[other][0]].kind != "paragraph":
                continue
            if is_caption(" ".join(s.words for s in said[runs[other][0]])):
                found[number] = other
                taken.add(other)
                break
    return found


def _table_pieces(rows: Run, caption: Run, above: bool, target: int, room: int) -> Iterator[_Piece]:
    """The parts of a table; its caption is said with the part that it stands at, the other parts are named by it."""
    size = size_of(caption)
    least = max(target // 2, target - size)
    parts = _even([(s,) for s in rows], least, least)
    name = one_line(" ".join(s.words for s in caption))
    at = 0 if above else len(parts) - 1
    if caption and size_of(parts[at]) + size > room:
        parts.insert(at if above else at + 1, caption)
        at += not above
    elif caption:
        parts[at] = caption + parts[at] if above else parts[at] + caption
    yield from (_Piece(part, "" if n == at else name) for n, part in enumerate(parts))


def _run_of(block: Block, number: int) -> tuple[object, ...]:
    """What neighbouring blocks have in common that belong together: a list, a table."""
    if block.kind == "item":
        return ("item",)
    return ("row", block.header) if block.kind == "row" else (number,)


def _kept(said: Run, target: int, room: int) -> Iterator[_Piece]:
    if size_of(said) <= room:
        yield _Piece(said)
    else:
        yield from map(_Piece, _even([(s,) for s in said], target, room))


def _list_pieces(opening: Run, items: Sequence[Run], target: int, room: int) -> Iterator[_Piece]:
    """A list with the paragraph that introduces it, whole where it fits; later parts name what introduced them."""
    intro = one_line(opening[-1].words) if opening else ""
    units = [unit for item in items for unit in ([item] if size_of(item) <= room else [(s,) for s in item])]
    first = ""
    if size_of(opening) + size_of(units[0]) <= room:
        units[0] = opening + units[0]
    elif opening:
        yield from _kept(opening, target, room)
        first = intro
    parts = [tuple(s for unit in units for s in unit)]
    if size_of(parts[0]) > room:
        parts = _even(units, target, room)
    yield from (_Piece(part, intro if number else first) for number, part in enumerate(parts))


def _even(units: Sequence[Run], target: int, room: int) -> list[Run]:
    """Join units, in order, into runs of about the same size near `target`, none above `room` if it can be."""
    left = sum(map(size_of, units))
    count = max(1, -(-left // target))
    parts: list[list[Run]] = [[]]
    size = 0
    for unit in units:
        own = size_of(unit)
        if parts[-1] and (size + own > room or size + own / 2 > left / max(1, count - len(parts) + 1)):
            left -= size
            parts.append([])
            size = 0
        parts[-1].append(unit)
        size += own
    while len(parts) > 1 and sum(map(size_of, parts[-1])) < target / 4:  # no tail of a few words
        tail = sum(map(size_of, parts[-1]))
        if sum(map(size_of, parts[-2])) + tail <= room:
            parts[-2:] = [parts[-2] + parts[-1]]
        elif len(parts[-2]) > 1 and size_of(parts[-2][-1]) + tail <= room:
            parts[-1].insert(0, parts[-2].pop())
        else:
            break
    return [tuple(s for unit in part for s in unit) for part in parts]


def _packed(pieces: Sequence[_Piece], target: int, room: int) -> list[_Piece]:
    """Let neighbours share a passage up to `target`, or up to `room` where one would be left small."""
    packs: list[_Piece] = []
    for number, piece in enumerate(pieces, start=1):
        if packs:
            last, own = size_of(packs[-1].said), size_of(piece.said)
            small = last < target / 4 or (own < target / 4 and number == len(pieces))
            if last + own <= (room if small else target):
                packs[-1] = replace(packs[-1], said=packs[-1].said + piece.said)
                continue
        packs.append(piece)
    return packs


def _overlapping(pieces: Sequence[_Piece], sentences: int, room: int) -> Iterator[_Piece]:
    """Repeat the last sentences of each passage at the start of the next, where they fit."""
    before: Run = ()
    for piece in pieces:
        repeated = before[-sentences:] if sentences else ()
        while repeated and size_of(repeated) + size_of(piece.said) > room:
            repeated = repeated[1:]
        yield replace(piece, said=repeated + piece.said)
        before = piece.said


# Context


def _contexts(title: str, crumbs: Sequence[str], intro: str) -> list[str]:
    """What could be said before a passage, the fullest first, nothing last; headings go from the left."""
    trails = [" › ".join(crumbs[number:]) for number in range(len(crumbs) + 1)]
    choices = [(title, trail, intro) for trail in trails]
    if intro:
        choices += [(title, trail, "") for trail in trails]
    choices += [("", trail, "") for trail in trails[-2:]]
    return ["\n".join(filter(None, choice)) for choice in choices]


def _fullest(contexts: Iterable[str], counts: Counts, budget: int) -> str:
    return next((context for context in contexts if counts[context] <= budget), "")
