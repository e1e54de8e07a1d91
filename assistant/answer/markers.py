"""Citation markers out of what a chat model writes: [1], [1, 2], [1][2] and 【1】.

A number that was not shown is no citation, and what stands in code is none either; both stay text. No number is ever
taken for another.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.ingest.sentences import sentence_spans

Part = str | tuple[int, ...]  # text, or the numbers of one marker

LONGEST = 60  # characters of a marker
_CLOSING = {"[": "]", "【": "】"}
_INSIDE = frozenset("0123456789, ")
_NUMBERS = re.compile(r" *[1-9][0-9]{0,5}(?: *, *[1-9][0-9]{0,5})* *")
_FENCES = frozenset("`~")
_BLANK = " \t"
# What may stand between the start of a line and a marker that belongs to the words after it.
_LINE_START = re.compile(r"(?:\A|\n)[ \t]*(?:[-*•–][ \t]*)?\Z")


class MarkerParser:
    """Reads text as it arrives, character by character, so that it does not matter where pieces are cut.

    Code is what stands between runs of backticks of one length, up to the end of the line, and what follows a line
    that begins with three backticks or tildes, up to another such line. Inside it there are no markers. At most
    `LONGEST` characters are held back.
    """

    def __init__(self, shown: int) -> None:
        self._shown = shown  # the numbers from 1 to this one were shown
        self._held = ""  # what may become a marker
        self._ticks = ""  # the run of backticks or tildes being read
        self._line_start = True  # nothing but blanks on the line before what is being read
        self._code = ""  # the run that opened the code within a line
        self._fence = ""  # the run that opened the code of whole lines

    def feed(self, piece: str) -> Iterator[Part]:
        """What is certain after one more piece."""
        text: list[str] = []
        for character in piece:
            for part in self._read(character):
                if isinstance(part, str):
                    text.append(part)
                else:
                    if text:
                        yield "".join(text)
                        text.clear()
                    yield part
        if text:
            yield "".join(text)

    def end(self) -> Iterator[Part]:
        """What was held back."""
        held, self._held = self._held, ""
        if held:
            yield held

    def _read(self, character: str) -> Iterator[Part]:
        if self._held:
            if character in _INSIDE and len(self._held) < LONGEST:
                self._held += character
                return
            held, self._held = self._held, ""
            if character == _CLOSING[held[0]]:
                yield self._numbers(held[1:]) or held + character
                return
            yield held
        if self._ticks and character != self._ticks[0]:
            self._end_of_ticks()
        if character in _FENCES:
            self._ticks += character
        elif character == "\n":
            self._code, self._line_start = "", True
        elif character in _CLOSING and not (self._code or self._fence):
            self._held, self._line_start = character, False
            return
        elif character not in _BLANK:
            self._line_start = False
        yield character

    def _end_of_ticks(self) -> None:
        """A run of backticks or tildes is over: it may open or close code."""
        ticks, self._ticks = self._ticks, ""
        if self._line_start and len(ticks) >= 3 and not self._fence:
            self._fence = ticks
        elif self._fence:
            if self._line_start and ticks.startswith(self._fence):
                self._fence = ""
        elif ticks[0] == "`":
            if not self._code:
                self._code = ticks
            elif self._code == ticks:
                self._code = ""
        self._line_start = False

    def _numbers(self, inside: str) -> tuple[int, ...]:
        """The numbers between brackets; none where they are not all numbers that were shown."""
        if not _NUMBERS.fullmatch(inside):
            return ()
        numbers = tuple(int(number) for number in inside.split(","))
        return numbers if all(number <= self._shown for number in numbers) else ()


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence of `Marked.text`, and the numbers it cites, each once, in their order."""

    start: int
    end: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its markers, and its sentences with theirs."""

    text: str
    sentences: tuple[MarkedSentence, ...]


def read_markers(pieces: Iterable[str], shown: int) -> Marked:
    """What a chat model wrote, with its citations.

    A marker belongs to the sentence in which it stands, or after which, even behind its full stop; at the start of
    a line that goes on it belongs to the sentence that follows.

    Args:
        pieces: the text, cut anywhere.
        shown: the numbers from 1 to this one are citations.
    """
    text, places = _without_markers(_parts(pieces, shown))
    spans = sentence_spans(text)
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    numbers: list[list[int]] = [[] for _ in spans]
    for place in places:
        last_before = bisect_left(starts, place.offset) - 1  # that begins before the marker
        first_after = bisect_right(ends, place.offset)  # that goes on behind it
        if spans:
            at = first_after if place.leads else max(last_before, 0)
            numbers[min(at, len(spans) - 1)] += place.numbers
    return Marked(
        text,
        tuple(MarkedSentence(s, e, tuple(dict.fromkeys(n))) for (s, e), n in zip(spans, numbers, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a marker stood: its offset in the text without markers, and whether it leads a line that goes on."""

    offset: int
    numbers: tuple[int, ...]
    leads: bool


def _parts(pieces: Iterable[str], shown: int) -> Iterator[Part]:
    parser = MarkerParser(shown)
    for piece in pieces:
        yield from parser.feed(piece)
    yield from parser.end()


def _without_markers(parts: Iterable[Part]) -> tuple[str, list[_Place]]:
    """The text, without blanks before a marker, and the places of the markers."""
    segments, markers = _segments(parts)
    goes_on = _goes_on(segments)
    kept: list[str] = []
    places: list[_Place] = []
    length, tail = 0, ""  # of what is kept
    for i, segment in enumerate(segments):
        if i < len(markers):
            segment = segment.rstrip(_BLANK)
        if segment[:1].isalnum() and kept and tail[-1:].strip():
            segment = " " + segment  # "long.[1]It": the marker was all that kept the words apart
        kept.append(segment)
        length += len(segment)
        tail = (tail + segment)[-LONGEST:]
        if i < len(markers):
            places.append(_Place(length, markers[i], goes_on[i] and bool(_LINE_START.search(tail))))
    return "".join(kept), places


def _segments(parts: Iterable[Part]) -> tuple[list[str], list[tuple[int, ...]]]:
    """The text before each marker and after the last, and the markers."""
    texts: list[list[str]] = [[]]
    markers = []
    for part in parts:
        if isinstance(part, str):
            texts[-1].append(part)
        else:
            markers.append(part)
            texts.append([])
    return ["".join(text) for text in texts], markers


def _goes_on(segments: list[str]) -> list[bool]:
    """For each marker, whether words follow on its line; other markers are none."""
    found = []
    follows = False
    for segment in reversed(segments[1:]):
        words = segment.strip(_BLANK)
        follows = not words.startswith("\n") if words else follows
        found.append(follows)
    return found[::-1]
