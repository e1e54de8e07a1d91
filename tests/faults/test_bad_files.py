"""Bad files among good ones: each is reported with its reason, and the good ones are read."""

import io
import os
import random
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from assistant.ingest.walk import walk
from assistant.ingest.worker import Limits, ParserPool
from assistant.types import Document, Skipped

GOOD = ("a-good.txt", "zz-good.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in GOOD:
        (tmp_path / name).write_text("# A good file\n\nWith a sentence in it.")
    return tmp_path


def reasons(folder: Path, **limits: float) -> dict[str, str]:
    """Why each file was skipped; checks that the good ones were not."""
    with ParserPool(limits=Limits(**limits)) as pool:
        found = {each.path: each for each in pool.read(walk(folder))}
    assert all(isinstance(found.pop(name), Document) for name in GOOD)
    assert all(isinstance(each, Skipped) for each in found.values())
    return {path: each.reason for path, each in found.items()}


def pdf(**options: object) -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, **options)
    for number in range(20):
        page.drawString(72, 700, f"The text of page {number}.")
        page.showPage()
    page.save()
    return stream.getvalue()


def scanned() -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    page.rect(72, 72, 300, 300, fill=1)
    page.save()
    return stream.getvalue()


def word(**parts: str) -> bytes:
    """A Word document with some of its parts replaced."""
    stream = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Text.")
    document.save(stream)
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(Path(name).stem) or old.read(name))
    return changed.getvalue()


def bomb() -> bytes:
    """A small Word document that unpacks to 600 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(b" " * 2**20)
    return stream.getvalue()


def laughs() -> bytes:
    """A Word document whose few entities stand for billions of characters."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = '<w:body xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body>'
    return word(document=f'<!DOCTYPE d [<!ENTITY l0 "lol">{entities}]>{body}')


def small_bomb() -> bytes:
    """Within the limit of all sizes, but packed as no real text is."""
    return word(document=" " * 50 * 2**20)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.txt": (lambda: b"", "it is empty: 0 bytes"),
    "empty.pdf": (lambda: b"", "it is empty: 0 bytes"),
    "blank.md": (lambda: b" \n\n ", "there is no text in it"),
    "binary.txt": (lambda: random.Random(1).randbytes(5_000), "it holds binary data, not text"),
    "random.docx": (lambda: random.Random(2).randbytes(5_000), "it is no Word file, whatever its name says"),
    "random.xlsx": (lambda: random.Random(3).randbytes(5_000), "it is no Excel file, whatever its name says"),
    "random.pdf": (lambda: random.Random(4).randbytes(5_000), "it is no PDF, whatever its name says"),
    "zip.docx": (lambda: b"PK\x03\x04" + bytes(100), "it is damaged or cut off: its archive cannot be opened"),
    "cut.docx": (lambda: word()[:-2_000], "it is damaged or cut off: its archive cannot be opened"),
    "cut.pdf": (lambda: pdf()[:-2_000], "it is cut off: the end of the file is missing"),
    "locked.pdf": (lambda: pdf(encrypt=StandardEncryption("x")), "it is encrypted: save a copy without a password"),
    "scanned.pdf": (scanned, "no text on its pages: it needs OCR"),
    "old.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is password-protected or an old"),
    "bomb.docx": (bomb, "it unpacks to 600 MB, over the limit of 512 MB"),
    "small-bomb.docx": (small_bomb, "times its size, as only a decompression bomb does"),
    "laughs.docx": (laughs, "it is damaged, or not what its name says"),
    "broken.docx": (lambda: word(document="<w:document"), "it is damaged, or not what its name says"),
    "workbook.docx": (lambda: saved_workbook(), "it is no Word file, whatever its name says"),
}  # fmt: skip


def saved_workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def test_each_bad_file_is_reported_with_its_reason(folder):
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content())
    found = reasons(folder)
    assert set(found) == set(BAD)
    for name, (_, reason) in BAD.items():
        assert reason in found[name], name
        assert found[name] and "\n" not in found[name]


def test_a_huge_file_is_refused_before_it_is_read(folder):
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(300 * 2**20)  # sparse
    begun = time.monotonic()
    assert reasons(folder) == {"huge.txt": "300 MB is over the limit of 64 MB"}
    assert time.monotonic() - begun < 10


def test_what_cannot_be_opened_is_reported_and_does_not_hang(folder):
    (folder / "gone.txt").symlink_to("missing.txt")
    os.mkfifo(folder / "pipe.txt")
    assert reasons(folder) == {"gone.txt": "a link that leads nowhere", "pipe.txt": "it is not a regular file"}


def test_a_file_that_became_a_pipe_does_not_hang(folder):
    (folder / "later.txt").write_text("x")
    files = list(walk(folder))
    (folder / "later.txt").unlink()
    os.mkfifo(folder / "later.txt")
    with ParserPool(limits=Limits(seconds=20)) as pool:
        found = {each.path: each for each in pool.read(files)}
    assert found["later.txt"] == Skipped("later.txt", "it is not a regular file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_reported(folder):
    (folder / "secret.txt").write_text("x")
    (folder / "secret.txt").chmod(0)
    assert reasons(folder) == {"secret.txt": "it cannot be opened: permission denied"}


def slow(lines: int) -> str:
    """Markdown that takes long to read for its size."""
    return "a *b* `c` [d](e)\n\n" * lines


def test_a_file_that_takes_too_long_is_given_up(folder):
    (folder / "slow.md").write_text(slow(200_000))
    begun = time.monotonic()
    assert reasons(folder, seconds=0.5) == {"slow.md": "reading it took longer than the limit of 0.5 seconds"}
    assert time.monotonic() - begun < 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_a_file_that_takes_too_much_memory_is_given_up(folder):
    (folder / "many.txt").write_text("a\n\n" * 900_000)
    (reason,) = reasons(folder, memory_bytes=100 * 2**20).values()
    assert reason == "reading it takes more memory than the limit of 100 MB"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_parser_that_dies_in_the_middle_is_replaced(folder, how):
    (folder / "slow.md").write_text(slow(200_000))
    with ParserPool() as pool:
        stream = pool.read(walk(folder))
        first = next(stream)  # by now the next file is being read
        (pid,) = pool.processes
        threading.Timer(0.3, os.kill, (pid, how)).start()
        rest = list(stream)
        assert pool.processes != (pid,)
    assert [type(each) for each in (first, *rest)] == [Document, Skipped, Document]
    assert rest[0] == Skipped(
        "slow.md",
        f"its parser was ended by {how.name}; the file may be damaged, or take more than 2,048 MB of memory",
    )


def test_an_interrupted_reader_leaves_no_parser_at_work(folder):
    (folder / "slow.md").write_text(slow(200_000))
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), ParserPool() as pool:
        for _ in pool.read(walk(folder)):
            raise KeyboardInterrupt
    assert time.monotonic() - begun < 5
