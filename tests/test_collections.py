"""Several folders in one index: their names, what a build does with them, and that none of them is lost."""

import shutil
from pathlib import Path

import pytest
from store_parts import PORTS, RIVERS, paths, quiet

from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.ingest.collections import Collection, collections_of, require_named, walk_all
from assistant.ingest.walk import SourceFile
from assistant.settings import load_settings
from assistant.store.build import BuildReport
from assistant.store.generations import require_live


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Two folders with a document each, and a file that cannot be read."""
    legal, hr = tmp_path / "contracts", tmp_path / "people"
    (legal / "old").mkdir(parents=True)
    hr.mkdir()
    (legal / "old" / "rivers.txt").write_text(RIVERS)
    (hr / "ports.txt").write_text(PORTS)
    (hr / "what.xyz").write_text("?")
    return {"legal": legal, "hr": hr}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_paths_begin_with_the_name(folders: dict[str, Path]) -> None:
    found = list(walk_all(collections_of(folders)))
    assert [item.path for item in found] == ["hr/ports.txt", "hr/what.xyz", "legal/old/rivers.txt"]
    assert [item.absolute.name for item in found if isinstance(item, SourceFile)] == ["ports.txt", "rivers.txt"]
    assert [item.path for item in walk_all([Collection("", folders["hr"])])] == ["ports.txt", "what.xyz"]


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a.b", "ä", "a=b", "..", "a\n"])
def test_a_name_has_letters_digits_and_two_marks(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no name for a collection; use letters, digits, - and _"):
        collections_of({name: tmp_path})


def test_a_folder_inside_another_or_named_twice_would_be_indexed_twice(folders: dict[str, Path]) -> None:
    for inner in (folders["legal"] / "old", folders["legal"], folders["hr"] / ".." / "contracts"):
        with pytest.raises(InputError, match="would be indexed twice"):
            collections_of({**folders, "again": inner})


def test_a_link_to_a_collection_is_the_collection(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folders["legal"])
    with pytest.raises(InputError, match="would be indexed twice"):
        collections_of({**folders, "again": tmp_path / "link"})


def test_a_folder_whose_name_begins_like_another_is_not_inside_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "ab").mkdir()
    assert len(collections_of({"one": tmp_path / "a", "two": tmp_path / "ab"})) == 2


def test_a_missing_folder_is_said_before_anything_is_read(folders: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder: .*gone"):
        walk_all(collections_of({**folders, "gone": tmp_path / "gone"}))


def test_what_was_indexed_has_to_be_named_dropped_or_there_under_another_name() -> None:
    before = {"legal": "/a", "hr": "/b"}
    now = [Collection("legal", Path("/a"))]
    with pytest.raises(InputError, match="hr .*/b.*--drop hr"):
        require_named(before, now, set())
    require_named(before, now, {"hr"})
    require_named(before, [*now, Collection("people", Path("/b"))], set())
    require_named(before, [*now, Collection("hr", Path("/elsewhere"))], set())
    require_named({"": "/a"}, [Collection("", Path("/b"))], set())
    require_named({"": "/a"}, now, set())
    with pytest.raises(InputError, match="name it as well, as in docs=/c, or build anew without it: --rebuild"):
        require_named({"": "/c"}, now, set())


# -- building, with the real parsers, weights and Chroma --------------------------------------------------


def workshop(index: Path, embedder, **given: object) -> Workshop:
    made = Workshop(load_settings(index=index, **given))
    made.embedder = embedder
    return made


def build(made: Workshop, **given: object) -> BuildReport:
    return made.build(False, quiet, **given)


@pytest.mark.models
def test_a_collection_is_added_changed_renamed_and_dropped(folders: dict[str, Path], index: Path, embedder) -> None:
    first = build(workshop(index, embedder, collections={"legal": folders["legal"]}))
    assert first.added == ("legal/old/rivers.txt",)

    both = workshop(index, embedder, collections=folders)
    added = build(both)
    assert (added.added, added.unchanged) == (("hr/ports.txt",), 1)
    assert [item.path for item in added.skipped] == ["hr/what.xyz"]
    assert added.manifest.folders == {name: str(folder) for name, folder in folders.items()}
    assert not build(both).changed

    (folders["hr"] / "ports.txt").write_text("The port of Aktau is in Kazakhstan.\n")
    assert build(both).updated == ("hr/ports.txt",)

    renamed = build(workshop(index, embedder, collections={"people": folders["hr"], "legal": folders["legal"]}))
    assert renamed.renamed == (("hr/ports.txt", "people/ports.txt"),)
    assert (renamed.embedded, renamed.unchanged) == (0, 1)

    nothing_named = workshop(index, embedder)
    assert build(nothing_named).unchanged == 2
    shutil.move(folders["legal"] / "old" / "rivers.txt", folders["hr"])
    (folders["legal"] / "rest.txt").write_text(RIVERS[::-1])
    moved = build(nothing_named)
    assert moved.renamed == (("legal/old/rivers.txt", "people/rivers.txt"),) and moved.added == ("legal/rest.txt",)

    dropped = build(nothing_named, drop={"people"})
    assert set(dropped.removed) == {"people/ports.txt", "people/rivers.txt"}
    assert paths(nothing_named) == {"legal/rest.txt"} and dropped.skipped == ()
    assert build(nothing_named).unchanged == 1


@pytest.mark.models
def test_no_collection_leaves_the_index_unasked(folders: dict[str, Path], index: Path, embedder) -> None:
    both = workshop(index, embedder, collections=folders)
    build(both)
    answering = require_live(index)
    for named in ({"legal": folders["legal"]}, {"legal": folders["hr"]}):
        with pytest.raises(InputError, match="which was not named"):
            build(workshop(index, embedder, collections=named))
    with pytest.raises(InputError, match="which was not named"):
        build(workshop(index, embedder, folder=folders["legal"] / "old"))
    with pytest.raises(InputError, match="both named and dropped"):
        build(both, drop={"hr"})
    with pytest.raises(InputError, match="no collection sales in the index"):
        build(workshop(index, embedder), drop={"sales"})

    (folders["hr"] / "ports.txt").unlink()
    (folders["hr"] / "what.xyz").unlink()
    with pytest.raises(InputError, match="had documents and is empty.*--drop hr"):
        build(both)
    folders["hr"].rmdir()
    with pytest.raises(InputError, match="no such folder"):
        build(both)
    assert require_live(index) == answering and paths(both) == {"hr/ports.txt", "legal/old/rivers.txt"}


@pytest.mark.models
def test_a_folder_gets_a_name_and_loses_it_without_embedding_again(
    folders: dict[str, Path], index: Path, embedder
) -> None:
    plain = workshop(index, embedder, folder=folders["legal"])
    assert build(plain).added == ("old/rivers.txt",)
    named = build(workshop(index, embedder, collections=folders))
    assert named.renamed == (("old/rivers.txt", "legal/old/rivers.txt"),) and named.added == ("hr/ports.txt",)
    back = build(plain, drop={"hr"})
    assert back.renamed == (("legal/old/rivers.txt", "old/rivers.txt"),) and back.embedded == 0
    assert back.removed == ("hr/ports.txt",) and back.manifest.folders == {"": str(folders["legal"])}


@pytest.mark.models
def test_a_repair_keeps_what_is_in_a_folder_that_is_not_there(
    folders: dict[str, Path], index: Path, embedder
) -> None:
    both = workshop(index, embedder, collections=folders)
    build(both)
    shutil.rmtree(require_live(index) / "chroma")
    folders["hr"].rename(folders["hr"].with_name("elsewhere"))
    (folders["legal"] / "old" / "rivers.txt").write_text(RIVERS[::-1])
    mended = workshop(index, embedder).repair(quiet)
    assert {check.name for check in mended.after if not check.ok} == {"files"}
    assert "read 1 files again" in mended.done
    assert paths(both) == {"hr/ports.txt", "legal/old/rivers.txt"}
    assert [item.path for item in both.status().skipped] == ["hr/what.xyz"]
