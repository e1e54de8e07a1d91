"""Makes a folder of hostile files of every format, with good ones between them.

python tests/faults/hostile.py FOLDER        (with tests/ on PYTHONPATH)
"""

import os
import random
import socket
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hostile_files import archive_files, changed
from hostile_pdf import FONT, PAGE, pdf_files, stream
from hostile_pdf import pdf as written
from hostile_text import BIDI, Hostile, text_files
from samples import FIRST, SAMPLES, outlook

COINS = (
    "guilders florins ducats thalers drachmas pesetas escudos kroons lats litai tolars markkas punts schillings"
    " kopeks rupees dinars dirhams baht ringgit pesos reais zlotys"
).split()
CUT = (
    "docx",
    "xlsx",
    "pptx",
    "odt",
    "odp",
    "ods",
    "epub",
    "pdf",
    "msg",
    "json",
    "xml",
    "ipynb",
)  # never read in part
SLOW = frozenset((
    "wide/columns.rst", "wide/named.csv", "pdf/form.pdf", "mail/words.eml", "wide/rows.xlsx", "wide/columns.docx",
    "wide/columns.md", "bombs/rules.html", "deep/many.xml", "lines/words.txt", "wide/spans.html",
    "wide/spans-more.html", "wide/columns.html", "lines/solid.md", "lines/solid.csv", "lines/solid.org",
    "lines/solid.py", "lines/body.eml", "lines/cell.ipynb", "lines/text.rtf", "lines/spaces.md", "deep/ticks.md",
    "deep/stars.md", "mail/attachments.eml", "data/words.rtf", "wide/far.xlsx", "mail/headers.eml",
))  # fmt: skip
SPARSE = 300 * 2**30  # bytes


@dataclass
class Made:
    """What is in the folder: good files with a word that each alone has, all bad ones, and those to be refused."""

    good: dict[str, str] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def inside(self, paths: Iterable[str]) -> set[str]:
        """The archives and folders of which something is among `paths`."""
        return {path for path in self.bad | self.refused if any(each.startswith(f"{path}/") for each in paths)}


def make(folder: Path, slow: bool = False) -> Made:
    """Fill a folder with hostile files and good ones; with `slow`, also those that take a minute to give up."""
    made = Made()
    for path, content, refused in [*text_files(), *archive_files(), *pdf_files(), *damaged()]:
        if path in SLOW and not slow:
            continue
        _put(folder, path, content)
        made.bad.add(path)
        made.refused |= {path} if refused else set()
    for number, (name, coin) in enumerate(zip(SAMPLES, COINS, strict=True)):
        path = f"{('bombs', 'deep', 'lines', 'wide')[number % 4]}/good-{name}"
        _put(folder, path, good(name, coin))
        made.good[path] = coin
    _odd_names(folder, made)
    _links(folder, made)
    _no_files(folder, made)
    return made


def good(name: str, coin: str) -> bytes:
    """A sample that counts the rent in coins that no other file knows."""
    old, new = b"euros", coin.encode()
    data, ending = SAMPLES[name], Path(name).suffix
    if ending == ".pdf":
        text = FIRST.replace("euros", coin).encode()
        said = stream(b"BT /F1 12 Tf 72 700 Td (" + text + b") Tj ET")
        pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
        return written([b"<</Type/Catalog/Pages 2 0 R>>", pages, PAGE, said, FONT])
    if ending == ".msg":
        return outlook(FIRST.replace("euros", coin))
    return changed(name, lambda _, part: part.replace(old, new)) if data[:2] == b"PK" else data.replace(old, new)


def damaged() -> Iterator[Hostile]:
    """Every sample cut off, empty, replaced by noise, and under the name of another format."""
    noise = random.Random(5)
    names = list(SAMPLES)
    for name, after in zip(names, [*names[7:], *names[:7]], strict=True):
        ending = Path(name).suffix[1:]
        yield f"cut/a.{ending}", SAMPLES[name][: len(SAMPLES[name]) // 2], ending in CUT
        yield f"empty/a.{ending}", b"", True
        yield f"noise/a.{ending}", noise.randbytes(3_000), ending != "rtf"
        yield f"wrong/{after[2:]}.{ending}", SAMPLES[after], False


def _put(folder: Path, path: str, content: bytes) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def _odd_names(folder: Path, made: Made) -> None:
    """Names that break lines, steer terminals, or look like ways out; what they hold is fine."""
    names = [
        "new\nline.txt", "return\rand\ttab.md", f"bidi{BIDI}.txt", "\x1b[2J\x1b]0;owned\x07.txt", "a%2f..%2fetc.txt",
        "C:\\windows\\a.txt", "a\\..\\up.txt", " spaces .txt ", "a" * 251 + ".txt", "CON.txt", "-rf.txt", "$(id).txt",
        "';drop table documents;--.txt", "%s%n.txt", "e\u0301.txt", "\u200b.txt", "\U0001f4a3.txt", "a.txt.exe",
        "noend",
    ]  # fmt: skip
    for name in names:
        _put(folder, f"names/{name}", b"A file with an odd name.")
        made.bad.add(f"names/{name}")
    made.refused |= {"names/a.txt.exe", "names/noend", "names/ spaces .txt "}
    place = os.fsencode(folder / "names") + b"/not-\xff\xfe-utf8.txt"
    Path(os.fsdecode(place)).write_bytes(b"Text.")
    made.refused.add("names/not-\\xff\\xfe-utf8.txt")
    deep = folder / "names"
    for _ in range(300):
        deep /= "d" * 3
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("Far below.")
    made.bad.add((deep / "a.txt").relative_to(folder).as_posix())


def _links(folder: Path, made: Made) -> None:
    """Links in circles, out of the folder, to the folder itself and to nowhere."""
    links = {"a.txt": "b.txt", "b.txt": "a.txt", "itself.txt": "itself.txt", "up": "..", "here": ".", "gone.txt": "x"}
    links |= {"passwd.txt": "/etc/passwd", "root": "/", "memory.txt": "/proc/self/mem", "zero.txt": "/dev/zero"}
    (folder / "links").mkdir()
    for name, target in links.items():
        (folder / "links" / name).symlink_to(target)
        made.refused.add(f"links/{name}")


def _no_files(folder: Path, made: Made) -> None:
    """Pipes, sockets, devices, folders with the names of files, what may not be read, and what no disk holds."""
    place = folder / "special"
    place.mkdir()
    os.mkfifo(place / "pipe.txt")
    bound = socket.socket(socket.AF_UNIX)
    here = os.open(place, os.O_RDONLY)
    try:
        bound.bind(f"/proc/self/fd/{here}/socket.txt")  # a path of any length: that of a socket is bounded
    finally:
        os.close(here)
        bound.close()
    made.refused |= {"special/pipe.txt", "special/socket.txt"}
    try:
        os.mknod(place / "zero.txt", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
        made.refused.add("special/zero.txt")
    except PermissionError:
        pass  # only root makes devices
    (place / "folder.pdf").mkdir()
    for name in ("sparse.txt", "sparse.pdf", "sparse.docx", "sparse.zip", "sparse.mbox"):
        with (place / name).open("wb") as file:
            file.truncate(SPARSE)
        made.refused.add(f"special/{name}")
    if os.geteuid() != 0:  # root may read everything
        _put(place, "locked.txt", b"Text.")
        (place / "locked.txt").chmod(0)
        (place / "closed").mkdir(mode=0)
        made.refused |= {"special/locked.txt", "special/closed"}


if __name__ == "__main__":
    make(Path(sys.argv[1]), slow=True)
