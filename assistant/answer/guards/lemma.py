"""One base form for the forms of a word: irregular forms by list, the rest by the stemmer."""

import re
import unicodedata
from functools import lru_cache

from assistant.answer.terms import stem

# A base form, then the forms that the stemmer does not bring back to it.
_IRREGULAR_FORMS = """
arise arose arisen; awake awoke; be am is are was were been being; bear bore borne; beat beaten; become became;
begin began begun; bend bent; bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed
bred; bring brought; build built; burn burnt; buy bought; catch caught; choose chose chosen; cling clung; come came;
creep crept; deal dealt; dig dug; do did done does; draw drew drawn; dream dreamt; drink drank drunk; drive drove
driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled; fly flew flown;
forbid forbade forbidden; foresee foresaw foreseen; forget forgot forgotten; forgive forgave forgiven; freeze froze
frozen; give gave given; go went gone; grind ground; grow grew grown; hang hung; have has had; hear heard; hide hid
hidden; hold held; keep kept; kneel knelt; know knew known; lay laid; lead led; lean leant; leap leapt; learn
learnt; leave left; lend lent; lie lain; light lit; lose lost; make made; mean meant; meet met; mistake mistook
mistaken; outgrow outgrew outgrown; overcome overcame; overthrow overthrew overthrown; pay paid; prove proven; ride
rode ridden; ring rang rung; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent;
sew sewn; shake shook shaken; shine shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank
sunk; sit sat; sleep slept; slide slid; sow sown; speak spoke spoken; spend spent; spin spun; spring sprang sprung;
stand stood; steal stole stolen; stick stuck; strike struck stricken; strive strove; swear swore sworn; sweep swept;
swell swollen; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought;
throw threw thrown; undergo underwent undergone; understand understood; undertake undertook; wake woke woken; wear
wore worn; weave wove woven; weep wept; win won; wind wound; withdraw withdrew withdrawn; withstand withstood; write
wrote written; man men; woman women; child children; foot feet; tooth teeth; goose geese; mouse mice; person people
persons; ox oxen; leaf leaves; life lives; half halves; knife knives; wife wives; wolf wolves; shelf shelves; thief
thieves; analysis analyses; basis bases; crisis crises; hypothesis hypotheses; thesis theses; phenomenon phenomena;
criterion criteria; bacterium bacteria; datum data; medium media; stratum strata; index indices; matrix matrices;
nucleus nuclei; fungus fungi; stimulus stimuli; larva larvae; vertebra vertebrae; genus genera; species; centre
center centred centered; metre meter metres meters; litre liter litres liters; theatre theater; fibre fiber;
programme program; grey gray; tonne ton tonnes tons; cheque check; aluminium aluminum; sulphur sulfur; licence
license; practice practise; ageing aging
"""
# A word, then words of the same root that the stemmer leaves apart, in any of their regular forms.
_KINDRED = """
death die died dies dying dead; birth born; marry marriage; speech speak; belief believe; sale sell; growth grow;
loss lose; choice choose; flight fly; weight weigh; height high; width wide; length long; depth deep; strength
strong; warmth warm; proof prove; arrival arrive; approval approve; survival survive; refusal refuse; removal
remove; failure fail; departure depart; signature sign; mixture mix; closure close; discovery discover; recovery
recover; delivery deliver; entry enter; injury injure; inquiry inquire; response respond; defence defend defense;
decision decide; conclusion conclude; division divide; invasion invade; expansion expand; extension extend;
permission permit; admission admit; reduction reduce; production produce; introduction introduce; destruction
destroy; description describe; explanation explain; reception receive; absorption absorb; solution solve; revolution
revolve; maintenance maintain
"""


def _heads(groups: str, of_stems: bool) -> dict[str, str]:
    table: dict[str, str] = {}
    for group in groups.split(";"):
        head, *forms = group.split()
        for form in forms:
            table.setdefault(stem(form) if of_stems else form, stem(head))
    return table


_IRREGULAR = _heads(_IRREGULAR_FORMS, of_stems=False)
_ROOTS = _heads(_KINDRED, of_stems=True)
# British spellings that the stemmer keeps apart from the American ones.
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(e|ed|es|ing|ation|ations|er|ers)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{3})ys(e|ed|es|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2}[bdlmnpv])our(?=$|s$|ed$|ing$|able$|ite$|ful$)"), "or"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"^an?e?aem"), "anem"),
    (re.compile(r"ae(?=[mst])|oe(?=[dst])"), "e"),
)


def plain(word: str) -> str:
    """A word in lower case without accents or a possessive ending."""
    word = word.casefold()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        word = word.replace("’", "'").replace("ı", "i")
    return word.removesuffix("'s").removesuffix("'")


@lru_cache(maxsize=1 << 16)
def base(word: str) -> str:
    """The base form under which the guards compare a word."""
    word = plain(word)
    if word in _IRREGULAR:
        return _ROOTS.get(_IRREGULAR[word], _IRREGULAR[word])
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    found = stem(word)
    return _ROOTS.get(found, found)


def bases(words: str) -> frozenset[str]:
    """The base forms of the words of a list."""
    return frozenset(base(word) for word in words.split())
