"""The language of a text, told from its script, its letters and its commonest words; and of a question.

A trained classifier takes half a second to load, longer than a small folder takes to read; and all that is asked
of a document is which of the larger languages its running text is in. A question has too few words for that, so a
classifier tells its language, unless an English word that asks settles it; decisions/languages.md has the figures.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Set
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Scripts whose words no space parts (Thai to Burmese, Khmer, kana, Chinese), for a regular expression's class.
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = re.compile(f"[{UNSPACED}]")

_SAMPLE = 2_000  # characters
_LEAST_LETTERS = 20
_SCRIPT_SHARE = 0.3  # of the letters, for a script other than Latin: such texts are full of Latin names and terms
_KANA_SHARE = 0.05  # of the letters; Japanese mixes kana into Chinese characters
_USUAL_SHARE = 0.05  # of the words; in running text two to eight times as many are common or have a letter of its own
_LEAST_USUAL = 3
_LEAD = 1.3  # times the runner-up; below it the languages are too close to tell

_WORD = re.compile(r"[^\W\d_]+")

_BY_SCRIPT = {"HANGUL": "ko", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "THAI": "th", "GREEK": "el",
              "HEBREW": "he", "GEORGIAN": "ka", "ARMENIAN": "hy"}  # fmt: skip

# Words that ask in English, and are words of no other large language that is written in Latin letters.
_ENGLISH = re.compile(r"\b(?:what|who|whom|whose|which|when|where|why|how|does|did)\b", re.IGNORECASE)
# Shares of likelihood. Names, of which many a query consists, look like words of some language: so one must be sure
# and the covered ones unlikely, or it is likely and that of documents, which counts as so many times as likely.
_SURE, _LIKELY, _UNLIKELY, _EXCLUDED, _PRESENT = 0.6, 0.3, 0.02, 0.005, 5.0

# Languages that a question may be in, as English names them.
NAMES = {"ar": "Arabic", "az": "Azerbaijani", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
         "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
         "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
         "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
         "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
         "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian",
         "sv": "Swedish", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
         "vi": "Vietnamese", "zh": "Chinese"}  # fmt: skip

_COMMON_WORDS = {
    "LATIN": {
        "en": "the of and to in is that it was for on are as with his they at be this from have or by had but what"
        " were we when your can an which their if will each about how up out them not you",
        "es": "el la los las de que y en un una es por con para del se no su al lo como más pero sus fue este ha"
        " son entre desde está también muy sobre",
        "fr": "le la les de des et en un une est que qui dans pour du au aux par sur pas ne ce il elle sont avec"
        " plus cette ses été mais ou leur nous vous",
        "de": "der die das und in den von zu mit ist des dem nicht ein eine auf für sich als auch es an werden aus"
        " er hat dass sie nach wird bei einer um am sind noch wie einem über",
        "it": "il lo la i gli le di che e in un una è per con del della non si da dei nel alla sono come più anche"
        " al dal delle ha questo ma ed",
        "pt": "o a os as de que e do da em um uma é para com não por dos das no na se mais como foi ao ele sua ou"
        " são também pelo pela seu entre",
        "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als bij door naar uit was worden"
        " deze heeft maar wordt nog over hij",
        "sv": "och att det i en som är av på för med den till inte har om ett de från var kan vid så men under"
        " också efter eller vi han",
        "da": "og at det i en som er af på for med den til ikke har om et de fra var kan ved så men også efter"
        " eller vi han blev",
        "pl": "i w na z do że się nie jest to o jak po za od przez dla są ale był które oraz tym być może tego"
        " jego który lub",
        "cs": "a v na se je že o s do z to i ve pro za jako by od které jsou ale byl po podle který nebo při už"
        " jeho jen",
        "ro": "și de în la a cu pe nu că din este un o care să pentru mai au fi sau ca prin fost sunt al ale lui",
        "hu": "a az és hogy nem is egy van ez meg volt csak már mint de ki kell vagy azt el még lehet után"
        " között",
        "fi": "ja on ei se että oli hän mutta ovat myös kun tai sen joka kuin ole niin jos mukaan sekä vain",
        "tr": "ve bir bu da de için ile olarak olan çok daha gibi en sonra ne kadar var ancak ya ise olduğu"
        " tarafından değil her",
        "az": "və bir bu də da üçün ilə olan kimi o olaraq daha çox sonra ən isə ki olub tərəfindən edir hər"
        " haqqında arasında",
        "id": "yang dan di dari untuk dengan pada ini itu adalah dalam tidak akan oleh ke sebagai juga karena atau"
        " lebih dapat telah bahwa",
        "vi": "và của là có trong cho một các được với những không người này đã để từ khi đến về như cũng",
    },
    "CYRILLIC": {
        "ru": "и в не на что с как по это из к у за от для а был была было его но они так же все или к о при"
        " также который до быть только",
        "uk": "і в не на що з як до це та у за від для він але його також який або про був була є під час через"
        " їх бути",
        "bg": "и в на да се от за е не с че по са като до при ще бе това който през но или след има",
    },
    "ARABIC": {
        "ar": "في من على إلى أن التي هذا الذي عن مع كان ما هذه لا بعد أو بين كما كانت هو وقد",
        "fa": "در به از که این را با است برای آن یک خود تا بر هم نیز شد شده می یا بود های",
        "ur": "کے میں کی ہے اور سے کا کو اس پر نے کہ یہ ہیں ایک بھی نہیں تھا کر جو",
    },
}  # fmt: skip
# Letters that a language has to itself or nearly so, and is full of.
_LETTERS = {
    "LATIN": {"ß": "de", "ñ": "es", "ã": "pt", "õ": "pt", "ł": "pl", "ę": "pl", "ř": "cs", "ě": "cs", "ů": "cs",
              "ț": "ro", "ă": "ro vi", "ő": "hu", "ű": "hu", "ğ": "tr", "ı": "tr", "ə": "az", "đ": "vi",
              "ơ": "vi", "ư": "vi", "ø": "da", "å": "sv da", "ä": "de sv fi", "œ": "fr"},
    "CYRILLIC": {"ы": "ru", "э": "ru", "ё": "ru", "і": "uk", "ї": "uk", "є": "uk", "ъ": "bg ru"},
    "ARABIC": {"ة": "ar", "أ": "ar", "پ": "fa ur", "گ": "fa ur", "ٹ": "ur", "ڈ": "ur", "ے": "ur"},
}  # fmt: skip


def detect(text: str) -> str | None:
    """The language that the beginning of `text` is in.

    Returns:
        Its ISO 639-1 code, or None for a text too short, too mixed, or in a language not known here.
    """
    sample = text[:_SAMPLE].lower()
    letters = sum(map(str.isalpha, sample))
    if letters < _LEAST_LETTERS:
        return None
    scripts: Counter[str] = Counter()
    for character, count in Counter(sample).items():
        if character > "\x7f" and character.isalpha():
            scripts[_script(character)] += count
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > _KANA_SHARE * letters:
        return "ja"
    # A Chinese character is a word of its own, so fewer of them weigh as much.
    if scripts["CJK"] > _SCRIPT_SHARE * letters:
        return "zh"
    script, count = max(scripts.items(), key=lambda pair: pair[1], default=("LATIN", 0))
    if script == "LATIN" or count < _SCRIPT_SHARE * letters:
        return _by_common_words(sample, "LATIN")
    if script in _COMMON_WORDS:
        return _by_common_words(sample, script)
    return _BY_SCRIPT.get(script)


def question_language(text: str, covered: Set[str], present: Set[str]) -> str | None:
    """The language of a question, where it is none of those `covered`.

    Args:
        text: the question, or some of its words.
        covered: codes of the languages that the question is in unless much speaks against it.
        present: codes of the languages that the documents are in: little speaks for one of these, too.

    Returns:
        Its ISO 639-1 code, or None where it is a covered one, as it is taken to be where nothing tells.
    """
    sample = text[:_SAMPLE]
    if covered >= NAMES.keys() or ("en" in covered and _ENGLISH.search(sample)):
        return None
    if not any(map(str.isalpha, sample)):
        return None
    likely: dict[str, float] = dict(_classifier().rank(sample))
    best = max(likely, key=lambda language: likely[language] * (_PRESENT if language in present else 1.0))
    of_covered = sum(share for language, share in likely.items() if language in covered)
    if best in covered or of_covered <= _EXCLUDED:
        return None if best in covered else best
    if best in present:
        return best if likely[best] >= max(_LIKELY, of_covered) else None
    return best if likely[best] >= _SURE and of_covered <= _UNLIKELY else None


@cache
def _classifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classifier.set_languages([language for language in NAMES if language in classifier.labels])
    return classifier


def spaced(text: str) -> str:
    """A text in which the characters of scripts without spaces stand apart, each as a word, without their marks."""
    return _UNSPACED.sub(lambda match: f" {match[0]} " if match[0].isalnum() else "", text)


def common_words(language: str) -> frozenset[str]:
    """The words that are most common in a language; none for one that is not known here."""
    return frozenset(
        next((words for words in _COMMON_WORDS.values() if language in words), {}).get(language, "").split()
    )


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _by_common_words(sample: str, script: str) -> str | None:
    """The language that the words speak for, each by how few languages it is usual in."""
    words = Counter(_WORD.findall(sample))
    weights: dict[str, float] = defaultdict(float)
    usual: Counter[str] = Counter()
    for word, count in words.items():
        speakers = _SPEAKERS[script].get(word) or _letter_speakers(word, script)
        for language in speakers:
            weights[language] += count / len(speakers)
            usual[language] += count
    best, second, *_ = [*sorted(weights, key=lambda language: weights[language], reverse=True), "", ""]
    if usual[best] < max(_LEAST_USUAL, _USUAL_SHARE * words.total()):
        return None
    return best if weights[best] >= _LEAD * weights[second] else None


def _letter_speakers(word: str, script: str) -> set[str]:
    """The languages whose own letters a word holds."""
    if word.isascii():
        return set()
    return {language for letter in word for language in _LETTERS[script].get(letter, "").split()}


def _speakers(languages: dict[str, str]) -> dict[str, set[str]]:
    """The languages that each word is common in."""
    speakers: dict[str, set[str]] = defaultdict(set)
    for language, words in languages.items():
        for word in words.split():
            speakers[word].add(language)
    return dict(speakers)


_SPEAKERS = {script: _speakers(languages) for script, languages in _COMMON_WORDS.items()}
