"""Words in quotation marks must stand in the source as they are, but for white space and the style of the marks."""

import re

from assistant.answer.guards.text import Text, fold

_PAIRED = re.compile(
    r'"([^"]+)"|(?<!\w)\'(?!(?:s|t|re|ve|ll|d|m)\b|\s)([^\']+(?:\'\w[^\']*)*)(?<!\s)\'(?!\w)|[「『]([^」』]+)[」』]'
)
_OPENED = re.compile(r'(?:^|[\s(\[])"(\w[^"]*)$')
_CLOSED = re.compile(r'^([^"]*\w[.,!?]?)"(?=[\s.,;:)]|$)')
_ELLIPSIS = re.compile(r"\s*(?:\[?\.\s?\.\s?\.\]?|…|\[…\])\s*")
_SPACE_BEFORE = re.compile(r"\s+(?=[,.;:!?]|'s\b)")
_EDGE = " .,;:!?"


def check_quotes(sentence: str, source: Text) -> list[str]:
    """The quoted words of a claim that are not word for word in its source."""
    folded = fold(sentence)
    haystack = _bare(source.folded)
    problems = []
    for quoted in _quoted(folded):
        if not all(_holds(haystack, part) for part in _ELLIPSIS.split(quoted) if part.strip(_EDGE)):
            shown = quoted if len(quoted) <= 60 else quoted[:57] + "..."
            problems.append(f'quoted words not in source: "{shown}"')
    return problems


def _quoted(folded: str) -> list[str]:
    found = [next(part for part in match.groups() if part) for match in _PAIRED.finditer(folded)]
    if folded.count('"') == 1:  # a quotation that runs on beyond this sentence
        match = _OPENED.search(folded) or _CLOSED.search(folded)
        if match:
            found.append(match[1])
    return [part for part in found if re.search(r"\w", part)]


def _bare(text: str) -> str:
    """A folded text without quotation marks, on one line."""
    text = re.sub(r"(?<!\w)'(?!s\b)|'(?!\w)|[\"「」『』]", "", text)
    text = _SPACE_BEFORE.sub("", text)
    return " ".join(text.split())


def _holds(haystack: str, part: str) -> bool:
    """Whether the words of a quotation stand in the source; its first letter may be in either case."""
    words = _bare(part).strip(_EDGE)
    if not words:
        return True
    first = words[0]
    pattern = rf"(?<!\w)[{re.escape(first.lower())}{re.escape(first.upper())}]{re.escape(words[1:])}(?!\w)"
    if len(first.lower()) != 1 or len(first.upper()) != 1:
        pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
    if not words[-1].isalnum():
        pattern = pattern.removesuffix(r"(?!\w)")
    if not first.isalnum():
        pattern = pattern.removeprefix(r"(?<!\w)")
    return re.search(pattern, haystack) is not None
