"""A build that was cut short: what it had embedded is taken over, and nothing else."""

import sqlite3
from pathlib import Path

import pytest
from store_parts import answering, build, paths

from assistant.compose import Workshop
from assistant.store import build as building
from assistant.store import fill, generations

pytestmark = pytest.mark.models


class Stop(Exception):
    """What ends a build in the middle."""


@pytest.fixture
def stopped(workshop: Workshop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A build that was ended when four of six new texts were embedded, in steps of two."""
    build(workshop)
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"House number {number} has {number + 2} windows.\n")
    monkeypatch.setattr(fill, "STEP", 2)
    stop_after(workshop, 4)
    return workshop


def stop_after(workshop: Workshop, texts: int, rebuild: bool = False) -> None:
    def progress(stage: str, done: int, total: int) -> None:
        if stage == "embed" and done == texts:
            raise Stop

    with pytest.raises(Stop):
        workshop.build(rebuild, progress)


def leftover(workshop: Workshop) -> Path:
    [found] = generations.leftovers(workshop.settings.index)
    return found


def test_only_what_was_missing_is_embedded(stopped: Workshop) -> None:
    assert paths(stopped) == {"rivers.txt", "ports.txt"} and answering(stopped).name == "000001"
    report = build(stopped)
    assert (report.resumed, report.embedded) == (4, 2) and len(paths(stopped)) == 8
    assert generations.leftovers(stopped.settings.index) == []


def test_a_build_that_is_stopped_twice_takes_over_from_both(stopped: Workshop) -> None:
    stop_after(stopped, 1 * 2)  # two more
    report = build(stopped)
    assert (report.resumed, report.embedded) == (6, 0)


def test_a_build_that_was_finished_and_never_answered_is_taken_over(workshop: Workshop, monkeypatch) -> None:
    def killed(index: Path, generation: Path) -> None:
        raise Stop

    monkeypatch.setattr(generations, "point", killed)
    with pytest.raises(Stop):
        build(workshop)
    monkeypatch.undo()
    report = build(workshop)
    assert (report.resumed, report.embedded) == (2, 0)


def test_vectors_that_are_not_whole_are_embedded_again(stopped: Workshop) -> None:
    with sqlite3.connect(leftover(stopped) / "catalog.sqlite") as db:
        keys = [key for (key,) in db.execute("SELECT key FROM vectors ORDER BY rowid DESC LIMIT 3")]
        vector = db.execute("SELECT vector FROM vectors WHERE key = ?", (keys[0],)).fetchone()[0]
        for key, spoiled in zip(
            keys, (bytes(len(vector)), vector[:-4], vector[:512] + bytes(len(vector) - 512)), strict=True
        ):
            db.execute("UPDATE vectors SET vector = ? WHERE key = ?", (spoiled, key))
    report = build(stopped)
    assert (report.resumed, report.embedded) == (1, 5)
    assert all(check.ok for check in stopped.examine(lambda *_: None) if check.name != "copies")


def test_a_catalog_that_cannot_be_read_is_of_no_use_and_no_harm(stopped: Workshop) -> None:
    (leftover(stopped) / "catalog.sqlite").write_bytes(b"spoiled" * 1_000)
    report = build(stopped)
    assert (report.resumed, report.embedded) == (0, 6)


def test_vectors_of_another_recipe_are_not_taken(stopped: Workshop) -> None:
    path = leftover(stopped) / generations.BUILDING
    path.write_text(path.read_text().replace(stopped.embedder.digest, "0" * 64))
    assert build(stopped).embedded == 6


def test_a_rebuild_takes_over_from_a_rebuild_alone(stopped: Workshop) -> None:
    stop_after(stopped, 2, rebuild=True)  # it reused nothing of the first, which holds four
    report = build(stopped, rebuild=True)
    assert (report.resumed, report.embedded) == (2, 6)


def test_nothing_of_an_interrupted_build_stays_when_there_is_nothing_to_do(stopped: Workshop, folder: Path) -> None:
    for number in range(6):
        (folder / f"{number}.txt").unlink()
    report = build(stopped)
    assert not report.changed and generations.leftovers(stopped.settings.index) == []


def test_each_step_waits_for_the_disk(workshop: Workshop, monkeypatch) -> None:
    seen: list[int] = []
    add = building.Catalog.add_vectors

    def added(catalog, keys, vectors) -> None:
        seen.append(catalog.connection.execute("PRAGMA synchronous").fetchone()[0])
        add(catalog, keys, vectors)

    monkeypatch.setattr(building.Catalog, "add_vectors", added)
    build(workshop)
    assert seen == [2]  # FULL
