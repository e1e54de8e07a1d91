"""What is wrong with question sets, before anything is asked."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.gold import resolve
from assistant.evaluation.sets import Case, examine_set
from assistant.store.catalog import Catalog
from assistant.store.index import newest_whole, open_catalog


def open_text(index: Path) -> Catalog:
    """The catalog of the index that answers, for its text alone: no model and no vector is loaded.

    Raises:
        IndexMissing, IndexMismatch, IndexDamaged: there is none that can be read.
    """
    return newest_whole(index, lambda generation: open_catalog(generation, None)[1])


def problems(sets: Sequence[Path], catalog: Catalog) -> Iterator[str]:
    """What is wrong, a line each: fields, questions that come again, evidence that the index does not have."""
    asked: dict[object, str] = {}
    for path in sets:
        try:
            records = examine_set(path)
        except InputError as error:
            yield str(error)
            continue
        for record in records:
            yield from record.mistakes
            name = f"{path}, line {record.line}"
            named = f"{name}, case {record.case.id!r}" if record.case else name
            # What is written with a mistake is compared, too: mended, it would come again.
            key = _key(record.record)
            first = asked.setdefault(key, name) if key else name
            if first != name:
                yield f"{named}: asks the same as {first}"
            if record.case:
                yield from _sources(record.case, named, catalog)


def _sources(case: Case, named: str, catalog: Catalog) -> Iterator[str]:
    for number, item in enumerate(resolve(case, catalog), start=1):
        if item.reason:
            yield f"{named}, source {number}: {item.reason}" if len(case.sources) > 1 else f"{named}: {item.reason}"


def _key(record: dict[str, Any]) -> object:
    """The same for questions that differ by case and white space alone, after the same turns; None without any."""
    question = record.get("question")
    if not isinstance(question, str):
        return None
    return " ".join(question.casefold().split()), " ".join(str(record.get("history") or "").casefold().split())
