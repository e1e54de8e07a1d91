"""A plain English sentence taken apart: when, who or what, the verb, and the rest; or nothing where it is not plain.

There is no parser here, only a lexicon (lemminflect) that tells verbs from other words and knows their base forms. So
whatever could be read in two ways is left alone: a question that was not made costs nothing, a crooked one does.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lemminflect import getAllLemmas

LONGEST = 300  # characters of a sentence that is read
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
DATE = (
    rf"(?:\d{{1,2}} {_MONTH}(?: {_YEAR})?|{_MONTH} \d{{1,2}}, {_YEAR}|{_MONTH} {_YEAR}|{_YEAR}"
    rf"|the (?:spring|summer|autumn|winter) of {_YEAR})"
)
PERIOD = (
    rf"(?:{DATE}|the (?:first|second|third|fourth|last) (?:quarter|half|\w+ (?:months|weeks)) of {_YEAR}"
    rf"|the (?:whole|end|beginning|start|middle) of {DATE})"
)
_SPAN = rf"(?:from |between )?{PERIOD}(?: to | and |[–-]){PERIOD}|from {_MONTH} to {DATE}|between {_MONTH} and {DATE}"
ADJUNCT = re.compile(
    rf"\b(?P<how>[Oo]n|[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Oo]ver|[Dd]uring) (?P<date>{PERIOD})(?!\w|[–-])"
)
_LEAD = re.compile(
    rf"(?P<lead>(?:(?:On|In|Since|By|Until|During|Over|At) {PERIOD}|(?i:{_SPAN})|(?:In|At) [A-Z]\w+(?: [A-Z]\w+)*"
    r"|(?:Each|Every) (?:year|month|week|day)|(?:In|On|At|From|For|By|With|Under) [^,]{3,40}(?=,)),? )"
)
_ASIDE = re.compile(r"\s*\([^()]*\)|\s+[–—] [^–—]* [–—](?=\s)")
_REMARK = re.compile(
    r",? (?:on the other hand|in other words|for (?:its|his|her) part|for example|however|in fact|too),"
)
_LATER = re.compile(
    r"(?:;|:| –|,? (?:which|who|whose|whereas|although|though|while|where|so that|but|and thus|as|because)\b"
    r"|, (?:when|since|and|or|a|an|of|in|with|then|not|for|from|up|down|on|about|\w+ing|\w+ed)\b).*"
)
_DATE_COMMA = re.compile(rf"({_MONTH} \d{{1,2}}), ({_YEAR})")

AUXILIARIES = frozenset("is are was were will would can could may might must should shall".split())
_HAVE = frozenset({"has", "have", "had"})
_NEGATIONS = frozenset(
    {"not", "no", "never", "n't", "neither", "nor", "cannot", "nothing", "nobody", "none", "hardly"}
)
_POINTING = frozenset(
    """it he she they we you i this that these those such there here one some many most all both neither either
    another other others what who whoever whatever which if as when where while since because although though after
    before until its his her their our your my same former latter first second third two three following said
    not nor but and or so then thus also only even still yet once more much few little every any no somebody
    someone anybody anyone everybody everyone nothing something anything""".split()
)
_ORDINAL_START = frozenset("last latter former same other next rest others whole two three following".split())
_UNCLEAR = re.compile(
    r"\b(?:it|itself|he|him|she|they|them|theirs|we|our|us|you|your|I|my|this|that|these|those|such"
    r"|here|there|former|latter|same|above|below|following|others?|another|thus|therefore|however|also|too|then"
    r"|instead|else|again|both|ones?|likewise|moreover|so|do|does|did|now|later|earlier)\b"
)
_JOINS = frozenset("that which who whose whom when where and or than as if because".split())
_UNCHANGED = frozenset({"put"})  # past forms that are no nouns and are their own base form
# Names that a dictionary of common words has, too.
_ALSO_NAMES = frozenset("china japan turkey jordan chad georgia guinea jersey poland march may august".split())
# A count begins a sentence with these.
_QUANTITY = re.compile(r"(?:some|over|about|around|nearly|almost|(?:at least|more than|less than)) \d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence as `[lead] subject verb rest`; `lead` is a time or a place, or empty."""

    lead: str
    subject: str
    verb: str  # the finite verb as it stands
    rest: str
    base: str | None  # the base form of a full verb, None for "is", "has been" and other auxiliaries

    def inverted(self, rest: str) -> str:
        """The words of a question after its question word, with another rest."""
        if self.base is None:
            return _joined(self.verb, self.subject, rest)
        helper = "does" if self.verb.endswith("s") else "did"
        return _joined(helper, self.subject, self.base, rest)


def clause_of(sentence: str, context: str) -> Clause | None:
    """The main clause of a sentence, or None where it cannot be told for sure.

    Args:
        sentence: one line.
        context: text around it, which tells whether its first word has its capital for more than being the first.
    """
    if len(sentence) > LONGEST or not sentence.endswith(".") or re.search(r"[\"“”«»\[\]|?!/]", sentence):
        return None
    text = _DATE_COMMA.sub("\\1\0 \\2", _REMARK.sub("", _ASIDE.sub("", sentence)).rstrip(".").strip())
    lead = _LEAD.match(text)
    before = lead["lead"].strip(" ,") if lead else ""
    text = _LATER.sub("", text[lead.end() :] if lead else text).strip()
    if "," in re.sub(r"\d,\d", "", text) or ". " in text:
        return None
    before, words = before.replace("\0", ","), text.replace("\0", ",").split()
    found = _finite(words)
    if found is None or words[-1] in PREPOSITIONS or not _is_plain(words[:found]):
        return None
    subject = _joined(words[0] if before else _first_word(words[0], context), *words[1:found])
    verb, rest = words[found].casefold(), _to_the_next_verb(words[found + 1 :])
    base = _base(verb, rest)
    if base is None and verb not in AUXILIARIES and verb not in _HAVE:
        return None
    if any(word.casefold().strip(",") in _NEGATIONS for word in rest) or _UNCLEAR.search(_joined(subject, *rest)):
        return None
    return Clause(_lowered(before), subject, verb, _joined(*rest), base)


def _to_the_next_verb(words: list[str]) -> list[str]:
    """The words up to an "and" after which another verb tells something else of the subject."""
    for i, (word, after) in enumerate(pairwise(words)):
        if word in ("and", "or") and (after in (*AUXILIARIES, *_HAVE, "to") or _may_be_finite(after)):
            return words[:i]
    return words


@lru_cache(4096)
def kinds(word: str) -> dict[str, tuple[str, ...]]:
    """The base forms of a word by its part of speech (NOUN, VERB, ADJ, ADV, AUX), for each that it may be."""
    return dict(getAllLemmas(word))


def _finite(words: list[str]) -> int | None:
    """Where the finite verb stands, None where there is none or it may be another word."""
    sure = [i for i, word in enumerate(words) if i and word in (*AUXILIARIES, *_HAVE)]
    full = [i for i, word in enumerate(words) if i and (_may_be_finite(word) or _moves(words[i : i + 2]))]
    if not sure:
        return full[0] if full else None
    # A participle before the auxiliary may be the subject's ("the deal signed in May was"), or the verb.
    return sure[0] if not full or full[0] > sure[0] else None


def _moves(words: list[str]) -> bool:
    """Whether a word that may be a noun, too, is a verb by the word after it: "rose by", "left on"."""
    return len(words) > 1 and words[0] in ("rose", "fell", "left") and words[1] in PREPOSITIONS


def _may_be_finite(word: str) -> bool:
    if not word.isalpha() or not word.islower() or word in ("used", "left"):
        return False
    found = kinds(word)
    if "VERB" not in found or "AUX" in found or word.endswith("ing"):
        return False
    if word in _UNCHANGED:
        return True
    # "records" and "rose" may be nouns, "closed" an adjective.
    return word not in found["VERB"] and not {"NOUN", "ADJ"} & found.keys()


def _base(verb: str, rest: list[str]) -> str | None:
    if verb in AUXILIARIES:
        return None
    if verb in _HAVE:
        after = next((word for word in rest if "ADV" not in kinds(word) or "VERB" in kinds(word)), "")
        return None if "VERB" in kinds(after) and after not in kinds(after)["VERB"] or after == "been" else "have"
    return kinds(verb).get("VERB", (None,))[0]


def _is_plain(subject: list[str]) -> bool:
    """Whether words name something by themselves: they point at nothing, and hold no clause."""
    if not 1 <= len(subject) <= 9:
        return False
    low = [word.casefold() for word in subject]
    if _QUANTITY.match(" ".join(subject)):
        return True
    if low[0] in _POINTING or (low[0] in ("the", "a", "an") and len(low) > 1 and low[1] in _ORDINAL_START):
        return False
    if (
        low[0] in PREPOSITIONS
        or (low[0].endswith("ing") and "NOUN" not in kinds(low[0]))
        or (low[0].endswith("ly") and "ADV" in kinds(low[0]))
    ):
        return False
    if any(word in _JOINS - {"and", "or"} for word in low):
        return False
    last = subject[-1]
    known = kinds(last)
    return not known or "NOUN" in known or "PROPN" in known or last[0].isupper() or last[0].isdigit()


PREPOSITIONS = frozenset(
    """in on at by for from of to with without under over after before since until during between among through
    against about around within beyond despite like per via above below towards toward into onto upon""".split()
)


def _first_word(word: str, context: str) -> str:
    """The first word of a sentence as it is written within one."""
    low = word[:1].lower() + word[1:]
    if word[1:] != word[1:].lower() or not word.isalpha() or low in _ALSO_NAMES:
        return word
    if low in ("the", "a", "an", "each", "every", "over", "some"):
        return low
    named = re.search(rf"[a-z,;] {re.escape(word)}\b", context) and not re.search(rf"\b{re.escape(low)}\b", context)
    return word if named or not kinds(low) else low


def _lowered(lead: str) -> str:
    return lead[:1].lower() + lead[1:]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
