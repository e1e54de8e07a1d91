"""Searching what a filter leaves: nothing else is found, and what is found is what an exact search finds."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.filter import Filter
from assistant.store import same, selection
from assistant.store.catalog import Catalog, vector_key
from assistant.store.selection import AllVectors, Selection
from assistant.store.vectors import VectorStore
from assistant.store.vocabulary import dates_from
from assistant.types import Document, Passage, Sentence

FOLDERS = ("legal", "legal/contracts", "legal/contracts/old", "legal-2", "hr", "hr.zip/notes", "Ünï/%_", "")
KINDS, LANGUAGES = ("pdf", "md"), ("en", "tr", None)
DATES = ("2023", "2024", "2024-01", "2024-02", "2024-02-29", "2024-12-31", "2025-06", None)
WORDS = ("harbour", "leave", "pipeline", "canteen")
PASSAGES, DIMENSIONS = 180, 8


@dataclass
class Made:
    """A catalog and its vectors, and what is in them."""

    catalog: Catalog
    vectors: VectorStore
    documents: dict[str, Document]
    rows: dict[str, np.ndarray]  # by key


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    place = tmp_path_factory.mktemp("selection")
    random = np.random.default_rng(5)
    documents, rows = {}, {}
    catalog = Catalog.create(place / "catalog.sqlite")
    for number in range(PASSAGES // 3):
        folder = FOLDERS[number % len(FOLDERS)]
        path = f"{folder}/{number}.x" if folder else f"{number}.x"
        kind, language, date = (all_of[random.integers(len(all_of))] for all_of in (KINDS, LANGUAGES, DATES))
        # Some texts are in several documents: they have one vector.
        texts = [f"{WORDS[random.integers(4)]} {WORDS[random.integers(4)]} {random.integers(60)}." for _ in range(3)]
        text, spans = " ".join(texts), []
        for part in texts:
            start = spans[-1][1] + 1 if spans else 0
            spans.append((start, start + len(part)))
        document = Document(path, f"{number:064}", str(kind), path, date, language, text, (), ())
        catalog.add(
            document, [Passage(s, e, (Sentence(s, e, "paragraph"),), "", None, "", text[s:e]) for s, e in spans]
        )
        documents[path] = document
        for part in texts:
            row = random.standard_normal(DIMENSIONS).astype(np.float32)
            rows.setdefault(vector_key(part), row / np.linalg.norm(row))
    catalog.add_vectors(list(rows), np.stack(list(rows.values())))
    catalog.close()
    vectors = VectorStore(place / "chroma")
    vectors.add(list(rows), np.stack(list(rows.values())))
    catalog = Catalog.open(place / "catalog.sqlite")
    yield Made(catalog, vectors, documents, rows)
    catalog.close()
    vectors.close()


def days(date: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day that a date may mean."""
    first = datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :])
    if len(date) == 4:
        return first, first.replace(month=12, day=31)
    after = (first.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return (first, after - datetime.timedelta(days=1)) if len(date) == 7 else (first, first)


def matches(document: Document, wanted: Filter) -> bool:
    """What a filter means, said once more."""
    if wanted.folder and not (document.path == wanted.folder or document.path.startswith(wanted.folder + "/")):
        return False
    if wanted.type and document.kind != wanted.type or wanted.language and document.language != wanted.language:
        return False
    if (wanted.since or wanted.until) and document.date is None:
        return False
    if wanted.since and days(document.date)[1] < days(wanted.since)[0]:
        return False
    return not (wanted.until and days(document.date)[0] > days(wanted.until)[1])


some_dates = st.none() | st.sampled_from([date for date in DATES if date]) | st.sampled_from(["2022", "2024-03-01"])
filters = st.builds(
    Filter,
    folder=st.none() | st.sampled_from([*filter(None, FOLDERS), "leg", "hr.zip", "0.x", "7.x", "Ünï"]),
    type=st.none() | st.sampled_from(KINDS),
    language=st.none() | st.sampled_from(["en", "tr", "de"]),
    since=some_dates,
    until=some_dates,
)


@settings(deadline=None, max_examples=150)
@given(
    wanted=filters,
    seed=st.integers(0, 10**6),
    way=st.sampled_from(["few", "many", "chroma"]),
    limit=st.integers(1, 12),
)
def test_only_what_matches_is_found_and_it_is_the_nearest_and_the_best(
    made: Made, wanted: Filter, seed: int, way: str, limit: int
) -> None:
    allowed = {path for path, document in made.documents.items() if matches(document, wanted)}
    if not allowed:
        with pytest.raises(InputError, match="no document matches the filter"):
            Selection(made.catalog, made.vectors, AllVectors(made.catalog), wanted)
        return
    part = Selection(made.catalog, made.vectors, AllVectors(made.catalog), wanted)
    assert part.catalog.hashes().keys() == allowed
    whole = [made.catalog.passage(number) for number in range(1, PASSAGES + 1)]
    passages = {p.id: p for p in whole if p.document in allowed}
    assert part.catalog.counts()[:2] == (len(allowed), len(passages))

    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    vector /= np.linalg.norm(vector)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(selection, "LARGE", 0.0 if way == "chroma" else 2.0)
        patched.setattr(selection, "FEW", PASSAGES if way == "few" else 0)
        found = part.nearest(vector, limit)
    cosines = {key: float(made.rows[key] @ vector) for key in {vector_key(p.search_text) for p in passages.values()}}
    nearest = sorted(cosines, key=lambda key: -cosines[key])[:limit]
    assert [key for key, _ in found] == nearest
    assert [cosine for _, cosine in found] == pytest.approx([cosines[key] for key in nearest], abs=1e-5)
    for key, _ in found:
        assert set(part.catalog.passages_with(key)) == {
            p.id for p in passages.values() if vector_key(p.search_text) == key
        }

    for word in WORDS:
        every = made.catalog.match(word, PASSAGES)
        assert part.catalog.match(word, limit) == [pair for pair in every if pair[0] in passages][:limit]
        assert part.catalog.frequency(word, 5) == min(5, sum(word in p.text for p in passages.values()))
    for year in ("2023", "2024", "2025"):
        dated = [made.documents[path].date or "" for path in allowed]
        assert dates_from(part.catalog, year) == any(date.startswith(year) for date in dated)


def test_a_text_that_is_in_two_documents_is_found_where_one_of_them_matches(made: Made) -> None:
    texts: dict[str, set[str]] = {}
    for number in range(1, PASSAGES + 1):
        passage = made.catalog.passage(number)
        texts.setdefault(passage.search_text, set()).add(passage.document)
    text, paths = next((text, paths) for text, paths in texts.items() if len(paths) > 1)
    for path in paths:
        part = Selection(made.catalog, made.vectors, AllVectors(made.catalog), Filter(folder=path))
        [(key, _)] = part.nearest(made.rows[vector_key(text)], 1)
        assert key == vector_key(text)
        assert {part.catalog.passage(number).document for number in part.catalog.passages_with(key)} == {path}


def test_where_chroma_has_too_few_that_match_all_are_compared(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "LARGE", 0.0)
    monkeypatch.setattr(selection, "SPARE", 1)
    part = Selection(made.catalog, made.vectors, AllVectors(made.catalog), Filter(folder="hr"))
    keys = {key for (key,) in part.catalog.connection.execute("SELECT vector_key FROM passages")}
    far = -np.mean([made.rows[key] for key in keys], axis=0)
    far /= np.linalg.norm(far)
    nearest = sorted(keys, key=lambda key: -float(made.rows[key] @ far))[:8]
    assert [key for key, _ in part.nearest(far.astype(np.float32), 8)] == nearest


def test_a_connection_is_open_as_long_as_someone_searches_it(made: Made) -> None:
    part = Selection(made.catalog, made.vectors, AllVectors(made.catalog), Filter(folder="hr"))
    connection = part.catalog.connection
    assert connection.execute("SELECT count(*) FROM documents").fetchone()[0]
    del part
    with pytest.raises(Exception, match="closed"):
        connection.execute("SELECT 1")


def test_a_document_is_in_the_folders_of_all_its_copies(tmp_path) -> None:
    catalog = Catalog.create(tmp_path / "catalog.sqlite")
    for path in ("hr/a.txt", "hr/b.txt"):
        document = Document(path, path.rjust(64, "0"), "txt", path, None, None, path, (), ())
        catalog.add(document, [Passage(0, 8, (Sentence(0, 8, "paragraph"),), "", None, "", path)])
    same.set_others(catalog, {"hr/a.txt": ["legal/old/copy.txt"]})
    catalog.add_vectors([vector_key(p) for p in ("hr/a.txt", "hr/b.txt")], np.eye(2, dtype=np.float32))
    catalog.close()
    vectors = VectorStore(tmp_path / "chroma")
    vectors.add([vector_key(p) for p in ("hr/a.txt", "hr/b.txt")], np.eye(2, dtype=np.float32))
    catalog = Catalog.open(tmp_path / "catalog.sqlite")
    try:
        found = Selection(catalog, vectors, AllVectors(catalog), Filter(folder="legal"))
        assert [key for key, _ in found.nearest(np.eye(2, dtype=np.float32)[0], 2)] == [vector_key("hr/a.txt")]
        passage = found.catalog.passage(1)
        assert (passage.document, passage.also) == ("legal/old/copy.txt", ("hr/a.txt",))  # what was asked for leads
        assert found.catalog.slice("legal/old/copy.txt", 0, 4) == catalog.slice("legal/old/copy.txt", 0, 4) == "hr/a"
        assert (
            Selection(catalog, vectors, AllVectors(catalog), Filter(folder="hr")).catalog.passage(1).document
            == "hr/a.txt"
        )
        with pytest.raises(InputError, match="no document matches"):
            Selection(catalog, vectors, AllVectors(catalog), Filter(folder="legal-2"))
    finally:
        catalog.close()
        vectors.close()
