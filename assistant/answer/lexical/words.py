"""The words of any language, compared by the beginning of their base form.

The base form is that of the Snowball stemmer for the language, without diacritics, cut after `CUT` letters: what a
stemmer leaves of the endings that Turkish or Russian pile up goes that way, and a language without a stemmer does
with the cut alone. Where no space parts words (Chinese, Japanese, Thai), pairs of characters are compared.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from os.path import commonprefix

import Stemmer

from assistant.answer.lexical.asking import silent_words
from assistant.ingest.language import UNSPACED
from assistant.store.catalog import quoted

CUT = 5  # letters; of 5, 6, 7 and none the best on XQuAD's Turkish and Russian questions (development data)
CUT_SYLLABLES = 2  # of Korean, whose letters are syllables and whose endings are particles
LEAST_LETTERS = 3  # of a beginning that finds a word's forms, or that makes two words alike

# Marks that stand over or under letters, or for vowels; Python's \w has none of them.
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_LETTER = rf"[^\W_{UNSPACED}]|[{_MARKS}{UNSPACED}]"
_WORD = re.compile(rf"(?:{_LETTER})+(?:[.,'’](?:{_LETTER})+)*")
_APOSTROPHE = re.compile(r"['’]")
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")  # Japanese endings and particles are written in these
# A word's first and last beginnings of Hangul, the letters of Korean.
_HANGUL = ("\uac00", "\ud7a3")

_SNOWBALL = {"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
             "en": "english", "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french",
             "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
             "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
             "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
             "tr": "turkish"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForeignTerm:
    """A word of a question that carries meaning; `name` says that it is written as a name or a figure.

    `expression` finds its forms in the index, in the query language of SQLite's FTS5.
    """

    word: str
    stem: str
    plain: str  # the word in lower case, without diacritics
    name: bool
    expression: str


def plain_words(text: str) -> Iterator[str]:
    """The words of a text, without what an apostrophe parts from them; pairs of characters where no space does.

    "Broncos'un" is Broncos, "l'eau" is eau: the longer part is the word, in every language that writes so.
    """
    for match in _WORD.finditer(text):
        word = max(_APOSTROPHE.split(match[0]), key=len)
        if not _UNSPACED.search(word):
            yield word
            continue
        for run in _RUN.findall(word):
            if not _UNSPACED.match(run):
                yield run
                continue
            letters = "".join(filter(str.isalnum, run))  # without the marks over them
            yield from (letters[i : i + 2] for i in range(max(1, len(letters) - 1)) if letters)


@lru_cache(maxsize=100_000)
def plain(word: str) -> str:
    """A word in lower case, without diacritics, as the index has none either."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) or word


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The beginning of a word's base form; a figure is compared whole, without its separators of thousands."""
    base = _base(word, language)
    return plain(base[: _cut(base)])


def terms(question: str, language: str) -> list[ForeignTerm]:
    """The words of a question without those that ask or are in every text, each base form once, in order.

    Where that leaves none, all its words.
    """
    said = _without_asking(question, language)
    silent = silent_words(language)
    words = [w for w in plain_words(said) if w.lower() not in silent and not _HIRAGANA.fullmatch(w)]
    found: dict[str, ForeignTerm] = {}
    for word in words or plain_words(question):
        base = stem(word, language)
        # The first word as well: where the words that ask come later, it often is a name. German nouns are none.
        name = (word[0].isupper() and language != "de") or word[1:].isupper() or word[0].isdigit()
        found.setdefault(base, ForeignTerm(word, base, plain(word), name, _expression(word, language)))
    return list(found.values())


def alike(word: str, other: str) -> float:
    """How alike two plain words are: what share of the longer one their common beginning is; 0 for a short one."""
    if word == other:
        return 1.0
    common = len(commonprefix([word, other]))
    return common / max(len(word), len(other)) if common >= LEAST_LETTERS else 0.0


def _without_asking(question: str, language: str) -> str:
    """A question without the words that ask, where they are not words of their own but characters among others."""
    words = sorted((w for w in silent_words(language) if _UNSPACED.match(w)), key=lambda word: (-len(word), word))
    return re.sub("|".join(words), " ", question) if words else question


def _base(word: str, language: str) -> str:
    word = unicodedata.normalize("NFC", word).lower()
    if word[:1].isdigit():
        return re.sub(r"[.,](?=\d{3}(?!\d))", "", word)
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def _cut(word: str) -> int:
    """How many letters of a word are compared."""
    if word[:1].isdigit():
        return len(word)
    return CUT_SYLLABLES if _HANGUL[0] <= word[:1] <= _HANGUL[1] else CUT


def _expression(word: str, language: str) -> str:
    """The FTS5 expression that finds the forms of a word: all words with its beginning."""
    if _UNSPACED.match(word):
        return quoted(" ".join(word))
    if word[:1].isdigit():
        return quoted(word)
    word = unicodedata.normalize("NFC", word).lower()
    # A stemmer may change letters: kitabı becomes kitap, and a word in Arabic loses its article.
    beginning = commonprefix([word, _base(word, language)])
    beginning = beginning if len(beginning) >= LEAST_LETTERS else word
    return quoted(beginning[: _cut(word)]) + "*"


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    name = _SNOWBALL.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
