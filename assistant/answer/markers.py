"""Citation markers out of what a chat model writes: [1], [1, 2], [1][2] and 【1】.

A number that was not shown is no citation, and what stands in code is none either; both stay text. No number is ever
taken for another.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.ingest.sentences import MAX_SENTENCE, sentence_spans

Part = str | tuple[int, ...]  # text, or the numbers of one marker

LONGEST = 60  # characters of a marker
AHEAD = 40  # characters behind a sentence by which it is seen to have ended
STEP = 16  # characters between two looks for sentences that have ended
_CLOSING = {"[": "]", "【": "】"}
_INSIDE = frozenset("0123456789, ")
_NUMBERS = re.compile(r" *[1-9][0-9]{0,5}(?: *, *[1-9][0-9]{0,5})* *")
_FENCES = frozenset("`~")
_BLANK = " \t"
# What may stand between the start of a line and a marker that belongs to the words after it.
_LINE_START = re.compile(r"(?:\A|\n)[ \t]*(?:[-*•–][ \t]*)?\Z")
_GOES_ON = re.compile(r"[ \t]*+[^\n]")


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
    """A sentence without its markers, and the numbers it cites, each once, in their order."""

    words: str
    numbers: tuple[int, ...]
    on_new_line: bool  # whether a line ended between it and the sentence before


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a marker stood: its offset in the text without markers, and whether only blanks stood before it there."""

    offset: int
    numbers: tuple[int, ...]
    line_start: bool


class SentenceReader:
    """Reads sentences with their citations as the text arrives; where it is cut into pieces makes no difference.

    A marker belongs to the sentence in which it stands, or after which, even behind its full stop; at the start of
    a line that goes on it belongs to the sentence that follows. A sentence is given when the next one has begun and
    `AHEAD` characters stand behind it, or at the end; what comes later changes nothing about it.
    """

    def __init__(self, shown: int) -> None:
        self._parser = MarkerParser(shown)
        self._text = ""  # behind the last sentence that was given, without markers and the blanks before them
        self._places: list[_Place] = []
        self._look = AHEAD  # length of the text at which sentences are looked for

    @property
    def unfinished(self) -> str:
        """The words, so far, of the sentence that will be given next."""
        begun = self._text.lstrip()[:MAX_SENTENCE]
        spans = sentence_spans(begun)
        return begun[slice(*spans[0])] if spans else ""

    def feed(self, piece: str) -> Iterator[MarkedSentence]:
        """The sentences that have ended after one more piece."""
        for character in piece:
            for part in self._parser.feed(character):
                self._add(part)
            if len(self._text) >= self._look:
                yield from self._ended()
                # Later and later while nothing ends, so that time stays linear in the text.
                self._look = len(self._text) + max(STEP, len(self._text) // 4)

    def end(self) -> Iterator[MarkedSentence]:
        """The sentences that are left."""
        for part in self._parser.end():
            self._add(part)
        spans = sentence_spans(self._text)
        yield from self._marked(spans, len(spans))
        self._text = ""

    def _add(self, part: Part) -> None:
        if isinstance(part, tuple):
            self._text = self._text.rstrip(_BLANK)
            line_start = _LINE_START.search(self._text[-LONGEST:]) is not None
            self._places.append(_Place(len(self._text), part, line_start))
        else:
            marker_before = self._places and self._places[-1].offset == len(self._text)
            if marker_before and part[:1].isalnum() and self._text[-1:].strip():
                self._text += " "  # "long.[1]It": the marker was all that kept the words apart
            self._text += part

    def _ended(self) -> Iterator[MarkedSentence]:
        """Give the sentences that have ended, and forget them."""
        spans = sentence_spans(self._text)
        ended = sum(end + AHEAD <= len(self._text) for _, end in spans[:-1])
        if ended:
            yield from self._marked(spans, ended)
            cut = spans[ended - 1][1]
            self._text = self._text[cut:]
            self._places = [replace(place, offset=place.offset - cut) for place in self._places]

    def _marked(self, spans: list[tuple[int, int]], count: int) -> Iterator[MarkedSentence]:
        """The first sentences with their numbers; their markers are used up."""
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        numbers: list[list[int]] = [[] for _ in spans]
        left = []
        for place in self._places if spans else []:
            leads = place.line_start and _GOES_ON.match(self._text, place.offset)
            last_before = bisect_left(starts, place.offset) - 1  # that begins before the marker
            first_after = bisect_right(ends, place.offset)  # that goes on behind it
            at = min(first_after if leads else max(last_before, 0), len(spans) - 1)
            numbers[at] += place.numbers
            if at >= count:
                left.append(place)
        self._places = left
        before = 0
        for (start, end), cited in zip(spans[:count], numbers, strict=False):
            on_new_line = "\n" in self._text[before:start]
            yield MarkedSentence(self._text[start:end], tuple(dict.fromkeys(cited)), on_new_line)
            before = end


def read_markers(pieces: Iterable[str], shown: int) -> list[MarkedSentence]:
    """The sentences that a chat model wrote, with their citations.

    Args:
        pieces: the text, cut anywhere.
        shown: the numbers from 1 to this one are citations.
    """
    reader = SentenceReader(shown)
    return [*(sentence for piece in pieces for sentence in reader.feed(piece)), *reader.end()]
