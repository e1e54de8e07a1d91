"""Files of the same bytes are one document: read and searched once, and cited under all of their paths."""

import random
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from store_parts import RIVERS, answering, build, make_workshop, paths, quiet
from test_upkeep import where

from assistant.compose import Workshop
from assistant.render import answer_json, answer_text, build_text, status_text
from assistant.serve.markup import answer_html
from assistant.store import build as building
from assistant.store.catalog import Catalog
from assistant.store.generations import CATALOG
from assistant.store.plan import Plan, make_plan
from assistant.types import StoredPassage

pytestmark = pytest.mark.models
Held = dict[str, tuple[tuple[str, ...], str, list[str]]]


@pytest.fixture
def copied(folder: Path) -> Path:
    """The folder with a second copy of a file, at a path that comes before the first."""
    (folder / "copy").mkdir()
    shutil.copy(folder / "rivers.txt", folder / "copy" / "rivers.txt")
    return folder


def held(workshop: Workshop) -> Held:
    """What the index holds: for each document its other paths, its title, and what its passages are searched by."""
    catalog = Catalog.open(answering(workshop) / CATALOG)
    try:
        found: Held = {}
        for (number,) in list(catalog.connection.execute("SELECT id FROM passages ORDER BY id")):
            passage = catalog.passage(number)
            found.setdefault(passage.document, (passage.also, passage.title, []))[2].append(passage.search_text)
        return found
    finally:
        catalog.close()


def only(workshop: Workshop, word: str) -> StoredPassage:
    """The one passage with a word."""
    index = workshop.open_index()
    [(number, _)] = index.catalog.match(f'"{word}"', 5)
    passage = index.catalog.passage(number)
    index.close()
    return passage


def clean(workshop: Workshop) -> bool:
    return all(check.ok for check in workshop.examine(quiet))


def test_a_copy_is_indexed_once_and_cited_under_both_paths(workshop: Workshop, copied: Path) -> None:
    report = build(workshop)
    manifest = report.manifest
    assert set(report.added) == {"copy/rivers.txt", "ports.txt", "rivers.txt"} and report.unchanged == 0
    assert (manifest.documents, manifest.copies, manifest.passages, manifest.vectors) == (2, 1, 2, 2)
    answer = workshop.chain().invoke("Into which sea does the Kura flow?")
    assert [(c.document, c.also) for c in answer.citations] == [("copy/rivers.txt", ("rivers.txt",))]
    assert answer.index.documents == 2 and answer.sentences[0].support == "verified"
    assert list(answer_json(answer)["citations"][0]["also"]) == ["rivers.txt"]
    assert "\n    also in: rivers.txt\n" in answer_text(answer)
    assert '<div class="also">also in&#58; rivers&#46;txt</div>' in answer_html(answer)
    assert "2 documents and 1 copy of these, 2 passages" in build_text(report, None)
    found = workshop.status(), workshop.refusal(manifest.recipe)
    assert "2 documents and 1 copy of these, 2 passages" in status_text(*found, None)
    assert clean(workshop) and not build(workshop).changed


def test_a_copy_that_comes_is_only_noted_and_one_that_goes_forgotten(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    shutil.copy(folder / "rivers.txt", folder / "stream.txt")
    report = build(workshop)
    assert (report.added, report.embedded, report.changed, report.unchanged) == (("stream.txt",), 0, True, 2)
    assert only(workshop, "caspian").also == ("stream.txt",) and clean(workshop)
    (folder / "stream.txt").unlink()
    report = build(workshop)
    assert (report.removed, report.embedded, report.unchanged) == (("stream.txt",), 0, 2)
    assert only(workshop, "caspian").also == () and report.manifest.copies == 0 and clean(workshop)


def test_the_document_stays_where_the_first_copy_goes(workshop: Workshop, copied: Path) -> None:
    build(workshop)
    (copied / "copy" / "rivers.txt").unlink()
    report = build(workshop)
    assert (report.removed, report.updated, report.embedded) == (("copy/rivers.txt",), (), 0)
    assert report.unchanged == 2 and report.manifest.documents == 2 and report.manifest.copies == 0
    assert only(workshop, "caspian").document == "rivers.txt" and clean(workshop)


def test_the_first_path_gives_the_title_where_the_file_has_none(workshop: Workshop, folder: Path) -> None:
    shutil.copy(folder / "rivers.txt", folder / "a-river-2019.txt")
    (folder / "notes.md").write_text("# Heard in Baku\n\nThe wind blows from the north.\n")
    build(workshop)
    assert only(workshop, "caspian").title == "A river 2019" and only(workshop, "caspian").date == "2019"
    (folder / "a-river-2019.txt").unlink()
    shutil.copy(folder / "notes.md", folder / "more.md")
    report = build(workshop)
    assert only(workshop, "caspian").title == "Rivers" and only(workshop, "caspian").date is None
    assert only(workshop, "wind").document == "more.md" and only(workshop, "wind").title == "Heard in Baku"
    assert report.embedded == 1  # the title from the name is searched, too; that from the content is the same


def test_a_copy_that_changes_is_a_document_of_its_own(workshop: Workshop, copied: Path) -> None:
    build(workshop)
    (copied / "copy" / "rivers.txt").write_text("The Aras joins the Kura.\n")
    report = build(workshop)
    assert (report.updated, report.embedded, report.manifest.copies) == (("copy/rivers.txt",), 1, 0)
    assert only(workshop, "caspian").document == "rivers.txt" and only(workshop, "aras").document == "copy/rivers.txt"
    assert clean(workshop)


@pytest.mark.parametrize("moved", ["copy/rivers.txt", "rivers.txt"])
def test_a_copy_that_is_renamed_is_recognised(workshop: Workshop, copied: Path, moved: str) -> None:
    build(workshop)
    (copied / "late").mkdir()
    (copied / moved).rename(copied / "late" / "rivers.txt")
    report = build(workshop)
    assert (report.renamed, report.embedded) == (((moved, "late/rivers.txt"),), 0)
    kept = {"copy/rivers.txt", "rivers.txt"} - {moved}
    first, second = sorted([*kept, "late/rivers.txt"])
    assert (only(workshop, "caspian").document, only(workshop, "caspian").also) == (first, (second,))
    assert clean(workshop)


def test_the_same_bytes_in_another_format_are_another_document(workshop: Workshop, folder: Path) -> None:
    shutil.copy(folder / "rivers.txt", folder / "rivers.md")
    assert (build(workshop).manifest.documents, build(workshop).manifest.copies) == (3, 0)


def test_a_file_in_an_archive_may_be_a_copy(workshop: Workshop, folder: Path) -> None:
    with zipfile.ZipFile(folder / "box.zip", "w") as box:
        box.writestr("old/rivers.txt", RIVERS)
    assert build(workshop).embedded == 2
    passage = only(workshop, "caspian")
    assert (passage.document, passage.also) == ("box.zip/old/rivers.txt", ("rivers.txt",))
    (folder / "box.zip").unlink()
    report = build(workshop)
    assert (report.removed, report.embedded) == (("box.zip/old/rivers.txt",), 0)
    assert only(workshop, "caspian").document == "rivers.txt" and clean(workshop)


def test_a_copy_is_read_where_the_first_is_gone_or_changed_when_its_turn_comes(
    workshop: Workshop, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = copied / "copy" / "rivers.txt"

    def late(change: str) -> None:
        def plan(*arguments: object) -> Plan:
            made = make_plan(*arguments)  # type: ignore[arg-type]
            first.write_text(change) if change else first.unlink()
            return made

        monkeypatch.setattr(building, "make_plan", plan)

    late("The Aras joins the Kura.\n")
    build(workshop)
    assert held(workshop)["rivers.txt"][0] == () and only(workshop, "aras").document == "copy/rivers.txt"
    first.write_text(RIVERS)
    late("")
    report = build(workshop)
    assert [item.path for item in report.skipped] == ["copy/rivers.txt"] and report.removed == ("copy/rivers.txt",)
    assert paths(workshop) == {"ports.txt", "rivers.txt"} and only(workshop, "caspian").also == ()


def test_copies_that_cannot_be_read_are_each_reported(workshop: Workshop, folder: Path) -> None:
    for name in ("a.docx", "b.docx", "c.docx"):
        (folder / name).write_bytes(b"PK is no document")
    report = build(workshop)
    assert [item.path for item in report.skipped] == ["a.docx", "b.docx", "c.docx"] and len(report.added) == 2
    assert not build(workshop).changed


def test_the_text_goes_with_the_last_of_its_paths(workshop: Workshop, folder: Path) -> None:
    names = ("a-zyxquark.txt", "b-wvutprot.txt")
    for name in names:
        (folder / name).write_text("Qponmlk was seen on the pier.\n")
    build(workshop)
    (folder / names[0]).unlink()
    build(workshop, prune=True)
    assert where(workshop.settings.index, b"zyxquark") == [] and only(workshop, "qponmlk").document == names[1]
    (folder / names[1]).unlink()
    build(workshop, prune=True)
    assert where(workshop.settings.index, b"wvutprot", b"qponmlk") == []


def damage(workshop: Workshop, statement: str) -> None:
    with sqlite3.connect(answering(workshop) / CATALOG) as db:
        db.execute(statement)


def test_the_doctor_holds_copies_against_manifest_and_files(workshop: Workshop, copied: Path) -> None:
    build(workshop)
    (copied / "rivers.txt").rename(copied / "brook.txt")
    [problem] = [check for check in workshop.examine(quiet) if not check.ok]
    assert problem.name == "files" and "'brook.txt'" in problem.found
    (copied / "brook.txt").rename(copied / "rivers.txt")
    damage(workshop, "DELETE FROM also")
    [problem] = [check for check in workshop.examine(quiet) if not check.ok]
    assert (problem.name, problem.found) == ("catalog", "its catalog does not hold what its manifest says")
    workshop.repair(quiet)
    assert clean(workshop) and only(workshop, "caspian").also == ("rivers.txt",)


def test_a_damaged_document_is_read_again_from_a_copy(workshop: Workshop, copied: Path) -> None:
    build(workshop)
    damage(workshop, "UPDATE passages SET text = 'Nothing.' WHERE text LIKE '%Kura%'")
    (copied / "copy" / "rivers.txt").unlink()
    assert not [line for line in workshop.repair(quiet).done if "lost" in line]
    assert clean(workshop) and only(workshop, "caspian").document == "rivers.txt"


def test_a_damaged_document_is_lost_under_all_of_its_paths(workshop: Workshop, copied: Path) -> None:
    build(workshop)
    damage(workshop, "UPDATE passages SET text = 'Nothing.' WHERE text LIKE '%Kura%'")
    (copied / "copy" / "rivers.txt").unlink()
    (copied / "rivers.txt").unlink()
    done = workshop.repair(quiet).done
    assert "lost 'copy/rivers.txt', 'rivers.txt': damaged in the index, and the files are gone" in done
    assert clean(workshop) and paths(workshop) == {"ports.txt"}


@pytest.mark.parametrize("seed", range(3))
def test_syncing_ends_where_building_anew_would(folder: Path, tmp_path: Path, embedder, seed: int) -> None:
    chance = random.Random(seed)
    synced = make_workshop(folder, tmp_path / "synced", embedder)
    anew = make_workshop(folder, tmp_path / "anew", embedder)
    for step in range(6):
        for _ in range(3):
            files = sorted(path for path in folder.rglob("*.*") if path.is_file())
            one, name = chance.choice(files), f"{chance.choice('abcxyz')}-{chance.randrange(4)}"
            target = folder / f"{name}.{chance.choice(['txt', 'md'])}"
            match chance.choice(["copy", "copy", "move", "delete", "change"]):
                case "copy" if target != one:
                    shutil.copy(one, target)
                case "move":
                    one.rename(target)
                case "delete" if len(files) > 2:
                    one.unlink()
                case "change":
                    one.write_text(f"House {seed} {step} has {chance.randrange(3)} windows.\n")
        build(synced)
        build(anew, rebuild=True)
        assert held(synced) == held(anew)
        assert clean(synced)
