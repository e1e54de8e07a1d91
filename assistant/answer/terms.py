"""The words of a question that carry its meaning, compared in their base form.

Used to weigh how much of a question a source speaks of, and to name what no source mentions. The base form is
that of the Snowball stemmer for the language. English has its own rules, which came first and which all else was
measured with. For every other language the base form is cut after `CUT` letters: what a stemmer leaves of the endings
that Turkish or Russian pile up goes that way, and a language without a stemmer does with the cut alone. Chinese and
Japanese, written without spaces, are compared by pairs of characters.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from os.path import commonprefix

import Stemmer

from assistant.ingest.language import UNSPACED, common_words
from assistant.store.catalog import quoted

ENGLISH = "en"
CUT = 6  # letters; found best of 4 to 7 on XQuAD's Turkish and Russian questions (development data)
LEAST_LETTERS = 2  # of a beginning that finds a word's forms
CUT_SYLLABLES = 2  # of Korean, whose letters are syllables and whose endings are particles

WORD = re.compile(r"[^\W_]+(?:[.,'’\-–/][^\W_]+)*")  # 2,000 and co-operation and O'Brien are one word each
_PARTS = re.compile(r"['’\-–/]")
_PLAIN = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
_APOSTROPHE = re.compile(r"['’]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")  # Japanese endings and particles are written in these

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

_SNOWBALL = {"ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
             "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
             "it": "italian", "nl": "dutch", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
             "ta": "tamil", "tr": "turkish"}  # fmt: skip
_english = Stemmer.Stemmer("english")
_CAPITAL_NOUNS = {"de"}  # in whose sentences a capital makes no name


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question. `name` says that it is written as a name, a figure or an abbreviation.

    `expression` finds its forms in the index, in the query language of SQLite's FTS5.
    """

    word: str
    stem: str
    name: bool
    expression: str


def stem(word: str, language: str = ENGLISH) -> str:
    """The base form of a word: in English lower case, no possessive, no thousands separators, endings off."""
    if language != ENGLISH:
        return _cut_stem(word, language)
    word = re.sub(r"['’]s?$", "", word.casefold())
    if word[:1].isdigit():
        return word.replace(",", "")
    return str(_english.stemWord(word))


def stems(text: str, language: str = ENGLISH) -> frozenset[str]:
    """The base forms of all words of a text, parts of compounds included."""
    if language != ENGLISH:
        return frozenset(counted_stems(text, language))
    found = set()
    for match in WORD.finditer(text):
        found.add(stem(match[0]))
        parts = _PARTS.split(match[0])
        if len(parts) > 1:
            found.update(stem(part) for part in parts if part)
    return frozenset(found)


def counted_stems(text: str, language: str) -> Counter[str]:
    """The base forms of all words of a text that is not English, and how often each is there."""
    return Counter(stem(word, language) for word in _plain_words(text))


def content_terms(question: str, language: str = ENGLISH) -> list[Term]:
    """The words of a question without its function words, each base form once, in order."""
    if language == ENGLISH:
        words = WORD.findall(question)
        silent = FUNCTION_WORDS
    else:
        silent = common_words(language)
        words = [word for word in _plain_words(_unasked(question, language)) if not _HIRAGANA.fullmatch(word)]
    terms: dict[str, Term] = {}
    for i, word in enumerate(words):
        if word.casefold().replace("’", "'") in silent:
            continue
        # The first word of a question has a capital whatever it is.
        capital = i > 0 and word[0].isupper() and language not in _CAPITAL_NOUNS
        written_as_name = any(c.isdigit() for c in word) or capital or word[1:].isupper()
        base = stem(word, language)
        terms.setdefault(base, Term(word, base, written_as_name, _expression(word, language)))
    return list(terms.values())


def _plain_words(text: str) -> Iterator[str]:
    """The words of a text, without what an apostrophe parts from them; pairs of characters where no space does.

    "Broncos'un" is Broncos, "l'eau" is eau: the longer part is the word, in every language that writes so.
    """
    for match in _PLAIN.finditer(text):
        word = max(_APOSTROPHE.split(match[0]), key=len)
        if not _UNSPACED.search(word):
            yield word
            continue
        for run in _RUN.findall(word):
            if len(run) > 1 and _UNSPACED.match(run):
                yield from (run[i : i + 2] for i in range(len(run) - 1))
            else:
                yield run


def _unasked(question: str, language: str) -> str:
    """A question without the words that ask, where they are not words of their own but characters among others."""
    if language not in {"zh", "ja"}:
        return question
    return re.sub("|".join(sorted(common_words(language), key=lambda word: (-len(word), word))), " ", question)


def _cut_stem(word: str, language: str) -> str:
    """The base form of a word that is not English, without diacritics, as the index has none either."""
    base = _base(word, language)
    letters = unicodedata.normalize("NFD", base[: _cut(base)])
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) or base


def _base(word: str, language: str) -> str:
    word = unicodedata.normalize("NFC", word).lower()
    if word[:1].isdigit():
        return word.replace(",", "")
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def _cut(word: str) -> int:
    """How many letters of a word are compared."""
    if word[:1].isdigit():
        return len(word)
    return CUT_SYLLABLES if "\uac00" <= word[:1] <= "\ud7a3" else CUT


def _expression(word: str, language: str) -> str:
    """The FTS5 expression that finds the forms of a word: in English the index knows them, else by a beginning."""
    if language == ENGLISH or word[:1].isdigit():
        return quoted(word)
    if _UNSPACED.match(word):
        return quoted(" ".join(word))
    word = unicodedata.normalize("NFC", word).lower()
    # A stemmer may change letters: kitabı becomes kitap, and a word in Arabic loses its article.
    beginning = commonprefix([word, _base(word, language)])
    beginning = beginning if len(beginning) >= LEAST_LETTERS else word
    return quoted(beginning[: _cut(word)]) + "*"


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    return Stemmer.Stemmer(_SNOWBALL[language]) if language in _SNOWBALL else None
