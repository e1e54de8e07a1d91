"""The files of an index, as the library lists them; and what the last build changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_parts import build

from assistant.filter import Filter
from assistant.store import same
from assistant.store.catalog import Catalog
from assistant.store.changes import LAST_SYNC, MOST_NAMED, read_changes, record_changes
from assistant.store.library import LibraryQuery, count_files, count_kinds, list_files, list_folders
from assistant.types import Document, Page, Passage, Sentence, Skipped


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Three documents, a copy of one, and two files that are none."""
    catalog = Catalog.create(tmp_path / "catalog.sqlite")
    for path, kind, title, date, language in (
        ("legal/contracts/rent.pdf", "pdf", "Rent of 100%", "2024-03-01", "en"),
        ("legal-2/lease_b.md", "md", "A lease", None, "tr"),
        ("hr/leave.md", "md", "Leave", "2023", "en"),
    ):
        text = "One sentence. Another one."
        pages = (Page(1, 0, 13), Page(2, 13, 26)) if kind == "pdf" else ()
        spans = [(0, 13), (14, 26)]
        document = Document(path, f"{path:0>64}", kind, title, date, language, text, (), pages)
        catalog.add(
            document,
            [Passage(s, e, (Sentence(s, e, "paragraph"),), "", None, "", path + text[s:e]) for s, e in spans],
        )
    same.set_others(catalog, {"hr/leave.md": ["legal/leave-copy.md"]})
    catalog.set_skipped([(Skipped("hr/photo.png", "not supported"), None), (Skipped("broken.pdf", "cut off"), None)])
    catalog.commit()
    yield catalog
    catalog.close()


ALL = LibraryQuery()


def paths(catalog: Catalog, wanted: LibraryQuery = ALL, order: str = "path") -> list[str]:
    found = list_files(catalog, wanted, order, 0, 100)
    assert count_files(catalog, wanted) == len(found)
    return [file.path for file in found]


def test_every_file_is_listed_with_what_became_of_it(catalog: Catalog) -> None:
    files = {file.path: file for file in list_files(catalog, LibraryQuery(), "path", 0, 100)}
    assert list(files) == sorted(files)
    assert {path: file.state for path, file in files.items()} == {
        "broken.pdf": "not indexed",
        "hr/leave.md": "indexed",
        "hr/photo.png": "not indexed",
        "legal-2/lease_b.md": "indexed",
        "legal/contracts/rent.pdf": "indexed",
        "legal/leave-copy.md": "copy",
    }
    rent, copy, broken = files["legal/contracts/rent.pdf"], files["legal/leave-copy.md"], files["broken.pdf"]
    assert (rent.title, rent.kind, rent.date, rent.language) == ("Rent of 100%", "pdf", "2024-03-01", "en")
    assert (rent.pages, rent.passages, rent.why) == (2, 2, "")
    assert (copy.title, copy.passages, copy.why) == ("Leave", 2, "hr/leave.md")
    assert (broken.kind, broken.pages, broken.passages, broken.why) == (None, 0, 0, "cut off")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (LibraryQuery(("LEASE",)), ["legal-2/lease_b.md"]),
        (LibraryQuery(("lea", "copy")), ["legal/leave-copy.md"]),
        (LibraryQuery(("0%",)), ["legal/contracts/rent.pdf"]),  # no wildcards
        (LibraryQuery(("e_b",)), ["legal-2/lease_b.md"]),
        (LibraryQuery(("\\",)), []),
        (LibraryQuery(state="not indexed"), ["broken.pdf", "hr/photo.png"]),
        (LibraryQuery(state="copy"), ["legal/leave-copy.md"]),
        (LibraryQuery(filter=Filter(folder="legal")), ["legal/contracts/rent.pdf", "legal/leave-copy.md"]),
        (LibraryQuery(filter=Filter(type="pdf")), ["legal/contracts/rent.pdf"]),
        (LibraryQuery(filter=Filter(language="tr")), ["legal-2/lease_b.md"]),
        (LibraryQuery(filter=Filter(since="2024")), ["legal/contracts/rent.pdf"]),
        (LibraryQuery(filter=Filter(until="2023-05")), ["hr/leave.md", "legal/leave-copy.md"]),
        (LibraryQuery(("x'; DROP TABLE documents; --",)), []),
    ],
    ids=str,
)
def test_only_what_matches_is_listed(catalog: Catalog, wanted: LibraryQuery, expected: list[str]) -> None:
    assert paths(catalog, wanted) == expected


def test_orders_and_pages_of_the_list(catalog: Catalog) -> None:
    assert paths(catalog, order="date")[:2] == ["legal/contracts/rent.pdf", "hr/leave.md"]
    assert paths(catalog, order="type")[-2:] == ["broken.pdf", "hr/photo.png"]
    every = paths(catalog)
    pieces = [[f.path for f in list_files(catalog, LibraryQuery(), "path", first, 4)] for first in (0, 4, 8)]
    assert [path for piece in pieces for path in piece] == every
    assert pieces[2] == []


def test_what_there_is_to_choose_from(catalog: Catalog) -> None:
    assert count_kinds(catalog) == {"md": 2, "pdf": 1}
    assert list_folders(catalog) == ["hr", "legal", "legal-2", "legal/contracts"]


@pytest.mark.models
def test_what_a_build_changed_is_kept_and_forgotten_when_pruned(folder: Path, workshop) -> None:
    index = workshop.settings.index
    first = build(workshop)
    assert read_changes(index, first.manifest.generation).named["added"] == ["ports.txt", "rivers.txt"]
    (folder / "rivers.txt").unlink()
    (folder / "ports.txt").rename(folder / "harbours.txt")
    (folder / "lakes.txt").write_text("The lake of Sevan lies in Armenia.\n")
    second = build(workshop)
    kept = read_changes(index, second.manifest.generation)
    assert kept.named == {
        "added": ["lakes.txt"],
        "changed": [],
        "removed": ["rivers.txt"],
        "renamed": ["ports.txt → harbours.txt"],
    }
    assert read_changes(index, first.manifest.generation) is None
    build(workshop)  # nothing to do: the last change stays told
    assert read_changes(index, second.manifest.generation).named == kept.named
    build(workshop, prune=True)
    pruned = read_changes(index, second.manifest.generation)
    assert pruned.counts == kept.counts
    assert b"rivers" not in (index / LAST_SYNC).read_bytes() and b"ports" not in (index / LAST_SYNC).read_bytes()


@pytest.mark.models
def test_many_changes_are_counted_and_some_named(workshop) -> None:
    index = workshop.settings.index
    report = build(workshop)
    object.__setattr__(report, "added", tuple(f"{i}.txt" for i in range(MOST_NAMED + 7)))
    record_changes(index, report, discreet=False)
    kept = read_changes(index, report.manifest.generation)
    assert (kept.counts["added"], len(kept.named["added"])) == (MOST_NAMED + 7, MOST_NAMED)


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"checked_at": "yesterday"}', json.dumps(
    {"checked_at": "2024-01-01T00:00:00+00:00", "generation": "000001", "counts": {}, "named": {"added": []}}
)])  # fmt: skip
def test_a_spoilt_file_tells_nothing(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / LAST_SYNC).write_text(spoilt)
    assert read_changes(tmp_path, "000001") is None
