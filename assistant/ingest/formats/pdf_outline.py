"""What a PDF says of its parts: the labels of its pages, and an outline (bookmarks), found again among its lines.

PDFium goes through long lists entry by entry, so that each question may take as long as a list that a file made for
that. What has taken too long is therefore given up as a whole, as if the file said nothing of its parts.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.ingest.formats.common import DEEPEST, one_line
from assistant.ingest.formats.pdf_lines import Line, Segment

TITLE_LIMIT = 250  # characters; longer ones are no headings

_BOOKMARKS_LIMIT = 5_000
_CHARACTERS_LIMIT = 1_000_000  # of all titles, or of all labels
_LABEL_LIMIT = 40  # characters; longer ones help nobody to find a page
_SECONDS = 4.0  # of the processor; an outline of 5,000 titles takes a quarter of a second
_MOST_LINES = 4  # of a title
_MOST_TITLES = 0.5  # of all characters; an outline that names more as titles tells nothing
_SAME_TITLES = 20  # lines alike of which the one nearest to where the outline points is looked for
_NUMBER = re.compile(r"(?:\d{1,3}|[A-Z]|[IVXLC]{1,7})(?:\.\d{1,3})*[.):]?\s+(?=\w)")  # before a heading

Lines = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A title of an outline: its depth from 1, the index of its page, and how far up it points, if that is said."""

    title: str
    level: int
    page: int
    top: float | None


def page_labels(document: pdfium.PdfDocument) -> dict[int, str]:
    """What the file calls its pages, by the number of the page, where that is something else than its number."""
    labels: dict[int, str] = {}
    end = time.process_time() + _SECONDS
    left = _CHARACTERS_LIMIT
    for number in range(1, len(document) + 1):
        said = document.get_page_label(number - 1)
        left -= len(said)
        if left < 0 or time.process_time() > end:
            return {}
        label = one_line(said[: 2 * _LABEL_LIMIT])
        if label and label != str(number) and len(label) <= _LABEL_LIMIT and label.isprintable():
            labels[number] = label
    return labels


def read_outline(document: pdfium.PdfDocument) -> list[Bookmark]:
    """The titles of the outline that point to pages, in its order; of more than 5,000 the first."""
    found: list[Bookmark] = []
    end = time.process_time() + _SECONDS
    left = _CHARACTERS_LIMIT
    for bookmark in islice(document.get_toc(max_depth=DEEPEST), _BOOKMARKS_LIMIT):
        said = bookmark.get_title()
        left -= len(said)
        if left < 0 or time.process_time() > end:
            return []
        if len(said) > TITLE_LIMIT or not any(map(str.isalpha, said)):
            continue
        place = bookmark.get_dest()
        page = place.get_index() if place else None
        if place and page is not None and page < len(document):
            found.append(Bookmark(one_line(said), bookmark.level + 1, page, _top(place)))
    return found


def _top(place: pdfium.PdfDest) -> float | None:
    mode, position = place.get_view()
    if mode == raw.PDFDEST_VIEW_XYZ and len(position) > 1:
        return float(position[1])
    return float(position[0]) if mode == raw.PDFDEST_VIEW_FITH and position else None


def titled(pages: Sequence[Lines], outline: Iterable[Bookmark]) -> Sequence[Lines]:
    """The pages with the lines marked that are titles of the outline; none are where it names most lines as such."""
    by_page: dict[int, list[Bookmark]] = defaultdict(list)
    for bookmark in outline:
        by_page[bookmark.page].append(bookmark)
    marked = list(pages)
    number = titles = 0
    for page, bookmarks in sorted(by_page.items()):
        lines = list(pages[page])
        for bookmark, places in _found(lines, bookmarks):
            number += 1
            titles += sum(len(lines[place].text) for place in places)
            for place in places:
                lines[place] = _as_title(lines[place], (number, bookmark.level))
        marked[page] = lines
    return marked if titles <= _MOST_TITLES * sum(len(line.text) for lines in pages for line in lines) else pages


def _found(lines: Lines, bookmarks: Sequence[Bookmark]) -> Iterator[tuple[Bookmark, range]]:
    """Those of the bookmarks of a page that are whole lines of it, and which; no line is two titles."""
    whole: dict[str, list[range]] = defaultdict(list)
    unnumbered: dict[str, list[range]] = defaultdict(list)
    for places in _candidates(lines):
        said = " ".join(lines[place].text for place in places)
        whole[_key(said)].append(places)
        if (number := _NUMBER.match(said)) is not None:
            unnumbered[_key(said[number.end() :])].append(places)
    taken: set[int] = set()
    for bookmark in bookmarks:
        number = _NUMBER.match(bookmark.title)
        ways = [(whole, bookmark.title), (unnumbered, bookmark.title)]
        ways += [(whole, bookmark.title[number.end() :])] if number else []
        for known, title in ways:
            key = _key(title)
            alike = known.get(key, [])[:_SAME_TITLES] if key else []
            free = [places for places in alike if taken.isdisjoint(places)]
            if free:
                places = min(free, key=lambda places: _distance(lines[places[0]], bookmark.top))
                taken.update(places)
                yield bookmark, places
                break


def _candidates(lines: Lines) -> Iterator[range]:
    """Lines that may be a title, alone or a few together."""
    for first in range(len(lines)):
        length = 0
        for end in range(first + 1, min(first + _MOST_LINES, len(lines)) + 1):
            line = lines[end - 1]
            length += len(line.text)
            if length > TITLE_LIMIT or line.of_contents or line.turn != lines[first].turn:
                break
            yield range(first, end)


def _distance(line: Line, top: float | None) -> float:
    return 0.0 if top is None else abs(top - line.baseline)


def _key(text: str) -> str:
    """What two ways to write one title have in common: its letters and digits."""
    return "".join(filter(str.isalnum, text.casefold()))


def _as_title(line: Line, outlined: tuple[int, int]) -> Line:
    """A line marked as a title, its number no column of its own."""
    at = tuple(span for segment in line.segments for span in segment.at)
    return replace(line, segments=(Segment(line.left, line.right, line.text, at),), outlined=outlined)
