"""The words of a question that carry its meaning, compared in their base form.

Used to weigh how much of a question a source speaks of, and to name what no source mentions. The base form is
that of the Snowball stemmer for English; most words of other languages pass through it as they stand.
"""

import re
from dataclasses import dataclass

import Stemmer

WORD = re.compile(r"[^\W_]+(?:[.,'’\-–/][^\W_]+)*")  # 2,000 and co-operation and O'Brien are one word each

# Words that ask, join or point, and so say nothing of what a question is about.
FUNCTION_WORDS = frozenset(
    """a an the this that these those there here it its itself he she they them their his her him hers theirs we us
    our ours you your yours i me my mine who whom whose which what when where why how whether if and or but nor so
    not no yes as at by for from in into of off on onto out over per to toward towards under up upon via with within
    without about above across after against along among around before behind below beneath beside besides between
    beyond despite down during except since than through throughout until unless while because although though
    however also just only even still yet too very much many more most less least some any each every either
    neither both all such same other another others one ones own once ever never always often sometimes
    am is are was were be been being do does did done doing has have had having can could may might must shall
    should will would ought let get got gets getting give given gives gave make made makes take took taken
    say says said saying tell tells told please name named call called know known mean means happen happened
    happens exactly actually really kind sort type list describe explain example use used using like
    s t re ve ll d m don doesn didn isn aren wasn weren won can't don't what's who's it's""".split()
)

_english = Stemmer.Stemmer("english")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question. `name` says that it is written as a name, a figure or an abbreviation."""

    word: str
    stem: str
    name: bool


def stem(word: str) -> str:
    """The base form of a word: lower case, no possessive, no thousands separators, English endings off."""
    word = re.sub(r"['’]s?$", "", word.casefold())
    if word[:1].isdigit():
        return word.replace(",", "")
    return str(_english.stemWord(word))


def stems(text: str) -> frozenset[str]:
    """The base forms of all words of a text, parts of compounds included."""
    found = set()
    for match in WORD.finditer(text):
        found.add(stem(match[0]))
        parts = re.split(r"['’\-–/]", match[0])
        if len(parts) > 1:
            found.update(stem(part) for part in parts if part)
    return frozenset(found)


def content_terms(question: str) -> list[Term]:
    """The words of a question without its function words, each base form once, in order."""
    terms: dict[str, Term] = {}
    for i, match in enumerate(WORD.finditer(question)):
        word = match[0]
        if word.casefold().replace("’", "'") in FUNCTION_WORDS:
            continue
        # The first word of a question has a capital whatever it is.
        written_as_name = any(c.isdigit() for c in word) or (i > 0 and word[0].isupper()) or word[1:].isupper()
        base = stem(word)
        terms.setdefault(base, Term(word, base, written_as_name))
    return list(terms.values())
