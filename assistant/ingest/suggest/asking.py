"""Questions from one sentence: when, how many, how long, who, where, why, what it is."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.ingest.suggest.clauses import ADJUNCT, PERIOD, PREPOSITIONS, Clause, clause_of, kinds
from assistant.ingest.suggest.figures import Asked, how_many_are, how_much, what_is, with_lead

_PERSON = r"[A-Z][\w’'-]+(?: [A-Z]\.)*(?: (?:von|van|de|der|den|bin|ibn|al|el|da|di|la|le))*(?: [A-Z][\w’'-]+)+"
_PEOPLE = re.compile(rf"{_PERSON}(?: and {_PERSON})?")
_TITLE = re.compile(r"(?:President|Minister|Doctor|Professor|Ambassador|King|Queen|Sir|Dame|General) [A-Z]")
_NO_PERSON = re.compile(
    r"\b(?:War|River|Lake|Sea|Street|Company|University|Bank|Republic|Union|Nations|States|Corridor|Agency|Council"
    r"|Group|Party|School|College|Institute|Museum|Museums|Park|Church|Hall|House|City|County|Island|Kingdom|Empire"
    r"|North|South|East|West|Northern|Southern|Eastern|Western|New|Saint|San|Los|Ltd|Inc|Corporation|Organi[sz]ation)\b"
)
_DOES = frozenset(
    """sign say write found meet announce visit publish invent paint compose discover lead marry teach win become
    direct design play take receive serve join leave return propose introduce pay promise put create speak tell
    open close establish launch build die bear elect appoint""".split()
)
_STANDS = frozenset(
    """sign hold bear build locate adopt open make find meet die found base lie stand live begin arrive launch
    publish plan produce grow take""".split()
)
_PLACE = re.compile(r"(?P<how>\b(?:in|at|near) )(?P<place>(?:the )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)(?= |$)")
_AGENT = re.compile(rf"\bby (?P<who>{_PERSON})(?= |$)")
_BECAUSE = re.compile(r",? because (?!of\b)(?P<why>.+)\.$")
_FROM_TO = re.compile(rf"\bfrom (?P<dates>{PERIOD} to {PERIOD})")
_OBJECTS = frozenset(
    """introduce adopt back support include require propose announce publish build develop describe contain cover
    plan sign produce sell buy offer promise expect seek allow forbid use need provide create invent discover own
    run operate teach replace win lose cause prevent protect contain carry""".split()
)
_VAGUE = frozenset(
    """text figure note report reason result number question answer point date word sentence source value thing way
    gap difference difference first second rest kind part case matter step list""".split()
)


def asked_of(sentence: str, context: str) -> Iterator[Asked]:
    """The questions that a sentence answers, the surest kinds first; none where it is not plain enough.

    Args:
        sentence: one line.
        context: text around it, as for `clause_of`.
    """
    because = _BECAUSE.search(sentence)
    clause = clause_of(sentence, context)
    if clause is None:
        return
    found = [_when(clause), how_much(clause), how_many_are(clause), _who(clause), _by_whom(clause), _where(clause)]
    found += [what_is(clause), _why(clause) if because else None, _definition(clause, sentence), _what(clause)]
    for each in found:
        if each and _is_good(each.question):
            yield replace(each, question=_spelled(each.question))


def _spelled(question: str) -> str:
    return question[:1].upper() + re.sub(r"\s+", " ", question[1:]).strip(" ,") + "?"


def _is_good(question: str) -> bool:
    """Whether a question is of a fit length and names something: a name, a figure, or three nouns."""
    words = question.split()
    if not 4 <= len(words) <= 24:
        return False
    names = [word for word in words[1:] if any(c.isupper() or c.isdigit() for c in word)]
    telling = [word for word in words[1:] if len(word) > 4 and kinds(word) and word not in _VAGUE]
    return bool(names) or len(telling) >= 3


def _when(clause: Clause) -> Asked | None:
    if match := _FROM_TO.search(clause.rest):
        rest = clause.rest[: match.start()].strip() + clause.rest[match.end() :]
        return Asked(f"From when to when {clause.inverted(with_lead(clause, rest))}", match["dates"], "date")
    whole = ADJUNCT.fullmatch(clause.lead)
    inside = list(ADJUNCT.finditer(clause.rest))
    if len(inside) + bool(clause.lead) != 1:
        return None
    found, rest = (whole, clause.rest) if whole else (inside[0] if inside else None, clause.rest)
    if found is None or found["how"].casefold() in ("over", "during"):
        return None
    if not whole:
        rest = clause.rest[: found.start()].strip(" ,") + clause.rest[found.end() :]
        if re.search(r"\b(?:between|from|and|or|to|of|than)$", clause.rest[: found.start()].strip()):
            return None
    if re.search(r"\d{4}|\d%", rest) or not rest.strip() and clause.base is None:
        return None
    how = found["how"].casefold()
    word = "When" if how in ("on", "in") else f"{how.capitalize()} when"
    return Asked(f"{word} {clause.inverted(rest)}", found["date"].removeprefix("the "), "date")


def _is_person(name: str) -> bool:
    return bool(_PEOPLE.fullmatch(name)) and not _NO_PERSON.search(name)


def _who(clause: Clause) -> Asked | None:
    if not _is_person(clause.subject) or clause.base not in _DOES and not (clause.base is None and _does(clause)):
        return None
    if clause.verb in ("is", "are", "was", "were") and not _does(clause):
        return None
    verb = {"have": "has", "were": "was", "are": "is"}.get(clause.verb, clause.verb)
    if not clause.rest:
        return None
    return Asked(f"Who {verb} {with_lead(clause, clause.rest)}", clause.subject, "who")


def _does(clause: Clause) -> bool:
    """Whether the participle after an auxiliary is of something that people do."""
    first = clause.rest.split()[:1]
    return bool(first) and bool(set(kinds(first[0]).get("VERB", ())) & _DOES)


def _by_whom(clause: Clause) -> Asked | None:
    match = _AGENT.search(clause.rest)
    if match is None or clause.base is not None or not _is_person(match["who"]) or not _does(clause):
        return None
    left = clause.rest[: match.start()] + "by " + clause.rest[match.end() :]
    left = re.sub(r"\s+", " ", left).strip()
    if not left.endswith(" by"):
        return None
    return Asked(f"Who {clause.inverted(with_lead(clause, left))}", match["who"], "who")


def _where(clause: Clause) -> Asked | None:
    places = list(_PLACE.finditer(clause.rest))
    first = clause.rest.split()[:1]
    verbs = {clause.base} if clause.base else set(kinds(first[0]).get("VERB", ())) if first else set()
    if len(places) != 1 or not verbs & _STANDS or ADJUNCT.match(clause.rest[places[0].start() :]):
        return None
    match = places[0]
    if re.search(r"\b(?:of|and|or|interest|war|partners?|trade)$", clause.rest[: match.start()].strip()):
        return None
    left = (clause.rest[: match.start()].strip() + clause.rest[match.end() :]).strip()
    return Asked(f"Where {clause.inverted(with_lead(clause, left))}", match["place"], "where")


def _why(clause: Clause) -> Asked | None:
    return Asked(f"Why {clause.inverted(with_lead(clause, clause.rest))}", None, "why") if clause.rest else None


def _definition(clause: Clause, sentence: str) -> Asked | None:
    article = re.match(r"(?:an?|the|one of the) [a-z]", clause.rest)
    if clause.verb not in ("is", "are", "was") or article is None or clause.lead or len(sentence.split()) < 6:
        return None
    subject = clause.subject.split()
    if len(subject) > 5 or any(c.isdigit() for c in clause.subject) or subject[-1] in _VAGUE:
        return None
    named = any(word[0].isupper() for word in subject)
    if not named and subject[0] in ("the", "this"):
        return None
    word = "Who" if _is_person(clause.subject) or _TITLE.match(clause.subject) else "What"
    return Asked(f"{word} {clause.verb} {clause.subject}", None, "definition")


def _what(clause: Clause) -> Asked | None:
    """A question for the object of a verb that takes one, where the subject has a name."""
    words = clause.rest.split()
    if (
        clause.base is None
        and words
        and set(kinds(words[0]).get("VERB", ())) & _OBJECTS
        and clause.verb in ("has", "have")
    ):
        verb, words = words[0], words[1:]
    elif clause.base in _OBJECTS:
        verb = ""
    else:
        return None
    named = any(word[0].isupper() for word in clause.subject.split())
    if not named or len(words) < 3 or words[0] in PREPOSITIONS or words[0] in ("that", "to", "how", "only"):
        return None
    end = next((i for i, word in enumerate(words) if word in PREPOSITIONS - {"of"}), len(words))
    if "and" in words:
        return None
    left = with_lead(clause, " ".join([verb, *words[end:]]).strip())
    return Asked(f"What {clause.inverted(left)}", None, "what")
