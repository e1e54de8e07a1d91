"""Building the index, with the real parsers, splitter, weights and Chroma."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from store_parts import RIVERS, build, make_workshop, paths

from assistant.compose import Workshop
from assistant.errors import IndexMismatch, InputError
from assistant.settings import load_settings
from assistant.store import generations
from assistant.store.catalog import Catalog
from assistant.store.fill import store_vectors, verify
from assistant.store.generations import live, require_live
from assistant.store.index import Index
from assistant.store.vectors import Damaged, VectorStore

pytestmark = pytest.mark.models


def test_every_file_is_indexed_or_reported(workshop: Workshop, folder: Path) -> None:
    (folder / "empty.md").touch()
    (folder / "notes.xyz").write_text("what is this?")
    report = build(workshop)
    assert report.manifest.documents == 2 and set(report.added) == {"rivers.txt", "ports.txt"}
    assert {item.path for item in report.skipped} == {"empty.md", "notes.xyz"}
    assert all(item.reason for item in report.skipped)


def test_the_index_is_the_same_however_many_files_are_read_at_a_time(folder: Path, tmp_path: Path, embedder) -> None:
    for number in range(30):  # the longest first, so that those behind them are read before they are
        (folder / f"{number:02}.txt").write_text(
            f"Harbour {number} has {number + 2} berths.\n\n" * (40 - number) ** 2
        )
        (folder / f"{number:02}.xyz").write_text("x")
    kept = []
    for threads in (1, 3):
        workshop = make_workshop(folder, tmp_path / f"index-{threads}", embedder, threads=threads)
        assert workshop.making.readers == threads
        build(workshop)
        with closing(sqlite3.connect(require_live(tmp_path / f"index-{threads}") / "catalog.sqlite")) as catalog:
            kept.append(list(catalog.iterdump()))
    assert len(kept[0]) > 1_000 and kept[0] == kept[1]


def test_an_unchanged_folder_embeds_nothing_and_the_same_generation_answers(workshop: Workshop, folder: Path) -> None:
    (folder / "empty.md").touch()
    first = build(workshop)
    again = build(workshop)
    assert first.changed and first.embedded > 0
    assert not again.changed and again.embedded == 0
    assert again.manifest == first.manifest and again.skipped == first.skipped


def test_a_changed_file_is_read_again_and_the_others_are_not(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "rivers.txt").write_text("The Aras is a tributary of the Kura.\n")
    report = build(workshop)
    assert (report.added, report.updated, report.removed, report.unchanged) == ((), ("rivers.txt",), (), 1)
    assert report.embedded == 1
    index = workshop.open_index()
    assert index.catalog.match('"caspian"', 5) == []
    assert len(index.catalog.match('"aras"', 5)) == 1
    index.close()


def test_a_file_that_became_unreadable_leaves_the_index_and_is_reported(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "rivers.txt").write_bytes(b"")
    report = build(workshop)
    assert (report.added, report.updated, report.removed) == ((), (), ("rivers.txt",))
    assert [item.path for item in report.skipped] == ["rivers.txt"] and paths(workshop) == {"ports.txt"}


def test_a_deleted_file_is_gone_from_words_and_vectors(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "rivers.txt").unlink()
    report = build(workshop)
    assert report.removed == ("rivers.txt",) and paths(workshop) == {"ports.txt"}
    index = workshop.open_index()
    assert index.vectors.count() == index.manifest.vectors == report.manifest.passages
    index.close()


def test_a_moved_file_keeps_its_vectors(workshop: Workshop, folder: Path) -> None:
    (folder / "rivers.txt").write_text("# Rivers\n\n" + RIVERS)
    (folder / "rivers.txt").rename(folder / "rivers.md")
    build(workshop)
    (folder / "old").mkdir()
    (folder / "rivers.md").rename(folder / "old" / "rivers.md")
    report = build(workshop)
    assert report.renamed == (("rivers.md", "old/rivers.md"),)
    assert (report.added, report.removed, report.embedded) == ((), (), 0)
    assert paths(workshop) == {"old/rivers.md", "ports.txt"}


def test_a_renamed_file_that_cannot_be_read_any_more_counts_as_removed(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "rivers.txt").rename(folder / "rivers.pdf")
    report = build(workshop)
    assert (report.renamed, report.removed) == ((), ("rivers.txt",))
    assert [item.path for item in report.skipped] == ["rivers.pdf"] and paths(workshop) == {"ports.txt"}


def test_the_same_words_in_two_files_are_embedded_once_and_found_in_both(workshop: Workshop, folder: Path) -> None:
    (folder / "copy").mkdir()
    (folder / "copy" / "rivers.txt").write_text(RIVERS + "\n")  # the words are the same, the bytes are not
    report = build(workshop)
    assert report.manifest.passages == report.manifest.vectors + 1
    index = workshop.open_index()
    key, _ = index.vectors.nearest(workshop.embedder.embed_query("Where does the Kura flow?"), 1)[0]
    found = [index.catalog.passage(i).document for i in index.catalog.passages_with(key)]
    assert sorted(found) == ["copy/rivers.txt", "rivers.txt"]
    index.close()


def test_chroma_can_be_rebuilt_from_the_catalog_alone(workshop: Workshop, tmp_path: Path) -> None:
    build(workshop)
    generation = require_live(workshop.settings.index)
    catalog = Catalog.open(generation / generations.CATALOG)
    keys = [key for key, _ in catalog.vectors()]
    store_vectors(catalog, tmp_path / "anew", keys, [])
    verify(catalog, tmp_path / "anew", keys)
    question = workshop.embedder.embed_query("Where does the Kura flow?")
    old, new = VectorStore(generation / generations.VECTORS), VectorStore(tmp_path / "anew")
    assert old.nearest(question, 2) == new.nearest(question, 2)


def test_a_vector_that_is_missing_stops_the_swap(workshop: Workshop) -> None:
    build(workshop)
    generation = require_live(workshop.settings.index)
    catalog = Catalog.open(generation / generations.CATALOG)
    keys = [key for key, _ in catalog.vectors()]
    store = VectorStore(generation / generations.VECTORS)
    store.remove(keys[:1])
    store.close()
    with pytest.raises(Damaged, match="holds 1 vectors, the catalog 2"):
        verify(catalog, generation / generations.VECTORS, keys)


def test_a_folder_with_nothing_to_index_leaves_the_old_index(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    before = live(workshop.settings.index)
    for path in folder.iterdir():
        path.unlink()
    (folder / "empty.txt").touch()
    with pytest.raises(InputError, match="nothing to index in .*empty.txt"):
        build(workshop)
    assert live(workshop.settings.index) == before
    assert len(list((workshop.settings.index / "generations").iterdir())) == 1


def test_an_interruption_leaves_the_old_index_and_nothing_half_done(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    before = live(workshop.settings.index)
    (folder / "more.txt").write_text("Ganja is a city in the west of Azerbaijan.\n")

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "embed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workshop.build(rebuild=False, progress=interrupt)
    assert live(workshop.settings.index) == before
    assert paths(workshop) == {"rivers.txt", "ports.txt"}
    assert build(workshop).added == ("more.txt",)


def test_an_index_of_other_passages_must_be_rebuilt(workshop: Workshop, tmp_path: Path, embedder) -> None:
    build(workshop)
    settings = load_settings(folder=workshop.settings.folder, index=workshop.settings.index, target_tokens=80)
    other = Workshop(settings)
    other.embedder = embedder
    with pytest.raises(IndexMismatch, match="target tokens '160'.*'80'.*--rebuild"):
        build(other)
    with pytest.raises(IndexMismatch):
        other.open_index()
    assert build(other, rebuild=True).manifest.recipe.target_tokens == 80


def test_the_index_that_answers_is_not_written_to(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    generation = require_live(workshop.settings.index)

    def state() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted(generation.rglob("*")) if p.is_file()}

    before = state()
    index = Index.open(workshop.settings.index, workshop.recipe)
    index.vectors.nearest(workshop.embedder.embed_query("Kura"), 2)
    index.close()
    (folder / "more.txt").write_text("Ganja is a city.\n")
    build(workshop)
    assert state() == before
