"""Gold evidence, found in the stored text of an index: a file and a quote become spans, or a reason why not.

White space, the form of dashes and of quotation marks are apart; all else of a quote has to be in the text as it is.
Offsets are exact all the same, since the text is searched as it is stored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

from rapidfuzz import fuzz

from assistant.evaluation.sets import Case, Source
from assistant.store.catalog import Catalog
from assistant.types import Document, StoredPassage

MOST_PLACES = 100  # of one quote; a word that stands everywhere is no evidence
NEAR_ENOUGH = 60.0  # of 100, for words to be shown in the place of a quote that is not there
EDGES = ".,;:!?()[]"  # of words, which do not make them other words
MOST_APART = 3  # places told at which such words differ from the quote
LONGEST_SEARCHED = 200_000  # characters of a file in which such words are looked for

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d"
DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02'
SINGLE = "'\u2018\u2019\u201a\u201b\u2039\u203a\u00b4\u0060\uff07"
_CLASSES = {character: f"[{re.escape(group)}]" for group in (DASHES, DOUBLE, SINGLE) for character in group}
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BETWEEN = r"[\s\u00ad\u200b\u2060\ufeff]+"  # words

Missing = Literal["not indexed", "not parsed"]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the stored text of a document: `text[start:end]`."""

    document: str
    start: int
    end: int

    def shared_with(self, document: str, start: int, end: int) -> int:
        """How many characters it has in common with another place."""
        return max(0, min(self.end, end) - max(self.start, start)) if document == self.document else 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source of a case: its places in the text, of which each is as good; none, and why, where it is not found."""

    source: Source
    spans: tuple[Span, ...]
    missing: Missing | None = None
    reason: str | None = None


def resolve(case: Case, catalog: Catalog) -> list[Evidence]:
    """The evidence of a case, source by source, in their order."""
    return [_resolved(source, catalog) for source in case.sources]


def holds(found: Span, place: Span) -> bool:
    """Whether a place has at least half of a span of evidence, or lies by half of its own length in it."""
    shared = place.shared_with(found.document, found.start, found.end)
    return shared > 0 and 2 * shared >= min(found.end - found.start, place.end - place.start)


def relevant_passages(evidence: Sequence[Evidence], catalog: Catalog) -> set[int]:
    """Ids of the passages of an index that hold any of the evidence."""
    spans = [span for item in evidence for span in item.spans]
    near = ((span, p) for span in spans for p in catalog.passages_at(span.document, span.start, span.end))
    return {passage.id for span, passage in near if holds(span, span_of(passage))}


def span_of(passage: StoredPassage) -> Span:
    """Where a passage stands."""
    return Span(passage.document, passage.start, passage.end)


def places(quote: str, text: str) -> list[tuple[int, int]]:
    """Start and end of the places of a quote in a text, the first `MOST_PLACES` of them."""
    words = _INVISIBLE.sub("", quote).split()
    if not words:
        return []
    pattern = _BETWEEN.join("".join(_CLASSES.get(c, re.escape(c)) for c in word) for word in words)
    found = []
    for match in re.finditer(pattern, text):
        found.append(match.span())
        if len(found) == MOST_PLACES:
            break
    return found


def _resolved(source: Source, catalog: Catalog) -> Evidence:
    document = catalog.document(source.file)
    if document is None:
        return Evidence(source, (), "not indexed", _why_not_indexed(source.file, catalog))
    if source.page is not None and not any(page.number == source.page for page in document.pages):
        has = f"pages {document.pages[0].number} to {document.pages[-1].number}" if document.pages else "no pages"
        return Evidence(source, (), "not parsed", f"{source.file} has {has}, and page {source.page} is asked for")
    if source.quote is None:
        ends = [(p.start, p.end) for p in document.pages if p.number == source.page] or [(0, len(document.text))]
        return Evidence(source, tuple(Span(document.path, *place) for place in ends))
    found = places(source.quote, document.text)
    if not found:
        reason = f"{source.file} does not have the quote {_near(source.quote, document)}"
        return Evidence(source, (), "not parsed", reason)
    on_page = [place for place in found if source.page is None or source.page in _pages(document, *place)]
    if not on_page:
        others = sorted({page for place in found for page in _pages(document, *place)})
        reason = f"{source.file} has the quote on page {', '.join(map(str, others))}, not {source.page}"
        return Evidence(source, (), "not parsed", reason)
    return Evidence(source, tuple(Span(document.path, *place) for place in on_page))


def _pages(document: Document, start: int, end: int) -> list[int]:
    return [page.number for page in document.pages if page.start < end and start < page.end]


def _why_not_indexed(path: str, catalog: Catalog) -> str:
    reasons = {skipped.path: skipped.reason for skipped, _ in catalog.skipped()}
    if path in reasons:
        return f"{path} is not indexed: {reasons[path]}"
    near = get_close_matches(path, catalog.hashes(), n=1)
    return f"{path} is not in the index" + (f"; did you mean {near[0]!r}?" if near else "")


def _near(quote: str, document: Document) -> str:
    """A quote that is not there, shortened; and the words that are most like it, whole, with what differs."""
    told = f"“{shown(quote)}”"
    line = " ".join(quote.split())
    found = fuzz.partial_ratio_alignment(line, document.text[:LONGEST_SEARCHED], score_cutoff=NEAR_ENOUGH)
    if found is None or found.dest_end == found.dest_start:
        return told
    wider = len(line) // 3  # than the quote, where the text has more words than it
    there = _whole_words(document.text, found.dest_start - wider, found.dest_end + wider).split()
    wanted = line.split()
    bare = [[word.strip(EDGES) or word for word in words] for words in (wanted, there)]
    steps = SequenceMatcher(a=bare[0], b=bare[1], autojunk=False).get_opcodes()
    inside = [step for step in steps if step[0] != "insert" or 0 < step[1] < len(wanted)]
    # Words before and behind the quote are none of it.
    (_, a, b, c, d), (_, e, f, g, h) = inside[0], inside[-1]
    first, last = max(c, d - (b - a)), min(h, g + (f - e))
    parts = [(bare[0][a:b], bare[1][max(c, first) : min(d, last)]) for kind, a, b, c, d in inside if kind != "equal"]
    apart = [part for part in parts if part[0] != part[1]]
    if sum(len(words) for words, _ in apart) * 2 > len(wanted):
        return told  # most words are others: it is another sentence
    differing = "; ".join(_apart(*words) for words in apart[:MOST_APART])
    return f"{told}; nearest: “{shown(' '.join(there[first:last]))}”" + (f" ({differing})" if differing else "")


def _apart(quoted: Sequence[str], there: Sequence[str]) -> str:
    """What a text has in the place of some words of a quote."""
    own, others = f"“{' '.join(there)}”", f"“{' '.join(quoted)}”"
    return f"{own}, not {others}" if there and quoted else f"it also has {own}" if there else f"it lacks {others}"


def _whole_words(text: str, start: int, end: int) -> str:
    """A part of a text, made longer at both ends until no word is cut."""
    start, end = max(0, start), min(end, len(text))
    while start > 0 and not text[start - 1].isspace() and not text[start].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace() and not text[end - 1].isspace():
        end += 1
    return text[start:end]


def shown(text: str, longest: int = 120) -> str:
    """A text on one line, cut at `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
