"""Figures that belong to a name: the 6 of IL-6, the I of "grade I"."""

from assistant.answer.guards.align import Reading
from assistant.answer.guards.numerals import Figure
from assistant.answer.guards.text import Token
from assistant.answer.guards.vocabulary import joined_with_initials


def as_numeral(figure: Figure, source: Reading) -> bool:
    """Whether the source has a small figure as one Roman letter: grade 1 for grade I."""
    numeral = {1.0: "I", 5.0: "V", 10.0: "X"}.get(figure.value or 0.0)
    return figure.unit is None and any(t.text == numeral for t in source.text.tokens)


def in_code(figure: Figure, claim: Reading) -> bool:
    """Whether a number belongs to a name: the 6 of IL-6, the 4 of Oct3/4."""
    tokens, i = claim.text.tokens, figure.start
    joins = i >= 2 and tokens[i - 1].text in ("-", "/") and claim.text.glued(i) and claim.text.glued(i - 1)
    if not joins or figure.unit:
        return False
    return tokens[i - 2].kind == "word" and not (tokens[i - 2].text[1:].islower() and tokens[i - 2].text.isalpha())


def joined(figure: Figure, claim: Reading, source: Reading) -> bool:
    """Whether a number follows an abbreviation, or words, that the source joins it to.

    "BRCA 1" for BRCA1, and "fibre glass fabric 4" for FGF4.
    """
    before = claim.text.tokens[figure.start - 1] if figure.start else None
    if before is None or figure.unit:
        return False
    literal = figure.literal.lower()
    wanted = {
        w for w in joined_with_initials(claim.text.tokens[: figure.start], literal) if len(w) - len(literal) > 1
    }
    if before.kind == "word" and len(before.text) > 1 and before.text.isupper():
        wanted.add(before.low + literal)
    return any(t.low in wanted or _shortens(t.low, before, literal, claim) for t in source.text.tokens)


def _shortens(low: str, before: Token, literal: str, claim: Reading) -> bool:
    """Whether a name with a figure shortens a word of the claim that has that figure: casp3, caspase-3."""
    letters = low.removesuffix(literal)
    if letters == low or len(letters) < 2 or letters[-1].isdigit():
        return False
    word = before.low if before.text != "-" else claim.text.folded[: before.start].rpartition(" ")[2].casefold()
    rest = iter(word[1:])
    return len(word) > len(letters) and word[0] == letters[0] and all(letter in rest for letter in letters[1:])


def literally(figure: Figure, claim: Reading, source: Reading) -> bool:
    """Whether the source has the name that a number belongs to, hyphened or not: IL-6, IL6R; of Oct3/4 Oct4."""
    tokens = source.text.tokens
    code = (claim.text.tokens[figure.start - 2].low if figure.start >= 2 else "").rstrip("0123456789")
    code += figure.literal.lower()
    return any(t.text == figure.literal or t.kind == "word" and t.low.startswith(code) for t in tokens)
