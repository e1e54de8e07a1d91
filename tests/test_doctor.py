"""The doctor finds what is wrong, says what to do, and mends it from the catalog or the files."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from store_parts import answering, build, paths, quiet

from assistant.compose import Workshop
from assistant.errors import IndexMissing
from assistant.store import copies, generations
from assistant.store.vectors import VectorStore

pytestmark = pytest.mark.models


def sql(*statements: str) -> Callable[[Workshop, Path], None]:
    def damage(workshop: Workshop, folder: Path) -> None:
        with sqlite3.connect(answering(workshop) / "catalog.sqlite") as db:
            for statement in statements:
                db.execute(statement)

    return damage


def chroma(change: Callable[[VectorStore, list[str]], None]) -> Callable[[Workshop, Path], None]:
    def damage(workshop: Workshop, folder: Path) -> None:
        store = VectorStore(answering(workshop) / "chroma")
        change(store, store._collection.get()["ids"])
        store.close()

    return damage


def swapped(store: VectorStore, keys: list[str]) -> None:
    held = store.get(keys)
    for key, other in zip(keys, reversed(keys), strict=True):
        store.add([key], held[other][None])


def edited(name: str, text: str) -> Callable[[Workshop, Path], None]:
    return lambda workshop, folder: (folder / name).write_text(text) and None


def spoiled(name: str) -> Callable[[Workshop, Path], None]:
    return lambda workshop, folder: (answering(workshop) / name).write_bytes(b"spoiled" * 900) and None


def half_made(workshop: Workshop, folder: Path) -> None:
    generations.begin(workshop.settings.index, answering(workshop), workshop.recipe)


def dead_reader(workshop: Workshop, folder: Path) -> None:
    place = Path(copies.tempfile.gettempdir(), f"{copies.PREFIX}dead")
    place.mkdir()
    (place / copies.IN_USE).touch()


WORDS = "INSERT INTO words(words, rowid, search_text) SELECT 'delete', id, search_text FROM passages WHERE id = 1"
DAMAGES: dict[str, tuple[str, Callable[[Workshop, Path], None]]] = {
    "a file was changed": ("files", edited("rivers.txt", "The Aras joins the Kura.\n")),
    "a file was added": ("files", edited("new.txt", "Sheki lies in the north.\n")),
    "a file is gone": ("files", lambda workshop, folder: (folder / "rivers.txt").unlink()),
    "a passage has another text": ("passages", sql("UPDATE passages SET text = 'The Kura is dry.' WHERE id = 1")),
    "a sentence is out of place": ("passages", sql("UPDATE sentences SET end = 9999 WHERE passage_id = 1")),
    "a vector is missing": ("vectors", sql(
        "DELETE FROM vectors WHERE key = (SELECT min(key) FROM vectors)",
        "INSERT INTO vectors SELECT 'x', vector FROM vectors",
    )),
    "a vector is damaged": ("vectors", sql(
        "UPDATE vectors SET vector = zeroblob(1536) WHERE key = (SELECT max(key) FROM vectors)"
    )),
    "vectors of another embedder": ("embedder", sql(
        "CREATE TABLE other AS SELECT a.key, b.vector FROM vectors a, vectors b WHERE a.key <> b.key",
        "UPDATE vectors SET vector = (SELECT vector FROM other WHERE other.key = vectors.key)",
        "DROP TABLE other",
    )),
    "words are missing": ("words", sql(WORDS)),
    "Chroma lacks a vector": ("chroma", chroma(lambda store, keys: store.remove(keys[:1]))),
    "Chroma has them exchanged": ("chroma", chroma(swapped)),
    "Chroma cannot be opened": ("chroma", spoiled("chroma/chroma.sqlite3")),
    "the catalog cannot be opened": ("catalog", spoiled("catalog.sqlite")),
    "the manifest cannot be read": ("catalog", spoiled("manifest.json")),
    "the pointer leads nowhere": ("pointer", lambda w, f: (w.settings.index / "CURRENT").write_text("99") and None),
    "a build was killed": ("orphans", half_made),
    "a reader was killed": ("copies", dead_reader),
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(copies.tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(copies, "YOUNG", -1.0)
    monkeypatch.setattr(copies, "OLD", -1.0)


def problems(workshop: Workshop) -> dict[str, str]:
    return {check.name: check.found for check in workshop.examine(quiet) if not check.ok}


def test_a_whole_index_has_no_problem_and_repair_leaves_it_alone(workshop: Workshop) -> None:
    build(workshop)
    checks = workshop.examine(quiet)
    assert [check.name for check in checks if not check.ok] == []
    assert {"files", "catalog", "passages", "vectors", "embedder", "words", "chroma", "disk"} <= {
        c.name for c in checks
    }
    before = (workshop.settings.index / "CURRENT").read_text()
    assert workshop.repair(quiet).done == [] and (workshop.settings.index / "CURRENT").read_text() == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_found_and_mended_in_a_new_generation(workshop: Workshop, folder: Path, damage: str) -> None:
    build(workshop)
    where, spoil = DAMAGES[damage]
    was = answering(workshop)
    spoil(workshop, folder)
    assert where in problems(workshop)
    state = {path: path.read_bytes() for path in was.rglob("*") if path.is_file()}
    if damage == "vectors of another embedder":  # only a rebuild can mend that, and the advice says so
        assert "--rebuild" in next(str(c.advice) for c in workshop.examine(quiet) if c.name == where)
        build(workshop, rebuild=True)
    else:
        repair = workshop.repair(quiet)
        assert repair.done and "made generation 0000" in repair.done[0]
        assert [check.found for check in repair.after if not check.ok] == []
    assert problems(workshop) == {} and answering(workshop) != was
    assert all(path.read_bytes() == data for path, data in state.items() if path.exists())
    assert paths(workshop) == {path.name for path in folder.iterdir()}


def test_without_the_files_what_the_catalog_holds_is_mended_and_what_is_lost_is_told(
    workshop: Workshop, folder: Path
) -> None:
    build(workshop)
    spoiled("chroma/chroma.sqlite3")(workshop, folder)
    sql("UPDATE passages SET text = 'The Kura is dry.' WHERE text LIKE '%Kura%'")(workshop, folder)
    folder.rename(folder.with_name("moved"))
    repair = workshop.repair(quiet)
    assert any("lost 'rivers.txt': damaged in the index" in line for line in repair.done)
    assert {check.name for check in repair.after if not check.ok} == {"files"}
    assert paths(workshop) == {"ports.txt"}


def test_an_older_generation_is_mended_where_neither_files_nor_catalog_are_there(
    workshop: Workshop, folder: Path
) -> None:
    build(workshop)
    (folder / "more.txt").write_text("Ganja is a city.\n")
    build(workshop)
    spoiled("catalog.sqlite")(workshop, folder)
    folder.rename(folder.with_name("moved"))
    workshop.repair(quiet)
    assert paths(workshop) == {"rivers.txt", "ports.txt"}


def test_calibration_and_whatever_else_lies_beside_is_no_orphan_and_stays(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (workshop.settings.index / "calibration.json").write_text(json.dumps({"threshold": 0.4}))
    assert problems(workshop) == {}
    half_made(workshop, folder)
    workshop.repair(quiet)
    build(workshop, prune=True)
    assert (workshop.settings.index / "calibration.json").exists()


def test_no_index_is_an_error_and_not_a_problem(workshop: Workshop) -> None:
    with pytest.raises(IndexMissing, match="no index in"):
        workshop.examine(quiet)
