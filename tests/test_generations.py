"""Generations and the pointer to the one that answers."""

from pathlib import Path

import pytest
from filelock import FileLock

from assistant.errors import IndexBusy, IndexMismatch, IndexMissing
from assistant.store import generations
from assistant.store.generations import Manifest, Recipe

RECIPE = Recipe("some-embedder", "d1", 160, 254)


def finish(index: Path, new: Path) -> Manifest:
    manifest = Manifest(new.name, "2024-07-03T00:00:00+00:00", "/somewhere", 1, 2, 2, 0, RECIPE)
    generations.swap(index, new, manifest)
    return manifest


def test_nothing_answers_before_the_first_swap(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        generations.begin(tmp_path, copy_of=None)
    assert generations.live(tmp_path) is None
    with pytest.raises(IndexMissing, match="no index in .* yet; build it with: assistant index"):
        generations.require_live(tmp_path)


def test_a_swap_makes_the_new_generation_answer(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        new = generations.begin(tmp_path, copy_of=None)
        manifest = finish(tmp_path, new)
    assert generations.live(tmp_path) == new
    assert generations.read_manifest(new) == manifest


def test_a_copy_takes_everything_but_the_manifest(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        first = generations.begin(tmp_path, copy_of=None)
        (first / "data").write_text("kept")
        finish(tmp_path, first)
        second = generations.begin(tmp_path, copy_of=first)
    assert (second / "data").read_text() == "kept"
    assert not (second / generations.MANIFEST).exists()


def test_an_interrupted_build_is_cleared_away_and_the_answering_one_is_not(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        first = generations.begin(tmp_path, copy_of=None)
        finish(tmp_path, first)
        interrupted = generations.begin(tmp_path, copy_of=first)
        third = generations.begin(tmp_path, copy_of=first)
    assert first.is_dir() and third.is_dir() and not interrupted.is_dir()


def test_pruning_keeps_the_newest_and_the_one_that_answers(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        made = []
        for _ in range(4):
            made.append(generations.begin(tmp_path, copy_of=None))
            finish(tmp_path, made[-1])
        generations.prune(tmp_path, keep=2)
    assert [g.is_dir() for g in made] == [False, False, True, True]


def test_only_one_process_builds(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock"), pytest.raises(IndexBusy, match="another process"):
        with generations.writing(tmp_path):
            pass


def test_another_recipe_is_an_error_that_says_how_to_rebuild() -> None:
    other = Recipe("another-embedder", "d2", 160, 254)
    with pytest.raises(IndexMismatch, match="'some-embedder'.*'another-embedder'.*--rebuild"):
        generations.check_recipe(RECIPE, other)


def test_a_damaged_manifest_is_an_error_that_says_how_to_rebuild(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        new = generations.begin(tmp_path, copy_of=None)
        finish(tmp_path, new)
    (new / generations.MANIFEST).write_text('{"recipe": {}}')
    with pytest.raises(IndexMismatch, match="--rebuild"):
        generations.read_manifest(new)


def test_a_pointer_to_nothing_or_out_of_the_index_is_an_error(tmp_path: Path) -> None:
    with generations.writing(tmp_path):
        generations.begin(tmp_path, copy_of=None)
    for name in ("gone", "../..", ""):
        (tmp_path / generations.POINTER).write_text(name)
        with pytest.raises(IndexMissing, match="--rebuild"):
            generations.live(tmp_path)
