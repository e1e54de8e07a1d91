"""Whether a sentence says what texts say: a rule that shares no code and no word list with the verifier."""

import re
from collections import Counter
from collections.abc import Sequence, Set

import Stemmer

WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")
# Says nothing by itself.
FRAME = re.compile(
    r"^\W*(?:the answer is:?|the source sentences?(?: above)?(?: (?:say|says|state|states) that| is:| are:|:))\s+",
    re.IGNORECASE,
)
APART = re.compile(r"[,;] but\s+")  # what follows is a statement of its own, which nothing before it turns
# Words that a sentence may have or lack without saying anything else. Words that turn or direct a statement, as
# "not", "to" or "before" do, are none of them.
GRAMMAR = frozenset(
    """a an the is are was were be been being am has have had having do does did that which who whom it its this these
    those there of in on at and also as including among them""".split()
)
TURNING = frozenset(
    """no not never none nor neither without cannot hardly only except fail failed unless but until if may might could
    allegedly""".split()
)
PRONOUNS = frozenset("he him his she her hers they them their theirs".split())
NAME, COMMON = re.compile(r"\b[A-Z]\w+"), re.compile(r"\b[a-z]\w+")
_english = Stemmer.Stemmer("english")


def judged(said: str, texts: Sequence[str], question: str, answers: Sequence[str]) -> tuple[bool, str]:
    """Whether a sentence is true by what texts say, and by which clause of the rule.

    It is true when, letter case, punctuation and "the answer is" or "the source sentences say that" before it apart,

    - "copied": its words stand in a row in one of the texts, and no word that turns a statement stands right before;
    - "in order": its words, grammar apart, are words of one sentence of a text, or of what follows a ", but" in one,
      in the same order, inflection apart, and what it leaves out between them is no more than they are and turns
      nothing; a name that the texts have may stand for "he", "she" or "they" and their other forms;
    - "question answered": it is a gold answer and words of the question, as often denied as the question, and has
      no other word but those of grammar.

    Everything else is false by the rule.
    """
    words = words_of(FRAME.sub("", said))
    if not words:
        return True, "says nothing"
    whole = [s for text in texts for s in SENTENCE_END.split(text)]
    sentences = [words_of(s) for s in (*whole, *(part for s in whole for part in APART.split(s)[1:]))]
    if any(in_a_row(words, source) for source in [*sentences, *map(words_of, texts)]):
        return True, "copied"
    if any(in_order(meant(words), meant(source), names_of(said, texts)) for source in sentences):
        return True, "in order"
    if any(answers_question(words, words_of(question), words_of(answer)) for answer in answers):
        return True, "question answered"
    return False, "in no source"


def words_of(text: str) -> list[str]:
    """The words and figures of a text in lower case, without the "'s" of whose it is; "n't" is a "not"."""
    text = re.sub(r"'s\b", "", text.casefold().replace("’", "'"))
    text = re.sub(r"\bcan't\b|\bcannot\b", "can not", text)
    return WORD.findall(re.sub(r"n't\b", " not", text))


def meant(words: Sequence[str]) -> list[str]:
    """The words without grammar, inflection taken off."""
    return [word if word[0].isdigit() else _english.stemWord(word) for word in words if word not in GRAMMAR]


def names_of(said: str, texts: Sequence[str]) -> Set[str]:
    """The words of a sentence, as `meant` has them, that stand in the texts and never in lower case."""
    known, common = ({w for text in texts for w in form.findall(text)} for form in (NAME, COMMON))
    return {
        word
        for name in NAME.findall(said)
        if name in known and name.lower() not in common
        for word in meant(words_of(name))
    }


def in_a_row(words: Sequence[str], source: Sequence[str]) -> bool:
    """Whether words stand in a row in a source, with nothing that turns them right before."""
    size = len(words)
    return any(
        list(source[i : i + size]) == list(words) and not (TURNING & {*source[max(0, i - 3) : i]})
        for i in range(len(source) - size + 1)
    )


def in_order(words: Sequence[str], source: Sequence[str], names: Set[str] = frozenset()) -> bool:
    """Whether words stand in this order in a source, the first of them at any place where it stands.

    No word that turns a statement may be left out before the last of them, nor more words than are kept. A name may
    stand where the source has a pronoun.
    """
    starts = [i for i, word in enumerate(source) if words and _is(words[0], word, names)]
    return any(_follow(words, source, start, names) for start in starts)


def _is(said: str, word: str, names: Set[str]) -> bool:
    return said == word or (said in names and word in PRONOUNS)


def _follow(words: Sequence[str], source: Sequence[str], start: int, names: Set[str]) -> bool:
    if TURNING & {*source[:start]} - {*words}:
        return False
    at = start
    for word in words:
        while at < len(source) and not _is(word, source[at], names):
            if source[at] in TURNING:
                return False
            at += 1
        if at == len(source):
            return False
        at += 1
    return at - start <= 2 * len(words)


def answers_question(words: Sequence[str], question: Sequence[str], answer: Sequence[str]) -> bool:
    """Whether words are an answer in a row and, besides, words of the question alone."""
    size = len(answer)
    for i in range(len(words) - size + 1):
        if size and list(words[i : i + size]) == list(answer):
            rest = meant([*words[:i], *words[i + size :]])
            asked = Counter(meant(question))
            denied = sum(word in TURNING for word in rest) == sum(n for word, n in asked.items() if word in TURNING)
            if denied and not Counter(rest) - asked:
                return True
    return False
