"""Tables of questions and answers, and test sets of Ragas, whose fields go by several names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.imports.made import Made
from assistant.evaluation.imports.reading import Form, objects, rows

# What others call the fields of a case; the first that a table has is read.
NAMES = {
    "id": ("id", "number", "no"),
    "question": ("question", "query", "prompt", "input", "user_input", "q"),
    "answers": ("answers", "answer", "expected", "expected answer", "ground_truth", "reference", "output", "a"),
    "file": ("file", "source", "document", "path", "filename", "sources.file"),
    "page": ("page", "sources.page"),
    "quote": ("quote", "context", "evidence", "passage", "sources.quote"),
    "answerable": ("answerable",),
    "tags": ("tags", "tag", "category", "topic", "type"),
}
NO_FILE = "no file is named for them"
NO_FOLDER = "the files that they are from are not named; --documents FOLDER makes a document of each"


def csv(files: Sequence[Path], into: Made) -> None:
    """A row is a case, by the names of the columns; answers and tags have | between them.

    Raises:
        InputError: a file is no table, or no column is a question.
    """
    for path in files:
        told = False
        for where, row in rows(path):
            cells = {title.strip().lower(): (title, cell.strip()) for title, cell in row.items()}
            found = {field: next((n for n in names if n in cells), None) for field, names in NAMES.items()}
            if not told and found["question"] is None:
                raise InputError(f"{where}: no column is a question; name one of them question")
            told = True
            value = {field: cells[name][1] for field, name in found.items() if name}
            for name in cells.keys() - set(found.values()):
                into.leave("cells", f"no field of a case is called {cells[name][0]!r}", where)
            _row(value, where, into)


def _row(value: dict[str, str], where: str, into: Made) -> None:
    if "question" not in value:
        into.leave("rows", "they have no question", where)
        return
    source = {field: value[field] for field in ("file", "page", "quote") if field in value}
    if source and "file" not in source:
        into.leave("quotes", NO_FILE, where)
        source = {}
    answers = _parted(value.get("answers", ""))
    tags = _parted(value.get("tags", ""))
    given: dict[str, Any] = {"answers": into.expected(answers, where), "sources": [source] if source else []}
    given["answerable"] = value.get("answerable", "yes").lower() not in ("no", "false", "0")
    into.case(where, value.get("id"), value["question"], tags=tags, **given)


def _parted(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


# -- Ragas --------------------------------------------------------------------------------------------------------


class Message(Form):
    """A turn of a conversation."""

    content: str
    type: str


class Sample(Form):
    """A sample of a test set, by the names of both forms that there have been."""

    user_input: str | list[Message] | None = None
    question: str | None = None
    reference: str | None = None
    ground_truth: str | list[str] | None = None
    ground_truths: list[str] | None = None
    reference_contexts: list[str] | str | None = None
    synthesizer_name: str | None = None


def ragas(files: Sequence[Path], into: Made) -> None:
    """A sample is a case; what it expects is its reference and its reference contexts, not what was retrieved.

    Raises:
        InputError: a file is of another form.
    """
    for path in files:
        for where, sample in objects(path, Sample):
            turns = sample.user_input if isinstance(sample.user_input, list) else []
            said = sample.user_input if isinstance(sample.user_input, str) else sample.question
            if turns and turns[-1].type == "ai":  # what was answered at last is not asked again
                turns = turns[:-1]
            question = turns[-1].content if turns else said
            if not question:
                into.leave("samples", "they have no question", where)
                continue
            history = [{"role": "assistant" if t.type == "ai" else "user", "content": t.content} for t in turns[:-1]]
            truth = sample.reference or sample.ground_truth or sample.ground_truths or []
            answers = into.expected([truth] if isinstance(truth, str) else truth, where)
            tags = [sample.synthesizer_name] if sample.synthesizer_name else []
            sources = _contexts(sample, where, into)
            into.case(where, None, question, history=history, answers=answers, sources=sources, tags=tags)


def _contexts(sample: Sample, where: str, into: Made) -> list[dict[str, str]]:
    given = sample.reference_contexts or []
    if isinstance(given, str):  # a cell of a table has the list of Python as text, from which nothing is made
        into.leave("contexts", "they are in a cell of a table; use the JSON Lines of the test set", where)
        return []
    if given and into.pending is None:
        into.leave("contexts", NO_FOLDER, where)
        return []
    return [{"file": into.document("context", text, once=True)} for text in dict.fromkeys(given) if text.strip()]
