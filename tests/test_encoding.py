"""Bytes to characters: what text files in use are really encoded in."""

import codecs

import pytest

from assistant.ingest.formats.common import Unreadable
from assistant.ingest.formats.encoding import decode

FRENCH = "L'été dernier, nous avons visité le château à côté de la forêt – « ça » m'a beaucoup plu."
GERMAN = "Die Größe der Straße ist für Fußgänger nicht ausreichend, sagt der Bürgermeister."
POLISH = "Wpłynęło dużo skarg. Miasto chce więc w tym roku naprawić kładkę, a także ścieżkę nad rzeką."
RUSSIAN = "Съешь же ещё этих мягких французских булок да выпей чаю. Вторая строка тоже по-русски."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-32"),
        (FRENCH, "cp1252"),
        (GERMAN, "latin-1"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        ("Price: £5 – “cheap”", "cp1252"),
    ],
)
def test_the_encoding_is_told(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_marks_of_the_other_byte_order():
    assert decode(codecs.BOM_UTF16_BE + FRENCH.encode("utf-16-be")) == FRENCH
    assert decode(codecs.BOM_UTF32_BE + FRENCH.encode("utf-32-be")) == FRENCH


def test_one_bad_byte_does_not_spoil_a_text():
    assert decode(RUSSIAN.encode() + b"\xff") == RUSSIAN + "\ufffd"


def test_a_declared_encoding_is_believed_where_it_fits():
    assert decode(RUSSIAN.encode("koi8-r"), "koi8-r") == RUSSIAN
    assert decode("café".encode("cp1252"), "ISO-8859-1") == "café"
    assert decode(FRENCH.encode(), "iso-8859-1") == FRENCH  # it is UTF-8 in truth
    assert decode("café".encode("cp1252"), "no-such-encoding") == "café"


@pytest.mark.parametrize("data", [b"text\0more", b"\x7fELF\x02\x01\x01\x00", bytes(range(1, 256)) * 4, b"\x80\0\x81"])
def test_binary_data_is_refused(data):
    with pytest.raises(Unreadable, match="binary data"):
        decode(data)


def test_a_false_mark_is_refused():
    with pytest.raises(Unreadable, match="UTF-16-LE"):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8\x00")
