"""Where the best sentences of different documents give different values for the same thing.

A reader should see both, each with its date and place, and judge: nothing is averaged and nothing silently
picked. A false alarm costs more than a miss, so two values count as different values of one thing only where
`sameness` finds nothing that tells them apart and `agreement` nothing that explains the difference.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from assistant.answer.cite import cite
from assistant.answer.commands import steers
from assistant.answer.disagreements.agreement import agree, confirms, states
from assistant.answer.disagreements.asked import Asked, asked_for
from assistant.answer.disagreements.opposed import contradictions
from assistant.answer.disagreements.sameness import same_thing
from assistant.answer.disagreements.statements import CLOCK, DATE, NAME, Statement, named_values, statements
from assistant.answer.disagreements.subjects import words_of
from assistant.answer.extract import ScoredSentence
from assistant.answer.periods import UNTOLD, Period
from assistant.answer.terms import FUNCTION_WORDS
from assistant.events import CitationEvent, Event
from assistant.types import Citation, DatedValue, Disagreement, RankedPassage

GAP, MOST = 8.0, 12  # logits below the best sentence, and sentences, that are looked at
# Passages read beyond those whose sentences were scored, logits below the best one, and words that a sentence of them
# must share with the best sentences.
FURTHER, FURTHER_GAP, COMMON_WORDS = 10, 6.0, 3
# The cross-encoder's logit for texts that have nothing to do with each other: for sentences that it did not read.
UNRELATED = -11.5
MOST_FOUND = 3  # disagreements named in one answer
FORECAST = ": forecast and result"  # said of a topic where just one side looks ahead


@dataclass(frozen=True, slots=True)
class Side:
    """One value of a disagreement: as written, its date, and the sentence it rests on.

    The date is that of the document, else the one that the sentence gives for its value, in ISO form as far as known.
    """

    value: str
    date: str | None
    source: ScoredSentence


@dataclass(frozen=True, slots=True)
class Found:
    """A disagreement: what it is about, in a few words, and its sides, newest first, undated ones last."""

    topic: str
    sides: tuple[Side, ...]


def disagreements(query: str, scored: Sequence[ScoredSentence], ranked: Sequence[RankedPassage] = ()) -> list[Found]:
    """Where sources disagree on what a question asks for.

    Args:
        query: the question that was searched for.
        scored: its sentences, best first.
        ranked: its passages, best first. Those whose sentences were not scored are read too, for other values of
            what the best sentences say.

    Returns:
        None where there are no sentences; else at most `MOST_FOUND`, that with the best sentence first; each has
        two or more sides, of different documents. A forecast and a later result are told by the topic.
    """
    near = [s for s in scored[:MOST] if scored[0].score - s.score <= GAP]
    said = [statement for sentence in near for statement in statements(sentence)]
    asked = asked_for(query, said)
    said = _asked_for(said, near, asked)
    best = len(said)
    further = list(_further(near, ranked)) if best else []
    said += _asked_for([statement for sentence in further for statement in statements(sentence)], further, asked)
    found: list[Found] = []
    used: set[int] = set()
    for i, first in enumerate(said[:best]):
        if i in used or len(found) == MOST_FOUND:
            continue
        others = [j for j, s in enumerate(said) if j > i and j not in used and _disagree(first, s, said, asked)]
        if others:
            used.update(others)
            used.update(j for j, s in enumerate(said) if same_thing(first, s, said, asked))
            found.append(_found(query, [first, *(said[j] for j in others)]))
    return found or (_denials(query, near, asked) if asked.yes_or_no else [])


def _asked_for(said: Sequence[Statement], sentences: Sequence[ScoredSentence], asked: Asked) -> list[Statement]:
    """The statements of sentences that give what is asked for, of a period that is; with names, where they are."""
    names = [s for sentence in sentences for s in named_values(sentence, asked.words)] if NAME in asked.kinds else []
    return [s for s in [*said, *names] if s.kind in asked.kinds and _in_period(s, asked.periods)]


def _further(near: Sequence[ScoredSentence], ranked: Sequence[RankedPassage]) -> Iterator[ScoredSentence]:
    """The sentences of passages that were found and not read, where they share words with the best ones."""
    known = {word for sentence in near for word in _words(sentence.sentence.words)} - FUNCTION_WORDS
    read = {sentence.passage.id for sentence in near}
    for candidate in ranked[:FURTHER]:
        if candidate.passage.id in read or ranked[0].score - candidate.score > FURTHER_GAP:
            continue
        for sentence in candidate.passage.sentences:
            if len(_words(sentence.words) & known) >= COMMON_WORDS and not steers(sentence.words):
                yield ScoredSentence(candidate.passage, sentence, UNRELATED, UNRELATED, candidate.score, 0.0)


def with_sides(chosen: Sequence[ScoredSentence], found: Sequence[Found]) -> list[ScoredSentence]:
    """The chosen sentences and, after them, those that a disagreement rests on and that are not among them."""
    sentences = {_place(s): s for s in (*chosen, *(side.source for each in found for side in each.sides))}
    return list(sentences.values())


def told(
    found: Sequence[Found], citations: Sequence[Citation]
) -> Generator[Event, None, tuple[tuple[Disagreement, ...], list[Citation]]]:
    """The disagreements as an answer gives them, each value with the number of its citation.

    Yields:
        A `CitationEvent` for each side that the answer does not cite yet.

    Returns:
        Those of which the answer cites a side, and the citations of their other sides, numbered after the answer's.
    """
    number = {(c.document, c.start, c.end): c.n for c in citations}
    added: list[Citation] = []
    cited = [each for each in found if any(_place(side.source) in number for side in each.sides)]
    for source in (side.source for each in cited for side in each.sides):
        if _place(source) not in number:
            n = len(citations) + len(added) + 1
            added.append(cite(n, source.passage, source.sentence, source.score))
            number[_place(source)] = n
            yield CitationEvent(added[-1])
    values = [tuple(DatedValue(s.value, s.date, number[_place(s.source)]) for s in each.sides) for each in cited]
    return tuple(Disagreement(each.topic, sides) for each, sides in zip(cited, values, strict=True)), added


def _place(sentence: ScoredSentence) -> tuple[str, int, int]:
    return sentence.passage.document, sentence.sentence.start, sentence.sentence.end


def _in_period(statement: Statement, asked: Set[Period]) -> bool:
    """Whether a value is of a period that the question names, if it names one."""
    if not asked or statement.period in asked or statement.kind in (DATE, CLOCK):
        return True
    years = {first // 12 for first, _ in asked}
    told = any(date.year in years for date in statement.reading.dates)  # in brackets, or as a day of it
    return statement.period in (None, UNTOLD) and (told or statement.kind == NAME)


def _disagree(a: Statement, b: Statement, said: Sequence[Statement], asked: Asked) -> bool:
    """Whether two statements are of the same thing, and neither document has the other's value of it too."""
    if a.place.document == b.place.document or a.kind != b.kind or agree(a, b) or states(a, b) or states(b, a):
        return False
    if not same_thing(a, b, said, asked) or (a.kind == NAME and (_speaks_of(a, b) or _speaks_of(b, a))):
        return False
    return not any(
        (s.place.document == b.place.document and confirms(a, s) and s.period in (None, a.period))
        or (s.place.document == a.place.document and confirms(b, s) and s.period in (None, b.period))
        for s in said
    )


def _speaks_of(a: Statement, b: Statement) -> bool:
    """Whether the passage of a statement has the name that is another one's value."""
    return _words(b.value) <= _words(a.place.text)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _found(query: str, said: Sequence[Statement]) -> Found:
    """The disagreement of statements: a side for each value and document, best sentence first of each."""
    kept: list[Statement] = []
    for s in said:
        if not any(agree(s, k) or s.place.document == k.place.document for k in kept):
            kept.append(s)
    ahead = sum(s.ahead for s in kept)
    topic = _topic(query, said[0].source) + (FORECAST if 0 < ahead < len(kept) else "")
    return Found(topic, _newest_first(Side(s.value, s.place.date or _own_date(s), s.source) for s in kept))


def _denials(query: str, near: Sequence[ScoredSentence], asked: Asked) -> list[Found]:
    """Where the best sentence that another document contradicts says yes and the other says no."""
    sides = contradictions(near, asked.words)
    if not sides:
        return []
    return [Found(_topic(query, near[0]), _newest_first(Side(v, s.passage.date, s) for s, v in sides))]


def _newest_first(sides: Iterable[Side]) -> tuple[Side, ...]:
    return tuple(sorted(sides, key=lambda side: side.date or "", reverse=True))


def _own_date(statement: Statement) -> str | None:
    """The date that a sentence gives for its value: a day it names, else the end of the period."""
    days = [d for d in statement.reading.dates if d.day and d.year and d.month and d is not statement.item]
    if len(days) == 1:
        return f"{days[0].year:04}-{days[0].month:02}-{days[0].day:02}"
    if statement.period in (None, UNTOLD):
        return None
    first, last = statement.period
    year, month = (last - 1) // 12, (last - 1) % 12 + 1
    return f"{year:04}" if last - first == 11 else f"{year:04}-{month:02}"


def _topic(query: str, first: ScoredSentence) -> str:
    """What a disagreement is about: the words of the question that carry meaning, as it writes them.

    Words that the source has not are left out: the question may suppose what no source says.
    """
    wanted = words_of(query) & words_of(f"{first.passage.text} . {first.passage.title} . {first.passage.heading}")
    words = [w for w in re.findall(r"[^\W_]+(?:['’\-–][^\W_]+)*", query) if words_of(w) & wanted or w[0].isdigit()]
    return " ".join(dict.fromkeys(words[:8])) or first.passage.heading or first.passage.title
