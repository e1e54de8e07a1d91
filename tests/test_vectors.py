"""The vector store: what it holds is found, what is left of memory in its files is blanked."""

import struct
from pathlib import Path

import numpy as np
import pytest

from assistant.store.vectors import Damaged, VectorStore, blank


def some(count: int) -> tuple[list[str], np.ndarray]:
    vectors = np.random.default_rng(3).standard_normal((count, 384)).astype(np.float32)
    return [f"{number:032x}" for number in range(count)], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def stored(path: Path, keys: list[str], vectors: np.ndarray) -> None:
    store = VectorStore(path)
    for i in range(0, len(keys), 500):
        store.add(keys[i : i + 500], vectors[i : i + 500])
    store.close()


@pytest.mark.parametrize("count", [3, 1_500])
def test_what_holds_no_vector_is_blank_and_every_vector_is_still_found(tmp_path: Path, count: int) -> None:
    keys, vectors = some(count)
    stored(tmp_path, keys, vectors)
    [header] = tmp_path.glob("*/header.bin")
    data = header.with_name("data_level0.bin")
    _, _, capacity, held, size = struct.unpack_from("<i4Q", header.read_bytes())
    end = data.stat().st_size
    assert held * size <= end <= capacity * size and held <= count
    with data.open("r+b") as file:  # what lay in memory before
        file.seek(held * size)
        file.write(b"secret" * ((end - held * size) // 6))
    blank(tmp_path)
    assert b"secret" not in data.read_bytes() and data.stat().st_size == end
    store = VectorStore.open(tmp_path, count, (keys[0], vectors[0]))
    assert [found[0][0] for found in store.nearest_each(vectors, 1)] == keys
    store.close()


def test_files_of_another_form_are_not_written_to(tmp_path: Path) -> None:
    keys, vectors = some(3)
    stored(tmp_path, keys, vectors)
    [header] = tmp_path.glob("*/header.bin")
    header.write_bytes(struct.pack("<i", 2) + header.read_bytes()[4:])
    before = header.with_name("data_level0.bin").read_bytes()
    with pytest.raises(RuntimeError, match="unknown form"):
        blank(tmp_path)
    assert header.with_name("data_level0.bin").read_bytes() == before


def test_a_store_that_does_not_hold_what_it_should_is_damaged(tmp_path: Path) -> None:
    keys, vectors = some(3)
    stored(tmp_path, keys, vectors)
    with pytest.raises(Damaged, match="holds 3 vectors, the catalog 4"):
        VectorStore.open(tmp_path, 4, None)
    with pytest.raises(Damaged, match="not found by itself"):
        VectorStore.open(tmp_path, 3, ("other", -vectors[0]))
