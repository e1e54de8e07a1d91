"""Questions that the documents do not answer: an answered one with a year or a place that no document has."""

import re
from collections.abc import Callable, Iterator

_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")
_FURTHEST = 15  # years away
_COUNTRIES = """Norway Portugal Chile Finland Vietnam Kenya Austria Canada Peru Belgium Denmark Morocco Thailand
    Ireland Cuba Ghana Nepal Sweden Bolivia Iceland France Germany Italy Spain China Japan India Russia Ukraine Poland
    Turkey Georgia Armenia Azerbaijan Kazakhstan Iran Egypt Brazil Mexico Greece Switzerland Netherlands England
    Scotland""".split()
_CITIES = """Oslo Lisbon Helsinki Nairobi Vienna Toronto Lima Brussels Copenhagen Bangkok Dublin Havana Accra
    Stockholm Astana Baku Beijing Shanghai Paris London Berlin Rome Madrid Moscow Tokyo Delhi Tbilisi Ankara Warsaw
    Cairo Athens Geneva Amsterdam Boston Chicago""".split()
_PLACES = {place: group for group in (tuple(_COUNTRIES), tuple(_CITIES)) for place in group}
_PLACE = re.compile(rf"\b(?:{'|'.join(_PLACES)})\b")


def near_misses(question: str, known: Callable[[str], bool]) -> Iterator[str]:
    """The question with another year, and with another place; none where it has neither.

    Args:
        question: what the documents answer.
        known: whether any document has a word; what is put in is a word that none has.
    """
    if match := _YEAR.search(question):
        year = int(match[0])
        others = (str(year + sign * away) for away in range(1, _FURTHEST + 1) for sign in (-1, 1))
        if other := next((each for each in others if not known(each)), None):
            yield _swapped(question, match, other)
    if match := _PLACE.search(question):
        if other := next((each for each in _PLACES[match[0]] if each != match[0] and not known(each)), None):
            yield _swapped(question, match, other)


def _swapped(question: str, match: re.Match[str], other: str) -> str:
    return question[: match.start()] + other + question[match.end() :]
