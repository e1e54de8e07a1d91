"""Opening an index: what is damaged is set aside or made anew, said in one line, and mended by the next build."""

import json
import logging
import shutil
import threading
from pathlib import Path

import pytest
from store_parts import answering, build, paths

from assistant.compose import Workshop
from assistant.errors import IndexDamaged
from assistant.serve.live import LiveChain
from assistant.store import copies, generations, quarantine
from assistant.store.lock import writing

pytestmark = pytest.mark.models


def spoil(path: Path) -> None:
    path.write_bytes(b"spoiled" * 1_000)


@pytest.fixture
def two(workshop: Workshop, folder: Path) -> Workshop:
    """An index of two generations: the older holds two documents, the newer three."""
    build(workshop)
    (folder / "more.txt").write_text("Ganja is a city in the west of Azerbaijan.\n")
    build(workshop)
    return workshop


@pytest.mark.parametrize("part", ["catalog.sqlite", "manifest.json"])
@pytest.mark.parametrize("how", ["spoiled", "missing"])
def test_a_damaged_generation_is_set_aside_and_the_older_one_answers(
    two: Workshop, part: str, how: str, caplog
) -> None:
    damaged = answering(two)
    spoil(damaged / part) if how == "spoiled" else (damaged / part).unlink()
    assert paths(two) == {"rivers.txt", "ports.txt"}
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert "generation 000002 is damaged (its " in line and "generation 000001 answers instead" in line
    assert "assistant doctor --repair" in line and "\n" not in line
    assert answering(two).name == "000001" and not damaged.exists()
    assert two.status().notices == [line]
    report = build(two)
    assert report.changed and report.manifest.generation == "000003"
    assert paths(two) == {"rivers.txt", "ports.txt", "more.txt"}
    assert two.status().notices == [] and not (two.settings.index / "quarantine").exists()


def test_a_catalog_that_is_not_the_one_of_its_manifest_is_damage(two: Workshop) -> None:
    shutil.copy(two.settings.index / "generations/000001/catalog.sqlite", answering(two) / "catalog.sqlite")
    assert paths(two) == {"rivers.txt", "ports.txt"}
    assert "does not hold what its manifest says" in two.status().notices[0]


def test_a_lost_pointer_leads_to_the_newest_whole_generation(two: Workshop) -> None:
    for name in ("", "000009", "..", "../generations/000001"):
        (two.settings.index / "CURRENT").write_text(name)
        assert paths(two) == {"rivers.txt", "ports.txt", "more.txt"}
        assert answering(two).name == "000002"


def test_where_no_generation_is_whole_the_error_says_what_to_do_and_a_build_mends_it(two: Workshop) -> None:
    for generation in generations.finished(two.settings.index):
        spoil(generation / "catalog.sqlite")
    with pytest.raises(IndexDamaged, match="no older generation is whole; build it anew with: assistant index"):
        two.open_index()
    report = build(two)
    assert len(report.added) == 3 and paths(two) == {"rivers.txt", "ports.txt", "more.txt"}


@pytest.mark.parametrize("how", ["sqlite", "vectors missing", "all missing", "one vector missing"])
def test_damaged_vectors_are_made_anew_from_the_catalog(two: Workshop, how: str, caplog) -> None:
    whole = two.open_index()
    question = two.embedder.embed_query("Where does the Kura flow?")
    expected = whole.vectors.nearest(question, 3)
    whole.close()
    vectors = answering(two) / "chroma"
    match how:
        case "sqlite":
            spoil(vectors / "chroma.sqlite3")
        case "vectors missing":
            (vectors / "chroma.sqlite3").unlink()
        case "all missing":
            shutil.rmtree(vectors)
        case "one vector missing":
            shutil.rmtree(vectors)
            shutil.copytree(two.settings.index / "generations/000001/chroma", vectors)
    index = two.open_index()
    assert dict(index.vectors.nearest(question, 3)) == pytest.approx(dict(expected))
    assert index.notice and index.notice.startswith("the vectors of generation 000002 are damaged (")
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == [index.notice]
    index.close()
    assert answering(two).name == "000002" and two.status().notices == [index.notice]
    report = build(two)  # no file has changed, and still there is something to do
    assert report.changed and report.embedded == 0 and two.status().notices == []
    again = two.open_index()
    assert again.notice is None and dict(again.vectors.nearest(question, 3)) == pytest.approx(dict(expected))
    again.close()


def test_a_build_upon_damaged_vectors_makes_them_anew(two: Workshop, folder: Path) -> None:
    spoil(answering(two) / "chroma" / "chroma.sqlite3")
    (folder / "more.txt").write_text("Sheki lies in the north.\n")
    report = build(two)
    assert report.updated == ("more.txt",) and report.embedded == 1
    index = two.open_index()
    assert index.notice is None and index.vectors.count() == 3
    index.close()


def test_nothing_is_set_aside_while_another_process_builds(two: Workshop) -> None:
    spoil(answering(two) / "catalog.sqlite")
    with writing(two.settings.index):
        assert paths(two) == {"rivers.txt", "ports.txt"}
    assert answering(two).name == "000002" and quarantine.notes(two.settings.index) == []


def test_an_index_of_another_version_is_not_damage(two: Workshop) -> None:
    manifest = answering(two) / "manifest.json"
    data = json.loads(manifest.read_text())
    data["recipe"]["schema"] -= 1
    manifest.write_text(json.dumps(data))
    for call in (two.open_index, lambda: build(two), lambda: two.examine(lambda *_: None)):
        with pytest.raises(generations.IndexMismatch, match="schema.*--rebuild"):
            call()
    assert answering(two).name == "000002" and not (two.settings.index / "quarantine").exists()
    assert build(two, rebuild=True).manifest.generation == "000003"
    assert (two.settings.index / "generations/000002").is_dir()


def test_a_running_server_goes_on_and_says_what_is_damaged(two: Workshop) -> None:
    live = LiveChain(two)
    live.start()
    assert live.documents() == {"rivers.txt", "ports.txt", "more.txt"}
    spoil(answering(two) / "chroma" / "chroma.sqlite3")
    second = LiveChain(two)
    second.start()
    second._started.wait(60)
    assert second.problem() is None
    assert "the vectors of generation 000002 are damaged" in str(second.notice())
    build(two)
    assert second.problem() is None and second.notice() is None
    for each in (live, second):
        each.close()


def test_the_copy_of_a_dead_reader_is_told_from_one_in_use(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(copies.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(copies, "YOUNG", -1.0)
    used = copies.PrivateCopy()
    dead = tmp_path / f"{copies.PREFIX}dead"
    dead.mkdir()
    (dead / copies.IN_USE).touch()
    (tmp_path / f"{copies.PREFIX}other").mkdir()  # somebody else's: there is no lock in it
    assert copies.left_behind(copies.YOUNG) == [dead]
    assert copies.sweep() == [dead] and used.path.is_dir() and not dead.exists()
    used.close()
    assert [path.name for path in tmp_path.iterdir()] == [f"{copies.PREFIX}other"]


def test_readers_during_builds_that_delete_what_they_read(folder: Path, tmp_path: Path, embedder) -> None:
    from store_parts import make_workshop

    workshop = make_workshop(folder, tmp_path / "index", embedder, keep_generations=1)
    build(workshop)
    stop, failures, seen = threading.Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            try:
                index = workshop.open_index()
                seen.add((index.manifest.generation, index.notice))
                index.close()
            except Exception as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(4):
        (folder / "more.txt").write_text(f"Ganja has {number} bridges.\n")
        build(workshop)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == [] and {notice for _, notice in seen} == {None} and len(seen) > 1
