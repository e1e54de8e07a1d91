"""Misspelt words of a question, put as the documents write them.

A wrong guess would answer another question. So only a word that neither the documents nor an English dictionary have
is touched, or one that is two words of both; and only a slip of the pen is mended: one letter wrong, left out or put
in, letters that changed places. In a name no letter is exchanged for another: Hansen is not Hanson.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import Stemmer
from rapidfuzz.distance import OSA

from assistant.answer.terms import WORD, Term, content_terms
from assistant.store.catalog import Catalog
from assistant.store.vocabulary import stems, texts_with

if TYPE_CHECKING:
    from spellchecker import SpellChecker

SHORTEST = 5  # letters of a word that is looked at: shorter ones are a slip away from too much
SHORTEST_PART = 3  # letters, of two words that were written as one
SHORTEST_STEM = 3  # letters
STEMS_READ = 20  # base forms whose words are looked at, those first that are most like the beginning of the word
READ = 20  # passages in which the word as it is written is looked for

_porter = Stemmer.Stemmer("porter")  # the index keeps base forms of this stemmer


def respelled(question: str, catalog: Catalog) -> str:
    """The question with its misspelt words as the documents write them; the same where there is none."""
    for term in content_terms(question):
        word = term.word
        if len(word) < SHORTEST or not word.isalpha() or catalog.frequency(word, 1):
            continue
        if meant := _parted(word, catalog) or (None if _are_english(word) else _nearest(term, catalog)):
            question = re.sub(rf"\b{re.escape(word)}\b", meant, question)
    return question


def _parted(word: str, catalog: Catalog) -> str | None:
    """The word as two English ones that stand side by side in the documents, or None."""
    pairs = ((word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1))
    return next(
        (" ".join(pair) for pair in pairs if _are_english(*pair) and catalog.frequency(" ".join(pair), 1)), None
    )


def _nearest(term: Term, catalog: Catalog) -> str | None:
    """The word of the documents that is meant, in the form that is nearest to how it was written, or None."""
    word = term.word.casefold()
    base = _porter.stemWord(word)
    # A slip in an ending changes what the stemmer takes off, so that words are compared in full, too.
    known = stems(catalog, word[0], SHORTEST_STEM, len(word) + 1)
    near = {stem: 0 if _is_slip(base, stem) else _begins_like(word, stem) for stem in known}
    likely = sorted((stem for stem in near if near[stem] <= 1), key=lambda stem: (near[stem], -len(stem), stem))
    forms = Counter(
        form
        for stem in likely[:STEMS_READ]
        for form in _written(stem, catalog)
        if _is_slip(base, stem) or _is_slip(word, form.casefold())
    )
    if term.name:
        forms = Counter({form: n for form, n in forms.items() if form[0].isupper() and not _exchanged(word, form)})
    return min(forms, key=lambda form: (OSA.distance(word, form.casefold()), -forms[form], form), default=None)


def _begins_like(word: str, stem: str) -> int:
    """How many slips part the beginning of a word from a base form, at most 2."""
    return min(OSA.distance(word[: len(stem) + more], stem, score_cutoff=1) for more in (-1, 0, 1))


def _is_slip(word: str, meant: str) -> bool:
    """Whether one word can be meant for another.

    Slips are edits of Damerau's distance in which no letter is edited twice: a swap of neighbours is one. Two are
    allowed where the letters are the same ones.
    """
    slips = OSA.distance(word, meant, score_cutoff=2)
    return slips <= 1 or slips == 2 and sorted(word) == sorted(meant)


def _exchanged(word: str, form: str) -> bool:
    """Whether a letter stands in the place of another."""
    meant = form.casefold()
    return len(word) == len(meant) and sorted(word) != sorted(meant)


def _written(stem: str, catalog: Catalog) -> Iterator[str]:
    """The words with this base form, as the documents write them."""
    for text in texts_with(catalog, stem, READ):
        for match in WORD.finditer(text):
            if match[0].isalpha() and _porter.stemWord(match[0].casefold()) == stem:
                yield match[0]


def _are_english(*words: str) -> bool:
    return all(word in _dictionary() for word in words)


@cache
def _dictionary() -> "SpellChecker":
    # A tenth of a second to load: only questions with a word that no document holds pay for it.
    from spellchecker import SpellChecker

    return SpellChecker(language="en")
