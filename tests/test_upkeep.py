"""What was deleted is gone: from every file of the index once old generations are pruned."""

from pathlib import Path

import pytest
from store_parts import build, make_workshop

from assistant.compose import Workshop
from assistant.store.catalog import vector_key

pytestmark = pytest.mark.models

# Words that occur nowhere else, so short that FTS5 keeps them whole, and one in a language of other letters.
SECRET = "Zyxquark met Wvutprot at Qponmlk on the pier. Вжухград shall not be told.\n"
WORDS = ("zyxquark", "wvutprot", "qponmlk", "вжухград")


def where(index: Path, *needles: bytes) -> list[str]:
    """The files below an index in which one of these is found, in any case of letters."""
    found = []
    for path in sorted(index.rglob("*")):
        data = path.read_bytes().lower() if path.is_file() else b""
        found += [f"{path.relative_to(index)}: {needle!r}" for needle in needles if needle.lower() in data]
    return found


def needles() -> list[bytes]:
    """The words, and the parts of them that FTS5 keeps of a word that begins as the one before it."""
    return [part.encode() for word in WORDS for part in (word, word[2:])] + [b"secret.txt"]


def fill(folder: Path) -> None:
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(f"House {number} in Mill Street has {number * 7} windows.\n" * 20)
    (folder / "secret.txt").write_text(SECRET)


def vector_of(workshop: Workshop, word: str) -> tuple[bytes, bytes]:
    """The key and the bytes of the vector of the passage with a word."""
    index = workshop.open_index()
    [(passage, _)] = index.catalog.match(f'"{word}"', 5)
    key = vector_key(index.catalog.passage(passage).search_text)
    [(_, vector)] = index.catalog.vectors([key])
    index.close()
    return key.encode(), vector.tobytes()[:64]


def test_after_pruning_no_byte_of_a_deleted_file_is_left(workshop: Workshop, folder: Path) -> None:
    fill(folder)
    build(workshop)
    key, vector = vector_of(workshop, "zyxquark")
    assert len(where(workshop.settings.index, *needles(), key, vector)) > 8
    (folder / "secret.txt").unlink()
    report = build(workshop, prune=True)
    assert report.removed == ("secret.txt",) and report.manifest.left_behind == 0
    assert where(workshop.settings.index, *needles(), key, vector) == []
    assert len(list((workshop.settings.index / "generations").iterdir())) == 1


def test_a_sync_alone_leaves_no_text_and_pruning_later_no_vector(folder: Path, tmp_path: Path, embedder) -> None:
    workshop = make_workshop(folder, tmp_path / "index", embedder, keep_generations=1)
    fill(folder)
    build(workshop)
    key, vector = vector_of(workshop, "zyxquark")
    (folder / "secret.txt").write_text("Nothing to see.\n")
    assert build(workshop).manifest.left_behind == 1
    assert where(workshop.settings.index, *needles()[:-1]) == []
    assert {line.split(":")[0].split("/")[-1] for line in where(workshop.settings.index, key, vector)} == {
        "chroma.sqlite3"
    }
    report = build(workshop, prune=True)
    assert report.changed and report.manifest.left_behind == 0
    assert where(workshop.settings.index, key, vector) == []
    assert not build(workshop, prune=True).changed


def test_pruning_an_unchanged_index_deletes_older_generations(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "more.txt").write_text("Ganja is a city.\n")
    build(workshop)
    assert len(list((workshop.settings.index / "generations").iterdir())) == 2
    assert not build(workshop, prune=True).changed
    assert [path.name for path in (workshop.settings.index / "generations").iterdir()] == ["000002"]
