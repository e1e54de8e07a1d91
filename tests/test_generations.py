"""Generations and the pointer to the one that answers."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.errors import IndexBusy, IndexMismatch, IndexMissing
from assistant.store import generations
from assistant.store.generations import Manifest, Recipe
from assistant.store.lock import writing

RECIPE = Recipe("some-embedder", "d1", 160, 254)


def finish(index: Path, new: Path) -> Manifest:
    manifest = Manifest(new.name, "2024-07-03T00:00:00+00:00", {"": "/somewhere"}, 1, 2, 2, 0, RECIPE)
    generations.swap(index, new, manifest)
    return manifest


def test_nothing_answers_before_the_first_swap(tmp_path: Path) -> None:
    with writing(tmp_path):
        generations.begin(tmp_path, None, RECIPE)
    assert generations.live(tmp_path) is None
    with pytest.raises(IndexMissing, match="no index in .* yet; build it with: assistant index"):
        generations.require_live(tmp_path)


def test_a_swap_makes_the_new_generation_answer(tmp_path: Path) -> None:
    with writing(tmp_path):
        new = generations.begin(tmp_path, None, RECIPE)
        manifest = finish(tmp_path, new)
    assert generations.live(tmp_path) == new
    assert generations.read_manifest(new) == manifest


def test_a_copy_takes_everything_but_the_manifest(tmp_path: Path) -> None:
    with writing(tmp_path):
        first = generations.begin(tmp_path, None, RECIPE)
        (first / "data").write_text("kept")
        finish(tmp_path, first)
        second = generations.begin(tmp_path, first, RECIPE)
    assert (second / "data").read_text() == "kept"
    assert not (second / generations.MANIFEST).exists()


def test_what_never_answered_is_left_over_and_its_number_does_not_come_again(tmp_path: Path) -> None:
    with writing(tmp_path):
        first = generations.begin(tmp_path, None, RECIPE)
        finish(tmp_path, first)
        interrupted = generations.begin(tmp_path, first, RECIPE)
        assert generations.leftovers(tmp_path) == [interrupted]
        assert generations.began_as(interrupted) == (RECIPE, True)
        third = generations.begin(tmp_path, first, RECIPE)
        finish(tmp_path, third)
        (tmp_path / generations.POINTER).write_text(first.name)  # killed before the pointer moved
        assert generations.leftovers(tmp_path) == [third, interrupted]
        generations.remove(third)
        (tmp_path / generations.QUARANTINE / "000007").mkdir(parents=True)
        assert generations.begin(tmp_path, None, RECIPE).name == "000008"


def test_all_of_a_generation_is_on_the_disk_before_its_manifest_and_that_before_the_pointer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    replace = os.replace

    def synced(path: Path) -> None:
        done.append(str(path.relative_to(tmp_path)) if path.is_relative_to(tmp_path) else "outside")

    monkeypatch.setattr(generations, "sync", synced)
    monkeypatch.setattr(generations.os, "replace", lambda a, b: (replace(a, b), done.append(f"-> {Path(b).name}")))
    with writing(tmp_path):
        new = generations.begin(tmp_path, None, RECIPE)
        (new / "chroma").mkdir()
        (new / "chroma" / "data").write_text("x")
        done.clear()
        finish(tmp_path, new)
    manifest, pointer = done.index("-> manifest.json"), done.index("-> CURRENT")
    whole = {f"generations/000001/{name}" for name in ("chroma", "chroma/data", "building.json")}
    assert whole <= set(done[:manifest]) and "generations/000001/manifest.json.new" in done[:manifest]
    assert {"generations/000001", "generations", "CURRENT.new"} <= set(done[manifest:pointer])
    assert "." in done[pointer:]


def test_pruning_keeps_the_newest_and_the_one_that_answers(tmp_path: Path) -> None:
    with writing(tmp_path):
        made = []
        for _ in range(4):
            made.append(generations.begin(tmp_path, None, RECIPE))
            finish(tmp_path, made[-1])
        generations.prune(tmp_path, keep=2)
    assert [g.is_dir() for g in made] == [False, False, True, True]


def test_only_one_process_builds(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock"), pytest.raises(IndexBusy, match="another process"):
        with writing(tmp_path):
            pass


def test_another_recipe_is_an_error_that_says_how_to_rebuild() -> None:
    other = Recipe("another-embedder", "d2", 160, 254)
    with pytest.raises(IndexMismatch, match="'some-embedder'.*'another-embedder'.*--rebuild"):
        generations.check_recipe(RECIPE, other)


def test_a_damaged_manifest_is_an_error_that_says_how_to_rebuild(tmp_path: Path) -> None:
    with writing(tmp_path):
        new = generations.begin(tmp_path, None, RECIPE)
        finish(tmp_path, new)
    (new / generations.MANIFEST).write_text('{"recipe": {}}')
    with pytest.raises(IndexMismatch, match="--rebuild"):
        generations.read_manifest(new)


def test_a_pointer_to_nothing_or_out_of_the_index_is_an_error(tmp_path: Path) -> None:
    with writing(tmp_path):
        generations.begin(tmp_path, None, RECIPE)
    for name in ("gone", "../..", ""):
        (tmp_path / generations.POINTER).write_text(name)
        with pytest.raises(IndexMissing, match="--rebuild"):
            generations.live(tmp_path)
