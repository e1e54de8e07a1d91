"""Choosing, among sentences that were scored for a question, those that an answer says."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from assistant.answer.extract import ScoredSentence
from assistant.answer.terms import content_terms, stems
from assistant.store.catalog import Catalog
from assistant.types import StoredPassage, StoredSentence

MOST_ITEMS = 20  # of a list that is said whole
# A passage whose logit lies further below that of the best sentence's speaks of something else: on CLAPNQ and on a
# product's documentation, fewer citations lie outside the gold passages for it, and no question loses one inside.
PASSAGE_GAP = 2.5
NEIGHBOURS = 3  # passages before and after, looked at for the rest of a list

# "which seven benefits", "what are the aims", "list the principles", "name all the members"
_SEVERAL = re.compile(
    r"\b(?:what|which)\s+(?:are|were)\b"
    r"|\b(?:list|name|enumerate)\s+(?:all|the|every|each|some|\w+\s+\w+s\b)"
    r"|\b(?:what|which)\s+(?:\w+[\s-]+){0,3}?(?!\w*(?:ss|us|is)\b)\w{3,}s\b(?=\s+\w+)",
    re.IGNORECASE,
)
# A sentence that begins with one of these speaks of something that was named before it.
_LEANING = re.compile(
    r"(?:it|its|he|his|she|her|they|their|this|these|that|those|such|both|the (?:former|latter|same))\b"
    r"(?!\s+(?:is|was)\s+(?:\w+\s+){0,3}(?:that|to)\b)",  # "It is said that", "It is hard to" speak of nothing before
    re.IGNORECASE,
)


def choose(
    query: str, scored: Sequence[ScoredSentence], limit: int, gap: float, catalog: Catalog
) -> list[ScoredSentence]:
    """The sentences of an extractive answer, of which there is at least one to choose from.

    Returns:
        The best sentence, then up to `limit` - 1 more within `gap` of it, in the order of their sources; where the
        best leans on the sentence before it, that one is among them. Where several things are asked for, a list of
        which one of these is a part follows the best sentence whole, up to `MOST_ITEMS` of it.
    """
    asked = stems(query)
    best, *others = [s for s in scored if not _is_label(s.sentence, asked)] or scored
    chosen = [best]
    if limit > 1 and _LEANING.match(best.sentence.words) and (before := _before(best, scored)):
        chosen.append(before)
    said = {_said(s) for s in chosen}
    for candidate in others:
        if len(chosen) >= limit or best.score - candidate.score > gap:
            break
        if _said(candidate) not in said and best.of_passage - candidate.of_passage <= PASSAGE_GAP:
            said.add(_said(candidate))
            chosen.append(candidate)
    if listed := _listed(query, chosen, catalog):
        places = {(s.passage.document, s.sentence.start) for s in listed}
        return listed if (best.passage.document, best.sentence.start) in places else [best, *listed]
    place = {candidate.passage.document: i for i, candidate in reversed(list(enumerate(chosen)))}
    return [best, *sorted(chosen[1:], key=lambda s: (place[s.passage.document], s.sentence.start))]


def _listed(query: str, chosen: Sequence[ScoredSentence], catalog: Catalog) -> list[ScoredSentence]:
    """The whole list that answers: the first of which a chosen sentence is a part, or that the best introduces."""
    asked_for = chosen if _SEVERAL.search(query) else chosen[:1] if _opens(chosen[0].sentence) else []
    return next(filter(None, (whole_list(candidate, catalog) for candidate in asked_for)), [])


def whole_list(found: ScoredSentence, catalog: Catalog) -> list[ScoredSentence]:
    """The list that a sentence is an item or the introduction of, in its order; empty where it is neither."""
    near = list(_around(found.passage, catalog))
    sentences = [(passage, sentence) for passage in near for sentence in passage.sentences]
    at = next(i for i, (_, sentence) in enumerate(sentences) if sentence.start == found.sentence.start)
    if found.sentence.kind == "paragraph":
        at += 1
    if at == len(sentences) or sentences[at][1].kind != "item":
        return []
    first = last = at
    while first > 0 and sentences[first - 1][1].kind == "item":
        first -= 1
    while last + 1 < len(sentences) and sentences[last + 1][1].kind == "item":
        last += 1
    if last == first:
        return []
    if first > 0 and sentences[first - 1][1].kind == "paragraph":  # what introduces it
        first -= 1
    listed = sentences[first : min(last, first + MOST_ITEMS) + 1]
    return [replace(found, passage=passage, sentence=sentence) for passage, sentence in listed]


def _around(passage: StoredPassage, catalog: Catalog) -> Iterator[StoredPassage]:
    """The passage, between those next to it in its section."""
    for neighbour in catalog.passages_of(passage.document, passage.id - NEIGHBOURS, passage.id + NEIGHBOURS):
        if neighbour.heading == passage.heading:
            yield neighbour


def _opens(sentence: StoredSentence) -> bool:
    """Whether what a sentence says comes after it."""
    return sentence.kind == "paragraph" and sentence.quote.rstrip(" *_").endswith(":")


def _is_label(sentence: StoredSentence, asked: Set[str]) -> bool:
    """Whether a sentence is a heading, or like one, that only repeats words of the question."""
    like_one = sentence.kind in ("heading", "paragraph", "item") and sentence.quote.rstrip()[-1:].isalnum()
    return like_one and len(words := content_terms(sentence.words)) <= 6 and all(term.stem in asked for term in words)


def _before(best: ScoredSentence, scored: Sequence[ScoredSentence]) -> ScoredSentence | None:
    """The sentence before the best in its passage, if it is prose, too."""
    earlier = [
        s
        for s in scored
        if s.passage is best.passage and s.sentence.start < best.sentence.start and s.sentence.kind == "paragraph"
    ]
    return max(earlier, key=lambda s: s.sentence.start, default=None)


def _said(candidate: ScoredSentence) -> str:
    """What a sentence says, whatever its case, white space and punctuation: no answer says it twice."""
    return " ".join(re.findall(r"\w+", candidate.sentence.words.casefold()))
