"""An answer in a chat model's words, from numbered source sentences.

The model is not trusted: it sees sources as data between delimiters that no source can imitate, only numbers that
it was shown count as citations, and each sentence leaves here unverified.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from string import Template
from typing import Literal

from assistant.answer.cite import cite, readable
from assistant.answer.extract import ScoredSentence
from assistant.answer.inert import inert
from assistant.answer.markers import read_markers
from assistant.models.chat import ChatModel, ChatUnavailable
from assistant.types import AnswerSentence, Citation

SOURCES = 12  # sentences shown to the model
# All sources together; some 2,500 tokens, so that prompt and answer fit a window of 4,096.
MOST_CHARACTERS = 9_000
LONGEST_SOURCE = 1_500
LONGEST_LABEL = 200  # characters of a title or heading
NOT_IN_SOURCES = "NOT IN SOURCES"

_REFUSAL = re.compile(rf"\W*(?:{NOT_IN_SOURCES}\b|(?i:{NOT_IN_SOURCES})\W*\Z)")
_THOUGHTS = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_MARKUP = re.compile(r"\A(?:[-*•][ \t]+|#{1,6}[ \t]+)|\*\*")
# A marker that the parser left as text; what stands in code is left alone.
_UNKNOWN = re.compile(r"`[^`]*`|[\[【]\s{0,3}(\d[\d, ]{0,60})[\]】]")


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer's text with [n] markers, its sentences (not verified yet) and citations; a refusal has none."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]

    @property
    def refused(self) -> bool:
        """Whether the model found no answer in the sources."""
        return not self.sentences


def generate(question: str, scored: Sequence[ScoredSentence], chat: ChatModel) -> Draft:
    """Let the chat model answer from the best sentences.

    Args:
        question: what was asked.
        scored: sentences, best first.
        chat: who writes.

    Returns:
        The draft. Its citations are the sentences it used, numbered in the order of their first use.

    Raises:
        ChatUnavailable: the chat model cannot answer, or wrote nothing that could be an answer.
    """
    shown = choose_sources(scored)
    user = _prompt("user").substitute(question=inert(question), sources=numbered(shown))
    written = _THOUGHTS.sub("", "".join(chat.write(_prompt("system").template, user)), count=1)
    said = _said(written, len(shown))
    if not said:
        raise ChatUnavailable(f"chat model {chat.name} wrote no sentence")
    if _REFUSAL.match(said[0].words):
        return Draft("", (), ())
    said = [s for s in said if not _REFUSAL.match(s.words)]
    return _draft(
        said,
        lambda number, n: cite(n, shown[number - 1].passage, shown[number - 1].sentence, shown[number - 1].score),
    )


def strict(text: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> Draft | None:
    """The answer without its unsupported sentences, and its citations numbered anew.

    Args:
        text: of a draft.
        sentences: of the draft, each with its verdict.
        citations: of the draft.

    Returns:
        What is left, or None if nothing is.
    """
    by_number = {citation.n: citation for citation in citations}
    said = [
        _Said(
            words=text[s.start : s.end].removesuffix(_markers(s.citations)),
            numbers=s.citations,
            on_new_line="\n" in text[max(0, s.start - 1) : s.start],
            support=s.support,
            problems=s.problems,
        )
        for s in sentences
        if s.support != "unsupported"
    ]
    return _draft(said, lambda number, n: replace(by_number[number], n=n)) if said else None


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


@cache
def _prompt(name: Literal["system", "user"]) -> Template:
    return Template(files("assistant.answer").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8").strip())


def _label(value: str) -> str:
    return _shortened(inert(value).replace('"', "'"), LONGEST_LABEL)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence without its markers, and the numbers it cites."""

    words: str
    numbers: tuple[int, ...]
    on_new_line: bool
    support: Literal["verified", "unsupported"] = "unsupported"
    problems: tuple[str, ...] = ()


def _said(written: str, shown: int) -> list[_Said]:
    """The sentences that a chat model wrote, without Markdown; those without a letter or digit say nothing."""
    marked = read_markers([written], shown)
    said = []
    end = 0
    for sentence in marked.sentences:
        words, problems = _unknown_told(" ".join(marked.text[sentence.start : sentence.end].split()))
        words = _MARKUP.sub("", words).strip()
        if any(map(str.isalnum, words)):
            on_new_line = "\n" in marked.text[end : sentence.start]
            said.append(_Said(words, sentence.numbers, on_new_line, problems=problems))
            end = sentence.end
    return said


def _unknown_told(words: str) -> tuple[str, tuple[str, ...]]:
    """The words with each number that names no source in round brackets, so that no reader takes it for a marker."""
    unknown = [found[1] for found in _UNKNOWN.finditer(words) if found[1]]
    told = _UNKNOWN.sub(lambda found: f"({found[1]})" if found[1] else found[0], words)
    return told, tuple(dict.fromkeys(f"cites [{number.strip()}], which is no source" for number in unknown))


def _draft(said: Iterable[_Said], citation: Callable[[int, int], Citation]) -> Draft:
    """Text, sentences and citations; `citation` makes one from the number that was cited and the new number."""
    text = ""
    renumbered: dict[int, int] = {}
    sentences = []
    for sentence in said:
        if text:
            text += "\n" if sentence.on_new_line else " "
        numbers = tuple(renumbered.setdefault(number, len(renumbered) + 1) for number in sentence.numbers)
        start = len(text)
        text += sentence.words + _markers(numbers)
        sentences.append(AnswerSentence(start, len(text), numbers, sentence.support, sentence.problems))
    return Draft(text, tuple(sentences), tuple(citation(old, new) for old, new in renumbered.items()))


def _markers(numbers: Sequence[int]) -> str:
    return " " + "".join(f"[{n}]" for n in numbers) if numbers else ""
