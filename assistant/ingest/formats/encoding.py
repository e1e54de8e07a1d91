"""Bytes of a text file to characters."""

import codecs
import re

from assistant.ingest.formats.common import Unreadable, clean, too_long

# The longer marks first: the mark of UTF-32 (little endian) begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = "it holds binary data, not text"
_TEXT_ENCODING = re.compile("utf|iso|windows|cp|koi8|big5|gb|euc|shift|sjis|mac|latin|ascii|us-ascii", re.IGNORECASE)
_AS_BROWSERS_READ = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 1 / 50  # of the characters; text has next to none, random bytes have one in ten
_DAMAGED_SHARE = 1 / 10  # of the characters beyond ASCII; above it the file is not UTF-8 with a few bad bytes
_SAMPLE = 65_536  # bytes that the encoding is told from

# What letters of Central European and Turkish encodings turn into when read as Western.
_MISREAD = re.compile(r"(?<=[a-zà-öø-ÿ])[¹²³¿¼½¾£¥ðþý¬¦¶µ]|[¹²³¿¼½¾£¥ðþý](?=[a-zà-öø-ÿ])")
_MISREAD_SHARE = 1 / 10  # of the characters beyond ASCII
_WESTERN_SHARE = 3 / 10  # of the letters; no Western language has so many accents, Greek or Russian have all


def decode(data: bytes, declared: str | None = None, limit: int | None = None) -> str:
    """The text of a file, without its byte-order mark and with every line break made a line feed.

    Args:
        data: The bytes of the file.
        declared: The encoding that the file says it is in. It is tried after UTF-8: pages are converted more
            often than their declarations, and hardly a text in another encoding happens to be valid UTF-8.
        limit: How many characters the text may have.

    Raises:
        Unreadable: The bytes are no text, in an encoding that cannot be told, or the text is too long.
    """
    text = _decoded(data, declared)
    _refuse_binary(text)
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    if limit is not None and len(text) > limit:
        raise Unreadable(too_long(limit))
    return text


def _decoded(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(f"it is marked as {encoding.upper()} but does not decode as that") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_binary(data.decode("latin-1"))
    if declared and _TEXT_ENCODING.match(declared):
        try:
            return data.decode(_AS_BROWSERS_READ.get(declared.lower(), declared))
        except (UnicodeDecodeError, LookupError):
            pass  # a false declaration; what the bytes look like decides
    damaged = data.decode("utf-8", "replace")
    beyond_ascii = sum(1 for character in damaged if character > "\x7f")
    if damaged.count("\ufffd") <= beyond_ascii * _DAMAGED_SHARE:
        return damaged
    return data.decode(_legacy_encoding(data[:_SAMPLE]), "replace")


def _refuse_binary(text: str) -> None:
    if "\0" in text or len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) * _CONTROL_SHARE:
        raise Unreadable(_BINARY)


def _legacy_encoding(sample: bytes) -> str:
    """The single- or multi-byte encoding that a sample is in."""
    western = sample.decode("cp1252", "replace")
    letters = sum(1 for character in western if character.isalpha())
    beyond_ascii = [character for character in western if character > "\x7f"]
    accented = sum(1 for character in beyond_ascii if character.isalpha())
    misread = len(_MISREAD.findall(western))
    undefined = western.count("\ufffd")
    if (
        accented <= letters * _WESTERN_SHARE
        and misread <= len(beyond_ascii) * _MISREAD_SHARE
        and undefined <= len(beyond_ascii) * _DAMAGED_SHARE
    ):
        return "cp1252"
    # Installed with the model libraries, but not promised by them; loaded only for the rare file that needs it.
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        guess = None
    else:
        guess = from_bytes(sample).best()
    if guess is None:
        raise Unreadable("its character encoding cannot be told; save it as UTF-8")
    return guess.encoding
