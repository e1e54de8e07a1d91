"""Zip archives: what is in them is read as files of their own, and what may not be is reported."""

import hashlib
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ingest import members as module
from assistant.ingest.members import Member, Refused, list_members, read_member
from assistant.ingest.parse import Unreadable
from assistant.ingest.walk import SourceFile, walk
from assistant.ingest.worker import ParserPool
from assistant.types import Document, Skipped

LIMIT = 2**20


def pack(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def found_in(path: Path) -> tuple[dict[str, Member], dict[str, str]]:
    found = list_members(path)
    assert [each.path for each in found] == sorted({each.path for each in found})
    read = {each.path: each for each in found if isinstance(each, Member)}
    return read, {each.path: each.reason for each in found if isinstance(each, Refused)}


def test_files_come_sorted_with_their_hashes(tmp_path):
    files = {"b.md": b"# B", "a/z.txt": b"Words.", "./c.txt": b"Dot.", "win\\d.txt": b"Back.", "a/": b""}
    read, refused = found_in(pack(tmp_path / "a.zip", files))
    assert list(read) == ["a/z.txt", "b.md", "c.txt", "win/d.txt"]
    assert refused == {}
    for member in read.values():
        data = read_member(tmp_path / "a.zip", member.name, LIMIT)
        assert (member.size, member.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_hidden_names_are_left_out_by_rule(tmp_path):
    files = {"__MACOSX/._a.md": b"x", ".git/a.md": b"x", "a/.b.md": b"x", "a.md": b"x"}
    assert found_in(pack(tmp_path / "a.zip", files)) == ({"a.md": list_members(tmp_path / "a.zip")[0]}, {})


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../a.md", "../a.md"),
        ("a/../../b.md", "a/../../b.md"),
        ("/etc/a.md", "etc/a.md"),
        ("C:/a.md", "C:/a.md"),
        ("a//b.md", "a//b.md"),
        ("a\nb.md", "a\\u000ab.md"),
        ("dm.\u202exe.md", "dm.\\u202exe.md"),
        ("x" * 1_100 + ".md", "x" * 200),
    ],
)
def test_names_that_are_no_paths_are_reported(tmp_path, name, shown):
    read, refused = found_in(pack(tmp_path / "a.zip", {name: b"Words.", "good.md": b"Words."}))
    assert list(read) == ["good.md"]
    assert list(refused) == [shown]
    assert "no path inside it" in refused[shown]


def test_what_is_not_read_is_reported_with_the_reason(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", b"PK")
        archive.writestr("a.exe", b"MZ")
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("packed.md", b"Words.", zipfile.ZIP_LZMA)
        archive.writestr("bomb.txt", bytes(11 * 2**20), zipfile.ZIP_DEFLATED)
        secret = zipfile.ZipInfo("secret.md")
        archive.writestr(secret, b"Words.")
        archive.writestr("good.md", b"Words.")
        archive.getinfo("secret.md").flag_bits |= 1
    read, refused = found_in(path)
    assert list(read) == ["good.md"]
    expected = {
        "a.exe": "format .exe is not supported",
        "bomb.txt": "as only a decompression bomb does",
        "inner.zip": "an archive inside another file is not opened",
        "link.md": "a link inside an archive",
        "packed.md": "packed in a way that is not read",
        "secret.md": "password-protected",
    }
    assert list(refused) == list(expected)
    for name, reason in expected.items():
        assert reason in refused[name]


@pytest.mark.parametrize("name", ["packed.md", "bomb.txt"])
def test_what_is_not_listed_is_not_read_either(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("packed.md", b"Words.", zipfile.ZIP_LZMA)
        archive.writestr("bomb.txt", bytes(11 * 2**20), zipfile.ZIP_DEFLATED)
    with pytest.raises(Unreadable):
        read_member(tmp_path / "a.zip", name, 2**30)


def test_a_name_that_is_there_twice_is_read_once(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("a.md", b"First.")
            archive.writestr("a.md", b"Second.")
    (member,) = list_members(tmp_path / "a.zip")
    assert isinstance(member, Member)
    assert hashlib.sha256(read_member(tmp_path / "a.zip", "a.md", LIMIT)).hexdigest() == member.sha256


def test_limits_of_a_whole_archive(tmp_path, monkeypatch):
    path = pack(tmp_path / "a.zip", {f"{n}.txt": b"Words." for n in range(4)})
    for name, value, reason in (
        ("_ENTRIES_LIMIT", 3, "more than 3 files"),
        ("_UNPACKED_LIMIT", 20, "over the limit"),
        ("_READ_LIMIT", 100, "its table of contents is larger"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert reason in found_in(path)[1][""]


def test_a_table_of_contents_that_claims_to_be_huge_is_not_read(tmp_path):
    path = tmp_path / "a.zip"
    entry = b"PK\x01\x02" + bytes(42)
    contents = entry * (5 * 2**20 // len(entry))
    path.write_bytes(contents + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, len(contents), 0, 0))
    assert "table of contents" in found_in(path)[1][""]


def test_what_is_no_archive_is_reported(tmp_path):
    (tmp_path / "empty.zip").write_bytes(b"")
    (tmp_path / "text.zip").write_bytes(b"Words.")
    whole = pack(tmp_path / "cut.zip", {"a.md": b"Words." * 100}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:50])
    os.mkfifo(tmp_path / "pipe.zip")
    for name in ("empty.zip", "text.zip", "cut.zip"):
        assert list_members(tmp_path / name) == [Refused("", "it is damaged, or no zip archive")]
    assert list_members(tmp_path / "pipe.zip") == [Refused("", "it is not a regular file")]
    assert "no such file" in found_in(tmp_path / "missing.zip")[1][""]


def test_walking_and_reading_a_folder_with_an_archive(tmp_path):
    pack(tmp_path / "box.zip", {"in/a.md": b"# Title\n\nWords.", "b.exe": b"MZ", "big.txt": b"x" * 200})
    (tmp_path / "a.txt").write_text("Outside.")
    (tmp_path / "box.zip-notes.txt").write_text("Notes.")
    found = list(walk(tmp_path))
    assert [each.path for each in found] == sorted(each.path for each in found)
    assert [each.path for each in found] == [
        "a.txt",
        "box.zip-notes.txt",
        "box.zip/b.exe",
        "box.zip/big.txt",
        "box.zip/in/a.md",
    ]
    with ParserPool() as pool:
        read = list(pool.read(found))
    documents = {each.path: each for each in read if isinstance(each, Document)}
    document = documents["box.zip/in/a.md"]
    (source,) = [each for each in found if isinstance(each, SourceFile) and each.path == document.path]
    assert (document.title, document.kind, document.sha256) == ("Title", "md", source.sha256)
    assert [each.path for each in read if isinstance(each, Skipped)] == ["box.zip/b.exe"]


def test_a_file_that_left_its_archive_or_grew_is_refused(tmp_path):
    path = pack(tmp_path / "a.zip", {"a.md": b"Words."})
    with pytest.raises(Unreadable, match="not in its archive any more"):
        read_member(path, "b.md", LIMIT)
    with pytest.raises(Unreadable, match="over the limit"):
        read_member(path, "a.md", 3)


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 1_000), value=st.binary(min_size=1, max_size=6))
def test_damaged_archives_are_listed_or_refused(at, value, tmp_path_factory):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.md", b"# Title\n\nWords. " * 9)
        archive.writestr("c.txt", b"Words.")
    data = stream.getvalue()
    at %= len(data)
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(data[:at] + value + data[at + len(value) :])
    for member in list_members(path):
        if isinstance(member, Member):
            assert hashlib.sha256(read_member(path, member.name, LIMIT)).hexdigest() == member.sha256


def test_an_archive_of_nothing_is_reported(tmp_path):
    for name, files in (("empty.zip", {}), ("hidden.zip", {".a.txt": b"Words."})):
        pack(tmp_path / name, files)
        assert list(walk(tmp_path)) == [Skipped(name, "there is no file in it that is read")]
        (tmp_path / name).unlink()
