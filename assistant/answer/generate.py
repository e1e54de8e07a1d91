"""An answer in a chat model's words, from numbered source sentences.

The model is not trusted: it sees sources as data between delimiters that no source can imitate, only numbers that
it was shown count as citations, nothing of a link or of markup that it writes comes through, and no sentence leaves
here without a verdict.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.answer.attribute import ties
from assistant.answer.cite import cite, readable
from assistant.answer.extract import ScoredSentence
from assistant.answer.inert import addresses, asks_for_address, inert, plain
from assistant.answer.kind import repeats
from assistant.answer.markers import MarkedSentence, SentenceReader
from assistant.answer.prompts import prompt
from assistant.events import CitationEvent, Event, SentenceEvent, TokenEvent, WithdrawnEvent
from assistant.models.chat import ChatModel, ChatUnavailable, without_thoughts
from assistant.types import AnswerSentence, Citation

SOURCES = 12  # sentences shown to the model
# All sources together; some 2,500 tokens, so that prompt and answer fit a window of 4,096.
MOST_CHARACTERS = 9_000
LONGEST_SOURCE = 1_500
LONGEST_LABEL = 200  # characters of a title or heading
MOST_SENTENCES = 40  # of an answer; five are asked for, and each takes time to check
MOST_REPEATS = 3  # sentences said again: then the model goes round in a circle, and is left
NOT_IN_SOURCES = "NOT IN SOURCES"

_REFUSAL = re.compile(rf"\W*(?:{NOT_IN_SOURCES}\b|(?i:{NOT_IN_SOURCES})\W*\Z)")
_MARKUP = re.compile(r"\A(?:[-*•][ \t]+|#{1,6}[ \t]+)|\*\*")
# A marker that the parser left as text; what stands in code cites nothing.
_UNKNOWN = re.compile(r"`[^`]*`|[\[【]\s{0,3}(\d[\d, ]{0,60})[\]】]")


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer's text with [n] markers, its sentences and citations; a refusal has none."""

    text: str = ""
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the model found no answer in the sources."""
        return not self.sentences


# From a text, sentences of it and the citations: those sentences, each with its verdict.
Judge = Callable[[str, Sequence[AnswerSentence], Sequence[Citation]], Sequence[AnswerSentence]]


def generate(
    question: str, scored: Sequence[ScoredSentence], chat: ChatModel, judge: Judge, strict: bool, seconds: float
) -> Generator[Event, None, tuple[Draft | None, str | None]]:
    """Let the chat model answer from the best sentences, and judge each of its sentences as soon as it is written.

    Args:
        question: what was asked.
        scored: sentences, best first.
        chat: who writes.
        judge: gives the verdict.
        strict: whether sentences that are not supported are left out, and none is shown before its verdict.
        seconds: that the model may take.

    Yields:
        `TokenEvent`s with what is written, `CitationEvent`s and `SentenceEvent`s with what is judged.

    Returns:
        The answer, its citations numbered in the order of their first use; or None, and why there is none.
    """
    try:
        draft = yield from _draft(question, choose_sources(scored), chat, judge, strict, seconds)
        reason = "the sources support no sentence that the chat model wrote"
    except ChatUnavailable as unavailable:
        draft, reason = None, inert(unavailable.reason)
    if draft is not None:
        return draft, None
    yield WithdrawnEvent(reason)
    return None, f"{reason}; these are the sources' own words"


def _draft(
    question: str, shown: Sequence[ScoredSentence], chat: ChatModel, judge: Judge, strict: bool, seconds: float
) -> Generator[Event, None, Draft | None]:
    """What the chat model writes; None if no sentence of it is left.

    Raises:
        ChatUnavailable: the chat model cannot answer, or wrote nothing that could be an answer.
    """
    user = prompt("answer_user").substitute(question=inert(question), sources=numbered(shown))
    reader = SentenceReader(len(shown))
    writing = _Writing(question, shown, judge, strict)
    with closing(chat.write(prompt("answer_system").template, user, seconds)) as pieces:
        for piece in without_thoughts(pieces):
            for sentence in reader.feed(piece):
                yield from writing.add(sentence)
            if writing.refused:
                return Draft()
            if writing.in_circle:
                break
            yield TokenEvent("" if strict else writing.provisional(reader.unfinished))
        else:
            for sentence in reader.end():
                yield from writing.add(sentence)
    if writing.refused:
        return Draft()
    if not writing.said:
        raise ChatUnavailable(f"chat model {chat.name} wrote no sentence")
    return writing.draft if writing.draft.sentences else None


def quoted(text: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> Iterator[Event]:
    """The events of an answer in the sources' own words, each sentence with its verdict."""
    by_number = {citation.n: citation for citation in citations}
    end = 0
    for sentence in sentences:
        yield from (CitationEvent(by_number.pop(n)) for n in sentence.citations if n in by_number)
        yield SentenceEvent(text[end : sentence.end], sentence)
        end = sentence.end


class _Writing:
    """The answer as far as it is written, sentence by sentence."""

    def __init__(self, question: str, shown: Sequence[ScoredSentence], judge: Judge, strict: bool) -> None:
        self.draft = Draft()
        self.said = 0  # sentences, those that were left out included
        self.refused = False
        self._repeats = 0  # sentences that were said before; they are left out
        self._shown = shown
        self._sources = [s.sentence.words for s in shown]
        sources = "\n".join(self._sources)
        self._addresses = frozenset(addresses(sources))
        self._question = question
        self._keep = sources if asks_for_address(question) else ""  # the text whose addresses may stand as they are
        self._judge = judge
        self._strict = strict
        self._numbers: dict[int, int] = {}  # of a source, to that of its citation
        self._new_line = False  # whether a line ended since the last sentence of the draft
        self._known: set[str] = set()  # what was said, folded
        self._provisional = ""  # what was shown of the next one

    @property
    def in_circle(self) -> bool:
        """Whether the model says the same again and again; what more it writes is left out."""
        return self._repeats == MOST_REPEATS

    def add(self, sentence: MarkedSentence) -> Iterator[Event]:
        """Judge a sentence and take it into the draft, unless it says nothing new or follows a refusal."""
        self._new_line |= sentence.on_new_line
        words, problems = self._plain(sentence.words)
        if self.refused or self.in_circle or not any(map(str.isalnum, words)):
            return
        if (folded := _folded(words)) in self._known:
            self._repeats += 1
            return
        self._known.add(folded)
        self.said += 1
        self._provisional = ""
        if _REFUSAL.match(words):
            self.refused |= self.said == 1
            return
        if self.said > MOST_SENTENCES:
            raise ChatUnavailable(f"the chat model wrote more than {MOST_SENTENCES} sentences")
        longer, numbers = self._supported(words, sentence.numbers, problems)
        judged = longer.sentences[-1]
        if self._strict and judged.support == "unsupported":
            return
        before, self.draft = self.draft, longer
        self._numbers, self._new_line = numbers, False
        yield from map(CitationEvent, self.draft.citations[len(before.citations) :])
        yield SentenceEvent(self.draft.text[len(before.text) :], judged)

    def provisional(self, words: str) -> str:
        """What can be shown of the sentence that is being written, after what was shown of it: its whole words."""
        told = self._plain(words)[0].rpartition(" ")[0]
        letters = told.lstrip("*_ ").upper()
        if NOT_IN_SOURCES.startswith(letters) or letters.startswith(NOT_IN_SOURCES):
            return ""  # nothing yet, or a refusal
        folded = _folded(told) if not self._provisional else ""
        if folded and any(known.startswith(folded) for known in self._known):
            return ""  # it may be said for the second time
        if not told.startswith(self._provisional):
            return ""  # markup that has closed meanwhile; its verdict shows the sentence as it is
        piece = told[len(self._provisional) :]
        space = " " if piece and self.draft.text and not self._provisional else ""
        self._provisional = told
        return space + piece

    def _supported(self, words: str, cited: Sequence[int], problems: tuple[str, ...]) -> tuple[Draft, dict[int, int]]:
        """The draft with one more sentence, judged, and the numbers of its citations.

        Where what the model cites does not support the sentence, or it cites nothing, and another shown source does
        support it, this one is cited in its place.
        """
        written = self._judged(words, cited, problems)
        if written[0].sentences[-1].support == "verified" or problems:
            return written  # a number or an address that the model made up stays a problem
        tied = (self._judged(words, [other], ()) for other in ties(words, self._sources, cited))
        return next((draft for draft in tied if draft[0].sentences[-1].support == "verified"), written)

    def _judged(self, words: str, cited: Sequence[int], problems: tuple[str, ...]) -> tuple[Draft, dict[int, int]]:
        """The draft with one more sentence, judged by those sources, and the numbers of its citations."""
        numbers = self._numbers | {n: 0 for n in cited}
        numbers = {source: n for n, source in enumerate(numbers, start=1)}
        longer = self._with(words, tuple(numbers[n] for n in cited), problems, numbers)
        [judged] = self._judge(longer.text, longer.sentences[-1:], longer.citations)
        return replace(longer, sentences=(*self.draft.sentences, judged)), numbers

    def _separator(self) -> str:
        return "" if not self.draft.text else "\n" if self._new_line else " "

    def _with(self, words: str, cited: tuple[int, ...], problems: tuple[str, ...], numbers: dict[int, int]) -> Draft:
        """The draft with one more sentence, not judged yet, and the citations that are new with it."""
        draft = self.draft
        text = draft.text + self._separator()
        start = len(text)
        text += words + (" " + "".join(f"[{n}]" for n in cited) if cited else "")
        sentence = AnswerSentence(start, len(text), cited, "unsupported", problems)
        sources = [(n, self._shown[source - 1]) for source, n in numbers.items() if source not in self._numbers]
        new = tuple(cite(n, s.passage, s.sentence, s.score) for n, s in sources)
        return Draft(text, (*draft.sentences, sentence), (*draft.citations, *new))

    def _plain(self, words: str) -> tuple[str, tuple[str, ...]]:
        """The words without markup, and what is wrong with them: numbers and addresses that no source has."""
        unknown = [found[1].strip() for found in _UNKNOWN.finditer(words) if found[1]]
        problems = [f"cites [{number}], which is no source" for number in unknown]
        if not self._addresses.issuperset(addresses(words)):
            problems.append("holds a link that no source has")
        if repeats(self._question, _MARKUP.sub("", words)):
            problems.append("says no more than the question")
        return inert(plain(_MARKUP.sub("", words), keep=self._keep)), tuple(dict.fromkeys(problems))


def _folded(words: str) -> str:
    """What a sentence says, whatever its case, white space and punctuation."""
    return " ".join(re.findall(r"\w+", words.casefold()))


def choose_sources(scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The sentences to show: the best, none twice, together by passage and in the order of their document.

    The passage of the best sentence comes first; source number n is at index n - 1.
    """
    chosen: dict[str, ScoredSentence] = {}
    length = 0
    for candidate in scored:
        words = readable(candidate.sentence)[:LONGEST_SOURCE]
        if words.casefold() in chosen:
            continue
        length += len(words)
        if chosen and (len(chosen) == SOURCES or length > MOST_CHARACTERS):
            break
        chosen[words.casefold()] = candidate
    place = {passage: i for i, passage in enumerate(dict.fromkeys(s.passage.id for s in chosen.values()))}
    return sorted(chosen.values(), key=lambda s: (place[s.passage.id], s.sentence.start))


def numbered(shown: Sequence[ScoredSentence]) -> str:
    """The sources as the model sees them: a block for each passage, a numbered line for each sentence."""
    blocks = []
    numbers = iter(range(1, len(shown) + 1))
    for passage, sentences in groupby(shown, key=lambda s: s.passage):
        labels = {
            "document": passage.document,
            "title": passage.title,
            "date": passage.date,
            "section": passage.heading,
        }
        head = "".join(f' {name}="{_label(value)}"' for name, value in labels.items() if value)
        lines = [f"[{next(numbers)}] {_shortened(inert(s.sentence.words), LONGEST_SOURCE)}" for s in sentences]
        blocks.append("\n".join([f"<source{head}>", *lines, "</source>"]))
    return "\n".join(blocks)


def _label(value: str) -> str:
    return _shortened(inert(value).replace('"', "'"), LONGEST_LABEL)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
