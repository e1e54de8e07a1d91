"""Prose into sentences: exact spans, in time linear in the text, whatever the text.

One pass finds every place where a sentence could end (a stop, a blank line, a line that begins a list item);
for each stop the word before it and the word after it decide. The rules serve English first, and Russian,
Turkish, German, French, Spanish, Chinese and Japanese beside it. No language has to be named: the word lists
are shared, and the rules that would contradict each other look at the text (see `_is_ordinal`).
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from assistant.ingest.abbreviations import (
    GERMAN_AFTER,
    GERMAN_BEFORE,
    IN_NAMES,
    LABELLED,
    NEVER,
    NUMBERED,
    OFTEN,
    SELDOM,
    STARTERS,
)
from assistant.ingest.shorten import shortened

MAX_SENTENCE = 1000  # characters; a longer sentence is cut where it reads best

_REMARK = 300  # characters; a bracketed remark up to this long is not cut in the middle
_NESTING = 50  # brackets within brackets that are told apart
_LOOK = 40  # characters looked at on each side of a stop

# The groups are possessive, and a match never fails once it has a stop: a hostile run is read once.
_BREAK = re.compile(
    r"""
      (?P<blank> \n [^\S\n]*+ \n )
    | (?P<line> ^ (?= [^\S\n]*+ (?P<mark> [-*–—•‣◦▪●■] | \(?\d{1,3}[.)] | \(?[a-z]\) ) [^\S\n]++ (?P<item> . ) ) )
    | (?P<run> [.!?…‥。！？｡．।॥۔؟։።]++ (?: [ ]\. (?![^\s.]) )*+ )
      (?P<closers> (?: [)\]}>"'”’“»«›」』）】〉》¹²³⁰⁴⁵⁶⁷⁸⁹*†‡_`] | [ \xa0\u202f]»(?=\s|\Z) )*+ )
      (?P<notes> (?: \[ [\w ,–-]{1,24}+ \] | : \d[\d,–-]{0,12}+ (?!\w) )*+ )
      (?P<figure> (?<= [^\W\d_][.!?] ) \d{1,3}+ (?=\s) )?+
      (?P<apart> (?=\s|\Z) )?+
    """,
    re.VERBOSE | re.MULTILINE,
)
_LATIN_STOPS = frozenset(".!?…‥")
_SPACED_CLOSERS = re.compile(r"(?:\s(?:''|[”’»)\]}'](?=\s|\Z)))*+")
_SPACED_QUOTE = re.compile(r'\s"(?=\s|\Z)')
_TO_NEXT = re.compile(r"""[\s"'“”‘’«»„‹›(\[{（「『《【¿¡`*_•–—-]*+""")
_BRACKET = re.compile(r"[()（）]")
_WORD = re.compile(r"[^\W_]")

_CLOSING_QUOTES = frozenset("\"'”’»")
_CONTINUES = frozenset(",;:)]}»”）」』、，；：.!?…%=/&")
_QUOTING = frozenset("とっのをが")  # Japanese particles after a quoted sentence: 「行く。」と言った
_ENUMERATOR = re.compile(r"\W{0,2}(?:\w+\s|§\s?)?(?:\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[IVX]{1,6}|[ivx]{1,5})")
_LAST_WORD = re.compile(r"[^\s/–—(\[{\"“«„‘`*_]*+\Z")
_LETTERS = re.compile(r"[^\W\d_]{1,4}(?:\.-?[^\W\d_]{1,3})+")  # U.S, Ph.D, т.е, J.-C
_ROMAN = re.compile(r"[IVXLC]{1,6}")
_NUMBER_NEXT = re.compile(r"\d|[A-Za-z]\d|[IVXLC]{1,6}\b|[№#§]")
_NEXT_WORD = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)?)([\s,]?)")
_MIXED = re.compile(r"[^\W\d_A-Z]{1,12}-?[A-Z\d]|[a-z]\)")  # iPhone, p53, a): with a capital they would be wrong
_NEXT_INITIAL = re.compile(r"[^\W\d_]\.")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a piece of prose.

    Line breaks count as spaces, blank lines end a sentence, and so do lines that begin list items.

    Returns:
        Half-open spans into `text`, in order and disjoint, none empty, none with space at either end, none
        longer than `MAX_SENTENCE` characters; every character that is not space lies in one of them.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*_cuts(text), len(text)]:
        piece = text[start:cut]
        kept = piece.strip()
        if kept:
            first = start + len(piece) - len(piece.lstrip())
            spans.extend(shortened(text, first, first + len(kept), MAX_SENTENCE))
        start = cut
    return spans


def _cuts(text: str) -> Iterator[int]:
    """Where one sentence ends and the next may begin, ascending."""
    start = 0  # of the sentence being read
    word = -1  # where its first word begins
    mark = ""  # of the list being read
    clues = _Clues(turkish=sum(map(text.count, "ığİ")) * 60 > len(text), small=text.islower())
    remarks = _Remarks(text)
    for found in _BREAK.finditer(text):
        cut = -1
        if found["run"]:
            if word < start:
                first = _WORD.search(text, start)
                word = first.start() if first else len(text)
            if word < found.start():
                cut = _end_of_sentence(text, start, found, clues)
            if cut >= 0 and remarks.hold(cut, word):
                cut = -1
        elif found["blank"]:
            cut, mark = found.end(), ""
        else:
            kind = _kind_of_mark(found["mark"])
            if _is_item(text, start, found, follows=kind == mark):
                cut = found.start()
            mark = kind
        if cut >= 0:
            yield cut
            start = cut


def _kind_of_mark(mark: str) -> str:
    core = mark.strip("(.)")
    return "1" if core.isdigit() else "a" if core.isalpha() else core


def _is_item(text: str, start: int, found: re.Match[str], follows: bool) -> bool:
    """Whether a line is a list item that `follows` another or comes first: prose, too, may wrap before a dash."""
    if found["mark"] in "•‣◦▪●■":
        return True
    if found["mark"] in "–—" and found["item"].islower():  # — Stop! / — he said.
        return False
    before = text[max(start, found.start() - _LOOK) : found.start()].rstrip()
    return follows or not before or before[-1] in ":.;!?"


class _Remarks:
    """The bracketed remarks of a text, asked about from left to right."""

    def __init__(self, text: str) -> None:
        self._pairs: list[tuple[int, int]] = []
        self._next = 0
        self._until = -1
        opened: deque[int] = deque(maxlen=_NESTING)
        for found in _BRACKET.finditer(text):
            if found[0] in "(（":
                opened.append(found.start())
            elif opened:
                begin = opened.pop()
                if found.start() - begin <= _REMARK:
                    self._pairs.append((begin, found.start()))
        self._pairs.sort()

    def hold(self, cut: int, word: int) -> bool:
        """Whether `cut` lies inside a remark that began after `word`, the first word of its sentence."""
        while self._next < len(self._pairs) and self._pairs[self._next][0] < cut:
            begin, end = self._pairs[self._next]
            if begin > word:
                self._until = max(self._until, end)
            self._next += 1
        return cut <= self._until


class _Clues(NamedTuple):
    """What the whole text tells about its language."""

    turkish: bool
    small: bool  # written without a single capital


def _end_of_sentence(text: str, start: int, found: re.Match[str], clues: _Clues) -> int:
    """Where the sentence ends that `found` may stop, closing quotes and footnote marks included, else -1."""
    stop, end, run = found.start(), found.end(), found["run"]
    latin = run[-1] in _LATIN_STOPS
    if latin and found["apart"] is None and not (text[end : end + 1].isupper() and _is_glued(text, start, found)):
        return -1
    spaced = text[stop - 1].isspace()  # tokenised text: "He went . She stayed ."
    if spaced:
        end = _skip(_SPACED_CLOSERS, text, end)
        if _SPACED_QUOTE.match(text, end) and text.count('"', max(start, stop - MAX_SENTENCE), stop) % 2:
            end += 2
    next_at = _skip(_TO_NEXT, text, end)
    following = text[next_at : next_at + _LOOK]
    if not following or following[0] in _CONTINUES:
        return -1
    small = following[0].islower() and not (_MIXED.match(following) or clues.small)
    if small and not (spaced and run == "." and end == found.end()):
        return -1
    if not latin:
        return -1 if following[0] in _QUOTING or _is_decimal(text, stop) else end
    if text[end - 1] in _CLOSING_QUOTES and text[end:next_at].lstrip()[:1] == "(":
        return -1  # "Who Are You?" (1978) was
    if "!" in run or "?" in run:
        return -1 if following.startswith("Inc") else end  # Yahoo! Inc.
    if run != ".":
        return -1 if text[stop - 1] in "[(" and found["closers"][:1] in {"]", ")"} else end
    return -1 if _belongs_to_word(text[max(start, stop - _LOOK) : stop], following, found, clues) else end


def _is_glued(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a sentence follows without a space: after a footnote mark, or by mistake ("the end.The next").

    A name with a stop in it, such as "asyncio.Queue", is in ASCII and goes on with no such word as "The".
    """
    if found["notes"]:
        return True
    before = _LAST_WORD.search(text, max(start, found.start() - _LOOK), found.start())
    after = text[found.end() : found.end() + _LOOK]
    if before is None or not before[0].islower() or len(before[0]) < 3 or not before[0].isalpha():
        return False
    return _starts_sentence(after) or not (before[0] + after.split()[0]).isascii()


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _is_decimal(text: str, stop: int) -> bool:
    return text[stop] == "．" and text[stop - 1].isdigit() and text[stop + 1 : stop + 2].isdigit()


def _belongs_to_word(before: str, following: str, found: re.Match[str], clues: _Clues) -> bool:
    """Whether the stop after `before` is part of its last word, and ends no sentence."""
    if len(before) < _LOOK and _ENUMERATOR.fullmatch(before.strip()):
        return True
    tokens = before.split() or [""]  # a stop may stand behind more space than is looked at
    word = _last_part(tokens[-1])
    previous = _last_part(tokens[-2]) if len(tokens) > 1 else ""
    if found["figure"]:  # "as was shown.12 The", not "No.5 The"
        return not (word.islower() and len(word) > 3) or word in NUMBERED
    joined = previous + word if len(word) < 3 and previous[-1:] == "." and len(previous) < 4 else word
    if joined in NEVER or word in NUMBERED and _NUMBER_NEXT.match(following):
        return True
    if before[-1].isspace():
        return following[0].islower() and (len(word) == 1 or word in OFTEN or word in SELDOM)
    if joined in OFTEN:
        return False
    if word.isdigit() or _ROMAN.fullmatch(word) and (clues.turkish or len(word) > 1):
        return _is_ordinal(word, previous, following, clues)
    if len(word) == 1 and word.isalpha():
        return _is_initial(word, previous, following)
    return bool(word in SELDOM or _LETTERS.fullmatch(word)) and not _starts_sentence(following)


def _last_part(token: str) -> str:
    found = _LAST_WORD.search(token)
    return found[0] if found else ""


def _starts_sentence(following: str) -> bool:
    found = _NEXT_WORD.match(following)
    if found is None or found[1] not in STARTERS:
        return False
    return found[2].isspace() or found[2] == "," and len(found[1]) > 3


def _is_ordinal(word: str, previous: str, following: str, clues: _Clues) -> bool:
    """Whether the stop makes a numeral the number of an item ("as follows: 1. Open") or an ordinal.

    Turkish and German write "2. Dünya Savaşı" and "im 19. Jahrhundert". Turkish sentences end in a verb, so
    there a number before a stop is seldom the end; German ones need a word beside it that gives it away.
    """
    if len(word) > 3 and word.isdigit():
        return False
    if previous[-1:] in {":", ";"}:
        return True
    if clues.turkish:
        return not _starts_sentence(following)
    after = _NEXT_WORD.match(following)
    if not word.isdigit() or after is None:
        return False
    return after[1] in GERMAN_AFTER or previous in GERMAN_BEFORE and not _starts_sentence(following)


def _is_initial(letter: str, previous: str, following: str) -> bool:
    """Whether a single letter before a stop is an initial or an abbreviation, and ends no sentence."""
    if _NEXT_INITIAL.match(following):
        return True
    if letter in "гв" and not following[0].isdigit():  # "в 1990 г. Затем", but "г. Москва"
        return not any(c.isdigit() for c in previous) and not _ROMAN.fullmatch(previous)
    if letter.islower():  # "c. 1990", "Roe v. Wade", and any Cyrillic letter: "о. Сахалин"
        return following[0].isdigit() or letter in "vc" or (letter >= "а" and not _starts_sentence(following))
    if not letter.isupper() or previous.lower() in LABELLED:
        return False
    if letter == "I" and previous in {"and", "or", "than", "as"}:
        return False
    found = _NEXT_WORD.match(following)
    return not _starts_sentence(following) or (found is not None and found[1] in IN_NAMES)
