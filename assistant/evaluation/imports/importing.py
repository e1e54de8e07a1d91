"""From the files of others to a question set and a folder of documents: all of both, or nothing."""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.imports.beir import beir
from assistant.evaluation.imports.feedback import feedback
from assistant.evaluation.imports.made import Made, remove
from assistant.evaluation.imports.promptfoo import promptfoo
from assistant.evaluation.imports.published import anthropic_docs, clapnq, scifact
from assistant.evaluation.imports.squad import squad
from assistant.evaluation.imports.tables import csv, ragas
from assistant.evaluation.records import MOST_BYTES
from assistant.evaluation.sets import Case
from assistant.store.generations import write

Importer = Callable[[Sequence[Path], Made], None]
SPLIT = ("beir", "scifact")  # the forms whose files have several sets of questions


def importer_of(form: str, split: str | None) -> Importer:
    """What reads files of a form.

    Raises:
        InputError: there is no such form, or it has no splits.
    """
    plain: dict[str, Importer] = {
        "squad": squad,
        "beir": partial(beir, split=split),
        "scifact": partial(scifact, split=split),
        "clapnq": clapnq,
        "anthropic-docs": anthropic_docs,
        "ragas": ragas,
        "promptfoo": promptfoo,
        "csv": csv,
        "feedback": feedback,
    }
    if form not in plain:
        near = get_close_matches(form, plain, n=1)
        raise InputError(
            f"there is no form {form!r}"
            + (f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(plain)}")
        )
    if split and form not in SPLIT:
        raise InputError(f"--split is for {' and '.join(SPLIT)}; the files of {form} hold one set each")
    return plain[form]


def import_set(read: Importer, files: Sequence[Path], target: Path, documents: Path | None, limit: int) -> Made:
    """Make a question set of files, and a folder of the documents that they hold.

    Raises:
        InputError: a file is of another form, the set or a folder that is not empty is there already, or they cannot
            be written. Nothing is left of what was written until then.
    """
    _require_free(target, documents)
    pending = documents.with_name(f".{documents.name}.{os.getpid()}.new") if documents else None
    made = Made(pending, limit)
    try:
        if pending:
            pending.mkdir(parents=True)
        read(files, made)
        if not made.cases:
            raise InputError("there is no question in these files" + _why(made))
        lines = "".join(map(_line, made.cases))
        if len(lines.encode()) > MOST_BYTES:
            raise InputError(f"the set would be longer than {MOST_BYTES // 2**20} MB; take a part with --limit")
        if pending and documents and made.documents:
            pending.replace(documents)
        write(target, lines)
    except OSError as error:
        raise InputError(f"cannot write {error.filename or target}: {error.strerror}") from error
    finally:
        remove(pending)
    return made


def import_json(made: Made, target: Path, documents: Path | None) -> dict[str, Any]:
    """What was made, and what was left out, with the reason and the place of the first of each kind."""
    return {
        "set": str(target),
        "questions": len(made.cases),
        "answerable": sum(case.answerable for case in made.cases),
        "skipped": sum(case.skip for case in made.cases),
        "documents": made.documents,
        "folder": str(documents) if documents and made.documents else None,
        "left_out": [asdict(left) for left in made.left_out.values()],
    }


def import_text(made: Made, target: Path, documents: Path | None) -> str:
    """The same for a reader."""
    answerable = sum(case.answerable for case in made.cases)
    lines = [
        f"{target}: {len(made.cases):,} questions, {answerable:,} that the documents answer, "
        f"{len(made.cases) - answerable:,} that they do not"
    ]
    if documents and made.documents:
        lines.append(f"{documents}: {made.documents:,} documents")
    skipped = sum(case.skip for case in made.cases)
    if skipped:
        lines.append(f"to be edited: {skipped:,} questions, which are skipped as long as they have skip: true")
    for left in made.left_out.values():
        lines.append(f"left out: {left.count:,} {left.what}: {left.why} (the first: {left.first})")
    return "\n".join(lines)


def _require_free(target: Path, documents: Path | None) -> None:
    if target.suffix.lower() != ".jsonl":
        raise InputError(f"{target}: the set is written as JSON Lines; give a --set that ends in .jsonl")
    if target.exists():
        raise InputError(f"{target} is there already; give another --set, or delete it")
    if not target.absolute().parent.is_dir():
        raise InputError(f"cannot write {target}: there is no such folder to write a file in")
    if documents is None:
        return
    if documents.exists() and (not documents.is_dir() or any(documents.iterdir())):
        raise InputError(f"{documents} is there already and not empty; give another --documents")


def _line(case: Case) -> str:
    return case.model_dump_json(exclude_defaults=True) + "\n"


def _why(made: Made) -> str:
    left = next((left for left in made.left_out.values() if left.what == "questions"), None)
    return f" that can be used: {left.count:,} {left.why} (the first: {left.first})" if left else ""
