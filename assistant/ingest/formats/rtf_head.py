"""What stands before the text of a file in rich text: fonts, colours, styles, and what the file says of itself."""

import codecs
import re

CHARACTERS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "lbr": "\n", "nestcell": " ",
}  # fmt: skip
BREAKS = frozenset(("par", "sect", "page", "column", "nestrow"))
SKIPPED = frozenset(
    "fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping datastore header headerl"
    " headerr headerf footer footerl footerr footerf annotation atnid atnauthor atnref atnicn fldinst listtext pntext"
    " listtable listoverridetable revtbl rsidtbl generator xmlnstbl latentstyles nonshppict sp tc xe private"
    " bkmkstart bkmkend ftnsep ftnsepc aftnsep aftnsepc txfieldtype passwordhash mmath nesttableprops nonesttables"
    " filetbl".split()
)
"""Control words that begin what is no text of the document."""

_CHARSETS = {
    0: "cp1252", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_ALMOST_WHITE = 241  # of 255, in each of red, green and blue: a difference from white that is not seen
_TITLE_LIMIT = 400  # characters gathered


class Head:
    """The tables of a file, filled as they are read."""

    def __init__(self) -> None:
        self.codec = "cp1252"
        self.fonts: dict[int, str] = {}  # number: codec
        self.levels: dict[int, int] = {}  # number of a style: level of the heading that it makes
        self.white: set[int] = set()  # numbers of colours
        self.title: list[str] = []
        self.created: list[int] = []  # year, month, day
        self._font = self._style = 0
        self._level: int | None = None
        self._name = ""
        self._colours = 0
        self._parts: dict[str, int] = {}
        self._target = ""

    def set_codepage(self, number: int) -> None:
        """Set the encoding of what has no font with one of its own."""
        name = {65001: "utf-8", 10000: "mac-roman"}.get(number, f"cp{number}")
        try:
            codecs.lookup(name)
        except LookupError:
            return
        self.codec = name

    def word(self, target: str, word: str, number: int | None) -> None:
        """Follow a control word inside the part that begins with the word `target`."""
        value = number or 0
        if target == "fonttbl" and word == "f":
            self._font = value
        elif target == "fonttbl" and word == "fcharset":
            if value in _CHARSETS:
                self.fonts[self._font] = _CHARSETS[value]
        elif target == "colortbl":
            self._parts[word] = value
        elif target == "stylesheet" and word in ("s", "cs", "ts", "ds"):
            self._style, self._level, self._name = (value if word == "s" else -1), None, ""
        elif target == "stylesheet" and word == "outlinelevel":
            self._level = value
        elif target == "info":
            if word in (
                "title",
                "creatim",
                "author",
                "subject",
                "revtim",
                "printim",
                "doccomm",
                "keywords",
                "operator",
            ):
                self._target = word
            elif self._target == "creatim" and word in ("yr", "mo", "dy"):
                self.created.append(value)

    def text(self, target: str, text: str) -> None:
        """Take note of text inside the part that begins with the word `target`."""
        if target == "colortbl":
            for _ in range(text.count(";")):
                shades = [self._parts.get(name, 0) for name in ("red", "green", "blue")]
                if min(shades) >= _ALMOST_WHITE:
                    self.white.add(self._colours)
                self._parts = {}
                self._colours += 1
        elif target == "stylesheet":
            name, ends, _ = text.partition(";")
            self._name += name[:_TITLE_LIMIT]
            if ends:
                self._end_style()
        elif target == "info" and self._target == "title" and sum(map(len, self.title)) < _TITLE_LIMIT:
            self.title.append(text)

    def end_entry(self, target: str) -> None:
        """Take note that a part ends."""
        if target == "info":
            self._target = ""

    def _end_style(self) -> None:
        match = _HEADING.match(self._name.strip())
        outline = -1 if self._level is None else self._level
        level = int(match[1]) if match else 1 if self._name.strip().lower() == "title" else outline + 1
        if level > 0 and self._style >= 0:
            self.levels[self._style] = level
        self._style, self._level, self._name = 0, None, ""
