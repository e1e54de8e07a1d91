"""What is wrong with question sets, before anything is asked."""

from collections.abc import Iterator, Sequence
from pathlib import Path

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
            cases, mistakes = examine_set(path)
        except InputError as error:
            yield str(error)
            continue
        yield from mistakes
        for case in cases:
            name = f"{path}, case {case.id!r}"
            first = asked.setdefault(_key(case), name)
            if first != name:
                yield f"{name}: asks the same as {first}"
            yield from (f"{name}: {item.reason}" for item in resolve(case, catalog) if item.reason)


def _key(case: Case) -> object:
    """The same for questions that differ by case and white space alone, after the same turns."""
    return tuple(" ".join(text.casefold().split()) for text in (*(t.content for t in case.history), case.question))
