"""What stands below which heading, and which short sections share a passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingest.words import Run, size_of
from assistant.types import Block, Document

_TINY = 40  # tokens below which a section may share a passage with its neighbours
_LINE = 200  # characters of a title, heading or introduction that are said


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between one heading and the next, in block numbers; `path` is its headings from the top."""

    path: tuple[int, ...]
    body: tuple[int, ...]

    def has_below(self, other: "Section") -> bool:
        return len(other.path) > len(self.path) and other.path[: len(self.path)] == self.path


def find_sections(document: Document, said: Sequence[Run]) -> list[Section]:
    """Find what stands below each heading.

    A heading with no text below it is a section only if no other is below it, and the document's title only
    if there is nothing else: all of the document is below it, whatever the levels say.
    """
    blocks = document.blocks
    sections: list[Section] = []
    path: tuple[int, ...] = ()
    body: list[int] = []
    for number, block in enumerate(blocks):
        if block.kind != "heading":
            body += [number] if said[number] else []
        elif said[number]:
            sections.append(Section(path, tuple(body)))
            path = (*(above for above in path if blocks[above].level < block.level), number)
            body = []
    sections.append(Section(path, tuple(body)))
    found = [
        section
        for section, following in pairwise([*sections, Section((), ())])
        if section.body or section.path and not section.has_below(following)
    ]
    return [s for s in found if s.body or len(found) == 1 or not _is_title(document, blocks[s.path[-1]])]


def grouped(sections: Sequence[Section], said: Sequence[Run], target: int) -> list[list[Section]]:
    """Put tiny sections that follow each other under the same heading together, others alone."""
    groups: list[list[Section]] = []
    size = target  # of the group that is being filled; `target` when it is full
    for section, following in pairwise([*sections, Section((), ())]):
        own = size_of(whole_of(section, said))
        tiny = own < _TINY and bool(section.path) and not section.has_below(following)
        if tiny and size + own <= target and groups[-1][-1].path[:-1] == section.path[:-1]:
            groups[-1].append(section)
            size += own
        else:
            groups.append([section])
            size = own if tiny else target
    return groups


def is_shared(group: Sequence[Section]) -> bool:
    """Whether headings are said as sentences: several sections together, or a heading with nothing below."""
    return len(group) > 1 or not group[0].body


def whole_of(section: Section, said: Sequence[Run]) -> Run:
    return tuple(s for number in (*section.path[-1:], *section.body) for s in said[number])


def crumbs_of(document: Document, group: Sequence[Section]) -> tuple[str, ...]:
    """The headings above a group, outermost first, without the one that repeats the document's title."""
    path = group[0].path[:-1] if is_shared(group) else group[0].path
    blocks = [document.blocks[number] for number in path]
    return tuple(_heading(document, block) for block in blocks if not _is_title(document, block))


def _heading(document: Document, block: Block) -> str:
    return one_line(document.text[block.start : min(block.end, block.start + 10 * _LINE)])


def _is_title(document: Document, block: Block) -> bool:
    return block.level == 1 and _heading(document, block) == one_line(document.title)


def one_line(text: str) -> str:
    """Text on one line, cut at a word where it is long."""
    line = " ".join(text[: 10 * _LINE].split())
    return line if len(line) <= _LINE else line[:_LINE].rsplit(" ", 1)[0] + "…"
