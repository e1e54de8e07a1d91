"""One change to a sentence: changes that make it false, and changes that leave it true.

Each function takes a sentence and a `World` (where replacements of the same kind come from) and returns the
changed sentence, or None where it has nothing to change. The word lists here are the benchmark's own: the verifier
must not read them, nor they the verifier's.
"""

import re
from dataclasses import dataclass
from random import Random

NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w/-]|[.,]\d)")
YEAR = re.compile(r"(?<![\w.,/$-])1[0-9]\d\d(?![\w,-]|\.\d)|(?<![\w.,/$-])20[012]\d(?![\w,-]|\.\d)")
WORDS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty".split()
COUNT_WORD = re.compile(
    rf"(?<!-)\b(?<!ty )(?<!hundred )(?<!and )(?:{'|'.join(WORDS)})\b"
    rf"(?!-| (?:{'|'.join(WORDS)}|hundred|thousand|million|half))"
)
VALUES = dict(zip(WORDS, (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 50), strict=True))
SCALE = re.compile(r"\b(?:million|billion|trillion|thousand)\b")
MONTHS = "January February March April May June July August September October November December".split()
MONTH = re.compile(rf"\b(?:{'|'.join(m for m in MONTHS if m not in ('May', 'March'))})\b")
FULL_DATE = re.compile(
    rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})\b|\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b"
)
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-zé]{2,}(?: [A-Z][a-zé]{2,})*")
FAMILIES = tuple(
    tuple(unit.replace("_", " ") for unit in family.split(","))
    for family in """miles,kilometres,feet,metres km,mi mile,kilometre meters,yards,miles kilometers,miles
    days,weeks,months,years,hours minutes,hours,seconds percent,percentage_points %,_percentage_points kg,lb
    tons,pounds,kilograms acres,hectares mg,g,kg dollars,euros,pounds $,€ £,$ century,decade °C,°F ml,litres
    year,month,week day,hour,month mm,cm""".split()
)
PAIRS = """
more fewer; more less; most least; higher lower; highest lowest; larger smaller; largest smallest; greater
lesser; better worse; best worst; older younger; longer shorter; longest shortest; earlier later; before after;
above below; over under; increased decreased; increase decrease; increases decreases; increasing decreasing;
rose fell; north south; east west; northern southern; eastern western; first last; early late; stronger weaker;
faster slower; increased reduced; gained lost; won lost; always never; often rarely; major minor; all some; many
few; at_least at_most; up down; inside outside; upper lower; strong weak; large small; high low; long short;
positive negative; success failure; improved worsened; similar different; allowed forbade; supported opposed;
winning losing; began ended; richer poorer; maximum minimum; majority minority; public private; modern ancient;
old new; northwest southeast; northeast southwest; internal external; entered left; accepted rejected; same
different; common rare; expanded shrank; wealthy poor; right left; more_than less_than; hot cold
""".split(";")
OPPOSITES = {
    a.replace("_", " "): b.replace("_", " ") for pair in PAIRS for a, b in (pair.split(), pair.split()[::-1])
}
OPPOSITE = re.compile(rf"\b(?:{'|'.join(sorted(OPPOSITES, key=len, reverse=True))})\b")
AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|did|does|do)\b"
    r"(?! not|n't| never|\?)"
)
DENIAL = re.compile(r"(?<=\b(?:is|as|re|an|ld|ll|ve|ad|id|es|do)) (?:not|never) (?!only|just)")
QUOTED = re.compile(r'["“]([^"“”]{8,})["”]')
ANY_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|‘[^’]*’')
SYNONYMS = dict(
    pair.split(":")
    for pair in """
    large:big big:large began:started started:began shows:demonstrates showed:demonstrated use:employ
    used:utilised many:numerous important:significant city:town usually:typically often:frequently near:close_to
    located:situated found:discovered help:assist helped:assisted built:constructed created:made
    also:additionally children:kids obtain:get obtained:received required:needed requires:needs bought:purchased
    ended:finished however:nevertheless because:since known:recognised entire:whole main:principal
    major:principal allows:permits allowed:permitted occur:happen occurs:happens occurred:happened
    particularly:especially primarily:mainly largely:mostly died:passed_away attempted:tried begin:start
    world:globe buy:purchase
    """.split()
)
SYNONYM = re.compile(rf"\b(?:{'|'.join(SYNONYMS)})\b")
ADVERBS = """also often usually generally typically subsequently eventually largely mainly particularly approximately
    originally currently especially previously probably recently significantly strongly""".split()
ADVERB = re.compile(rf"(?<=[a-z]) (?:{'|'.join(ADVERBS)})(?= [a-z])")


@dataclass(frozen=True, slots=True)
class World:
    """Where replacements come from: a seeded generator, and the names and words of the paragraph and the corpus."""

    random: Random
    near_names: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]


def replaced(text: str, match: re.Match[str], new: str) -> str:
    """A text with a match replaced."""
    return text[: match.start()] + new + text[match.end() :]


def pick(pattern: re.Pattern[str], text: str, random: Random) -> re.Match[str] | None:
    """One of the matches, at random."""
    found = list(pattern.finditer(text))
    return random.choice(found) if found else None


def figure(text: str, world: World) -> str | None:
    """Another number of the same form, another scale, or two numbers exchanged."""
    numbers = [m for m in NUMBER.finditer(text) if not YEAR.fullmatch(m[0])]
    apart = len(numbers) > 1 and re.search(
        r"[a-z]{3,} [a-z]{2,}", text[numbers[0].end() : numbers[1].start()]
    )  # no list
    if apart and numbers[0][0] != numbers[1][0] and world.random.random() < 0.3:
        a, b = numbers[:2]
        return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]
    scale = pick(SCALE, text, world.random)
    if scale and world.random.random() < 0.4:
        return replaced(text, scale, {"million": "billion", "billion": "million"}.get(scale[0], "million"))
    if numbers and world.random.random() < 0.7:
        match = world.random.choice(numbers)
        digits = [c if not c.isdigit() else str(world.random.randint(1, 9)) for c in match[0]]
        new = "".join(digits)
        return replaced(text, match, new) if new != match[0] else None
    word = pick(COUNT_WORD, text, world.random)
    return replaced(text, word, world.random.choice([w for w in WORDS if w != word[0]])) if word else None


def date(text: str, world: World) -> str | None:
    """Another year or another month."""
    year, month = pick(YEAR, text, world.random), pick(MONTH, text, world.random)
    if month and (not year or world.random.random() < 0.5):
        return replaced(text, month, world.random.choice([m for m in MONTHS if m != month[0]]))
    return (
        replaced(text, year, str(int(year[0]) + world.random.choice([-20, -10, -3, -2, -1, 1, 2, 4, 10])))
        if year
        else None
    )


def unit(text: str, world: World) -> str | None:
    """Another unit of the same family, after a figure."""
    options = []
    for family in FAMILIES:
        for old in family:
            before = (
                r""
                if old in "$£€"
                else r"(?<=\d)"
                if old in "%°C"
                else r"(?<=[\d-] )"
                if len(old) < 3
                else r"(?<=[\w-][ -])"
            )
            after = r"(?=\d)" if old in "$£€" else r"(?!\w)"
            for m in re.finditer(before + re.escape(old) + after, text):
                if old in "$£€%" or re.search(rf"(?:\d|{'|'.join(WORDS)}|illion)[ -]?$", text[: m.start()]):
                    options += [(m, new) for new in family if new != old]
    return replaced(text, *world.random.choice(options)) if options else None


def name(text: str, world: World) -> str | None:
    """Another name, of the same paragraph where there is one."""
    match = pick(NAME, text, world.random)
    if not match or set(match[0].split()) & {*MONTHS, "The"}:
        return None
    near = [
        n for n in world.near_names if n not in text and match[0] not in n and len(n.split()) == len(match[0].split())
    ]
    far = [n for n in world.names if n not in text and len(n.split()) == len(match[0].split())]
    pool = near if near and world.random.random() < 0.5 else far
    return replaced(text, match, world.random.choice(pool)) if pool else None


def roles(text: str, world: World) -> str | None:
    """Two names exchanged that a verb stands between."""
    found = [m for m in re.finditer(r"(?:(?<=[a-z,] )|^)[A-Z][a-zé]{2,}(?: [A-Z][a-zé]{2,})*", text)]
    for a, b in zip(found, found[1:], strict=False):
        between = text[a.end() : b.start()]
        known = a[0] in world.names and b[0] in world.names
        if known and a[0] != b[0] and re.fullmatch(r"(?: (?!and |or |as |by )[a-z]+){1,5} ", between):
            return text[: a.start()] + b[0] + between + a[0] + text[b.end() :]
    return None


def negation(text: str, world: World) -> str | None:
    """A "not" put in after an auxiliary, or one taken away."""
    denial = pick(DENIAL, text, world.random)
    if denial:
        return replaced(text, denial, " ")
    match = pick(AUXILIARY, text, world.random)
    return replaced(text, match, match[0] + " not") if match else None


def comparative(text: str, world: World) -> str | None:
    """The opposite of a word."""
    match = pick(OPPOSITE, text, world.random)
    return replaced(text, match, OPPOSITES[match[0]]) if match else None


def quote(text: str, world: World) -> str | None:
    """One word changed in quoted words: those of the text, or half of it put in quotation marks."""
    quoted = quoted_words(text, world)
    if not quoted:
        return None
    inside = QUOTED.search(quoted)
    words = [m for m in re.finditer(r"\b[a-z]{4,}\b", inside[1])] if inside else []
    if not inside or not words:
        return None
    word = world.random.choice(words)
    new = world.random.choice([w for w in world.words if w != word[0]])
    start = inside.start(1) + word.start()
    return quoted[:start] + new + quoted[start + len(word[0]) :]


def quoted_words(text: str, world: World) -> str | None:
    """The text where it quotes, else a report of it that quotes its words."""
    if QUOTED.search(text):
        return text
    words = text.rstrip(".").split()
    if len(words) < 10 or '"' in text:
        return None
    if re.search(r"\b(?:no|not|never|neither|nor|none|without)\b|n't", text, re.IGNORECASE):
        return None  # half of a denial is no quotation of it
    return f'It is said that "{" ".join(words[2 : 2 + len(words) // 2])}".'


FALSE = {
    "figure": figure,
    "date": date,
    "unit": unit,
    "name": name,
    "roles": roles,
    "negation": negation,
    "comparative": comparative,
    "quote": quote,
}


def clause(text: str, world: World) -> str | None:
    """The sentence cut at a comma, or without what is in brackets."""
    bare = re.sub(r" \([^()]*\)", "", text)
    if bare != text and world.random.random() < 0.5:
        return bare
    cuts = [m for m in re.finditer(r"[,;] (?=and|but|which|who|where|while|although|because|with)", text)]
    cuts = [m for m in cuts if text.count("(", 0, m.start()) == text.count(")", 0, m.start())]
    cut = world.random.choice(cuts) if cuts else None
    return text[: cut.start()] + "." if cut and len(text[: cut.start()].split()) >= 6 else None


def date_form(text: str, world: World) -> str | None:
    """A full date in another form."""
    match = FULL_DATE.search(text)
    if not match:
        return None
    month, day, year = match.group(1, 2, 3) if match[1] else match.group(5, 4, 6)
    number = MONTHS.index(month) + 1
    forms = [
        f"{day} {month} {year}",
        f"{month} {day}, {year}",
        f"{year}-{number:02}-{int(day):02}",
        f"{int(day):02}.{number:02}.{year}",
        f"{month} {year}",
    ]
    return replaced(text, match, world.random.choice([f for f in forms if f != match[0]]))


def number_form(text: str, world: World) -> str | None:
    """A number in words for digits or digits for words."""
    word = pick(COUNT_WORD, text, world.random)
    if word:
        return replaced(text, word, str(VALUES[word[0]]))
    percent = re.search(r"(?<=\d)(?:%| percent| per cent)", text)
    if percent:
        return replaced(text, percent, " percent" if percent[0] == "%" else "%")
    large = re.search(r"(?<![\d.,·$£€])(\d+(?:\.\d)?) million\b", text)
    return replaced(text, large, f"{round(float(large[1]) * 1e6):,}") if large else None


def synonym(text: str, world: World) -> str | None:
    """One word, or two, for others of the same meaning."""
    match = pick(SYNONYM, text, world.random)
    if not match or any(q.start() < match.start() < q.end() for q in ANY_QUOTED.finditer(text)):
        return None  # quoted words have no synonyms
    return replaced(text, match, SYNONYMS[match[0]].replace("_", " "))


def adverb(text: str, world: World) -> str | None:
    """An adverb left out."""
    match = pick(ADVERB, text, world.random)
    return replaced(text, match, "") if match else None


def order(text: str, world: World) -> str | None:
    """An opening "In 1990," moved to the end."""
    match = re.match(
        r"((?:In|During|On|By|After|At|From) [^,]{3,40}), ((?:[Tt]he|[A-Z]|it|he|she|they)[^,;:\"]+)\.$", text
    )
    return f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}." if match else None


TRUE = {
    "clause": clause,
    "date form": date_form,
    "number form": number_form,
    "synonym": synonym,
    "adverb left out": adverb,
    "order": order,
    "quoted": quoted_words,
}
