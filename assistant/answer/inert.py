"""Untrusted text made inert: as a line of a prompt, and as words of an answer.

In a prompt it cannot pass for anything but text. In an answer nothing of it is acted on by whatever shows the answer:
no link, no image, no tag, and no address that a program would make a link of.
"""

import re
import unicodedata

# Angle brackets make delimiters (</sources>) and the control tokens of chat formats (<|im_end|>, </s>). Those before
# a figure compare ("p < 0.05") and stay.
_OPENING = re.compile(r"[<＜﹤](?!\s{0,3}[=\d.,$€£~−-])")
# Numbers in brackets are ours; capitals in brackets are control tokens as well ([INST]).
_BRACKETED = re.compile(r"[\[【](\s{0,3}(?:\d[\d\s,]{0,60}|/?[A-Z][A-Z_ ]{0,40}))[\]】]")
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co"))
# Joiners that scripts and emoji need, and private characters, which some fonts use for marks of lists.
_NEEDED = frozenset("\u200c\u200d")

# An image or link of Markdown: what is seen of it, and where it leads.
_LINK = re.compile(
    r"!?\[([^\[\]]{0,500})\]\((?:[^()\s]|\([^()]{0,200}\)){0,2000}(?:\s+[\"'(][^\"')]{0,500}[\"')])?\s*\)"
)
_MARKDOWN = re.compile(r"!(?=\[)|\](?=[(\[])")
# Tags that load, lead or run something; others, as in "vector<int>", are words of a text on programs.
_ACTIVE_TAG = re.compile(
    r"<(?=\s{0,3}[/!?]?\s{0,3}(?:a|applet|area|audio|base|body|button|details|embed|form|frame|frameset|html|iframe"
    r"|image|img|input|link|math|meta|object|picture|script|source|style|svg|track|video)\b|!--)",
    re.IGNORECASE,
)

# What names of hosts end with. Not among them are endings that those of files have (.md, .py, .zip) or that code
# writes after a dot (user.name, log.info); these and endings that are words (.it, .in) need a path behind them.
_ENDINGS = (
    "com|org|net|edu|gov|mil|biz|xyz|io|ai|co|icu|eu|uk|ca|au|nz|de|ch|fr|nl|lu|es|pt|se|dk|fi|ie|pl|cz|sk|hu|ro|bg"
    "|gr|tr|ru|ua|by|kz|az|ge|cn|hk|tw|jp|kr|sg|th|vn|ph|il|ae|sa|za|ng|ke|eg|br|ar|cl|mx|pe|tk|cf|gq|tv|cc|ws"
)
_WORDY = (
    "in|it|at|be|no|me|us|am|my|id|info|name|pro|app|dev|top|site|online|shop|store|club|live|link|click|vip|win|work"
    "|world|today|space|website|tech|cloud|email|support|int|so|to|is|st|gg|ly|la|ga|ml|su"
)
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.){1,8}"
_REST = r"(?::\d{1,5})?(?:[/?#][^\s<>\"“”]*)?"
_ADDRESS = re.compile(
    r"(?i:[a-z][a-z0-9+.-]{1,20}://[^\s<>\"“”]+)"  # https://host/path
    r"|(?<![\w@.-])(?:"
    r"(?i:(?:mailto:)?[\w.+%-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}"  # somebody@host
    rf"|www\d?\.[^\s/?#<>\"“”]{{1,250}}{_REST}"
    rf"|{_HOST}(?:{_ENDINGS}|{_WORDY})(?::\d{{1,5}})?/[^\s<>\"“”]*)"
    # The name alone, in small letters: after a dot that lacks its space a sentence begins with a capital.
    rf"|{_HOST}(?:{_ENDINGS})(?![\w-]|\.[\w-]){_REST}"
    r")"
)
_PUNCTUATION = ".,;:!?)]}'’\""  # after an address, not of it
_PARTS = re.compile(r"([^/?#]*)(.*)", re.DOTALL)  # the host, and the rest
_SCHEME = re.compile(r"\A(?:mailto:|[a-z][a-z0-9+.-]{1,20}://)", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:ur[li]s?|links?|web ?sites?|web ?pages?|home ?pages?|sites?|addresses|address|e-?mails?|domains?|portals?"
    r"|contact|write to|log ?in|sign (?:in|up)|download(?:ed)? from|endpoints?|host ?names?)\b",
    re.IGNORECASE,
)


def inert(text: str) -> str:
    """The text on one line of a prompt, without what is not seen and without what looks like a part of the prompt.

    Control, zero-width and bidirectional characters, private ones and variation selectors are left out; the "<" of a
    tag becomes "‹", and a number or token in square brackets stands in round ones.
    """
    line = " ".join(text.split())
    seen = "".join(c for c in line if unicodedata.category(c) not in _INVISIBLE and not _selects(c))
    seen = _BRACKETED.sub(r"(\1)", _OPENING.sub("‹", seen))
    return " ".join(seen.split())


def plain(text: str, keep: str = "") -> str:
    """The text as words of an answer, which nothing that shows them acts on.

    What is not seen is left out, line breaks and the joiners of scripts excepted; of links and images what a reader
    sees of them stays; "<" before a tag that loads or runs something becomes "‹"; and addresses are written so
    that they lead nowhere (`disarmed`).

    Args:
        text: words of a document or a chat model.
        keep: a text whose addresses stay as they are.
    """
    seen = "".join(c for c in text if c in "\n\t" or c in _NEEDED or not _hides(c))
    seen = disarmed(_LINK.sub(r"\1", seen), keep)
    return _MARKDOWN.sub(lambda mark: mark[0] + " ", _ACTIVE_TAG.sub("‹", seen))


def disarmed(text: str, keep: str = "") -> str:
    """The text with every address but those in `keep` written as "example[.]org/path": readable, and no link."""
    for _ in range(3):  # what is left of one address may begin another
        before, text = text, _ADDRESS.sub(lambda found: _spelled(found[0], keep), text)
        if text == before:
            break
    return text


def addresses(text: str) -> list[str]:
    """The addresses in a text that a program may make links of, as they are written: web, mail, hosts."""
    return [match[0].rstrip(_PUNCTUATION) for match in _ADDRESS.finditer(text)]


def asks_for_address(question: str) -> bool:
    """Whether a question wants to know an address, which then is the answer and not something slipped into it."""
    return bool(_ASKED.search(question))


def _spelled(address: str, keep: str) -> str:
    bare = address.rstrip(_PUNCTUATION)
    if keep and bare in addresses(keep):
        return address
    host, rest = _PARTS.fullmatch(_SCHEME.sub("", bare)).groups()  # type: ignore[union-attr]  # it matches anything
    if "//" in rest or _ADDRESS.search(rest):
        rest = rest.replace("//", "/ /").replace(".", "[.]")
    return host.replace(".", "[.]") + rest + address[len(bare) :]


def _hides(character: str) -> bool:
    """Whether a character is not seen, or changes how others are seen."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") or _selects(character)


def _selects(character: str) -> bool:
    """Whether it is a variation selector: any number of them hide behind one visible character."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
