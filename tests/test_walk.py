"""Walking a folder: nothing is missed, nothing is left out without a reason, and every order is the same."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.hashing import sha256_of
from assistant.ingest.patterns import Patterns
from assistant.ingest.walk import SourceFile, walk
from assistant.types import Skipped


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("Some text.")


def paths(folder: Path) -> list[str]:
    return [found.path for found in walk(folder) if isinstance(found, SourceFile)]


def reasons(folder: Path) -> dict[str, str]:
    return {found.path: found.reason for found in walk(folder) if isinstance(found, Skipped)}


def test_files_come_sorted_by_path(tmp_path):
    make(tmp_path, "b.md", "a/z.txt", "a.txt", "a-b/c.txt", "a/b/c.pdf", "B.md")
    found = paths(tmp_path)
    assert found == sorted(found)
    assert set(found) == {"b.md", "a/z.txt", "a.txt", "a-b/c.txt", "a/b/c.pdf", "B.md"}


def test_a_file_is_described(tmp_path):
    make(tmp_path, "sub/a.TXT")
    (found,) = walk(tmp_path)
    status = (tmp_path / "sub/a.TXT").stat()
    assert found == SourceFile("sub/a.TXT", tmp_path / "sub/a.TXT", status.st_size, status.st_mtime_ns)


def test_hidden_files_and_indexes_are_left_out_by_rule(tmp_path):
    make(tmp_path, "a.md", ".hidden.md", ".git/config.md", "index/CURRENT", "index/generations/1/b.md")
    make(tmp_path, "other/CURRENT/b.md", "other/generations.md")
    assert paths(tmp_path) == ["a.md", "other/CURRENT/b.md", "other/generations.md"]
    assert reasons(tmp_path) == {}


def test_what_is_not_supported_is_reported(tmp_path):
    make(tmp_path, "a.md", "b.exe", "README", "~$letter.docx")
    found = reasons(tmp_path)
    assert found["b.exe"].startswith("format .exe is not supported; supported: .md, ")
    assert found["README"].startswith("a file without an ending is not supported; supported: ")
    assert "lock file" in found["~$letter.docx"]


def test_what_is_no_file_is_reported_and_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(tmp_path) == {"pipe.txt": "it is not a regular file"}


def test_links_that_lead_outside_are_reported(tmp_path):
    make(tmp_path, "docs/a.md", "secret.md", "private/b.md")
    (tmp_path / "docs/link.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "docs/folder").symlink_to(tmp_path / "private")
    (tmp_path / "docs/up").symlink_to("..")
    assert paths(tmp_path / "docs") == ["a.md"]
    outside = "a link that leads outside the folder"
    assert reasons(tmp_path / "docs") == {"link.md": outside, "folder": outside, "up": outside}


def test_links_that_lead_inside_are_read_once(tmp_path):
    make(tmp_path, "a.md", "sub/b.md")
    (tmp_path / "again.md").symlink_to("a.md")
    (tmp_path / "again").symlink_to("sub")
    assert paths(tmp_path) == ["a.md", "sub/b.md"]
    assert reasons(tmp_path) == {
        "again.md": "a link to a.md, which is read in its own place",
        "again": "a link to sub, which is read in its own place",
    }


def test_links_to_hidden_places_inside_are_followed_as_in_mounted_volumes(tmp_path):
    make(tmp_path, "..2024_07/a.md", "..2024_07/sub/b.md")
    (tmp_path / "..data").symlink_to("..2024_07")
    (tmp_path / "a.md").symlink_to("..data/a.md")
    (tmp_path / "sub").symlink_to("..data/sub")
    assert paths(tmp_path) == ["a.md", "sub/b.md"]
    assert reasons(tmp_path) == {}


def test_links_in_circles_end(tmp_path):
    make(tmp_path, "a.md", "sub/b.md", ".data/c.md")
    (tmp_path / "sub/up").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "data").symlink_to(".data")
    (tmp_path / ".data/round").symlink_to("../.data")
    assert paths(tmp_path) == ["a.md", "data/c.md", "sub/b.md"]
    assert set(reasons(tmp_path)) == {"sub/up", "self", "data/round"}


def test_a_link_that_leads_nowhere_is_reported(tmp_path):
    (tmp_path / "gone.md").symlink_to("missing.md")
    assert reasons(tmp_path) == {"gone.md": "a link that leads nowhere"}


def test_a_name_that_is_not_utf8_is_reported_readably(tmp_path):
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes no such names")
    assert reasons(tmp_path) == {"caf\\xe9.txt": "its name is not valid UTF-8; rename it"}


def test_a_folder_that_cannot_be_listed_is_reported(tmp_path, monkeypatch):
    make(tmp_path, "a.md", "locked/b.md")
    listed = os.scandir

    def scandir(path):
        if Path(path).name == "locked":  # root may list anything, so the refusal is made here
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert paths(tmp_path) == ["a.md"]
    assert reasons(tmp_path) == {"locked": "its files cannot be listed: permission denied"}


def test_deeply_nested_folders_are_walked(tmp_path):
    folder = tmp_path
    for _ in range(400):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("x")
    assert len(paths(tmp_path)) == 1


@pytest.mark.parametrize("name", ["missing", "file.md", "index"])
def test_what_is_no_folder_of_documents_is_refused_in_one_line(tmp_path, name):
    make(tmp_path, "file.md", "index/CURRENT", "index/generations/1/x")
    with pytest.raises(InputError, match="give a folder of documents") as error:
        walk(tmp_path / name)  # at once, before anything is asked of it
    assert "\n" not in str(error.value)


def test_patterns_say_which_files_count(tmp_path):
    make(tmp_path, "a.md", "b.txt", "sub/c.md", "sub/deep/d.md", "drafts/e.md", "sub/drafts/f.md", "sub/g.exe")

    def takes(include: tuple[str, ...], exclude: tuple[str, ...]) -> list[str]:
        return [found.path for found in walk(tmp_path, Patterns(include, exclude))]

    assert takes(("*.md",), ()) == ["a.md", "drafts/e.md", "sub/c.md", "sub/deep/d.md", "sub/drafts/f.md"]
    assert takes(("*.md",), ("drafts/",)) == ["a.md", "sub/c.md", "sub/deep/d.md"]
    assert takes(("/sub/*.md",), ()) == ["sub/c.md"]
    assert takes(("sub/**",), ("/sub/deep", "*.exe", "drafts")) == ["sub/c.md"]
    assert takes((), ("*", "!b.txt")) == ["b.txt"]
    assert "sub/g.exe" in takes((), ())  # it is reported


def test_a_folder_that_is_left_out_is_not_even_listed(tmp_path, monkeypatch):
    make(tmp_path, "a.md", "huge/b.md")
    listed = os.scandir
    seen: list[str] = []
    monkeypatch.setattr(os, "scandir", lambda path: (seen.append(Path(path).name), listed(path))[1])
    assert [found.path for found in walk(tmp_path, Patterns((), ("huge/",)))] == ["a.md"]
    assert "huge" not in seen


def test_a_pattern_that_is_none_is_refused_in_one_line():
    with pytest.raises(InputError, match="a pattern of files cannot be read: .*; write them as in .gitignore"):
        Patterns(("!",), ())


def test_an_index_of_which_the_first_build_still_runs_is_left_out(tmp_path):
    make(tmp_path, "a.md", "index/lock", "index/generations/000001/b.md")
    assert paths(tmp_path) == ["a.md"]


@given(content=st.binary(max_size=300))
@settings(deadline=None)
def test_the_hash_is_of_the_bytes(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("hash") / "file"
    path.write_bytes(content)
    assert sha256_of(path) == hashlib.sha256(content).hexdigest()
