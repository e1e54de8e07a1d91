"""Collections of the form of BEIR (N. Thakur and others, 2021): corpus.jsonl, queries.jsonl, qrels/*.tsv."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import InputError
from assistant.evaluation.imports.made import Made
from assistant.evaluation.imports.reading import Form, lines, one_of, text_lines


class Text(Form):
    """A document or a query, whose `_id` is named here without the dash."""

    model_config = Form.model_config | {
        "populate_by_name": True,
        "alias_generator": lambda n: "_id" if n == "id" else n,
    }

    id: str
    title: str | None = ""
    text: str


def beir(files: Sequence[Path], into: Made, split: str | None = None) -> None:
    """Each document of the corpus becomes a document; a query's gold are the whole documents judged relevant.

    Args:
        files: the folder of a collection, or its corpus.jsonl, queries.jsonl and judgments.
        into: takes what is made.
        split: which judgments of a folder, as in test; where there is one file of them, it is that.

    Raises:
        InputError: a file is missing or of another form.
    """
    corpus, queries, judged = _three(files, split)
    relevant = _judgments(judged, into)
    written: dict[str, str] = {}
    for where, found in lines(corpus, Text):
        if found.id in written:
            raise InputError(f"{where}: the _id {found.id!r} came before")
        title = found.title.strip() if found.title else ""
        written[found.id] = into.document(found.id, f"{title}\n\n{found.text}\n" if title else f"{found.text}\n")
    asked = set()
    for where, query in lines(queries, Text):
        if query.id not in relevant:
            into.leave("questions", "no document is judged relevant", where)
            continue
        asked.add(query.id)
        missing = [document for document in relevant[query.id] if document not in written]
        for _ in missing:
            into.leave("judgments", "their document is not in the corpus", where)
        sources = [{"file": written[d]} for d in relevant[query.id] if d in written]
        if sources:
            into.case(where, query.id, query.text, sources=sources)
        else:
            into.leave("questions", "no document is judged relevant", where)
    for identity in relevant.keys() - asked:
        into.leave("judgments", "their query is not there", f"{judged}, query {identity!r}")


def _three(files: Sequence[Path], split: str | None) -> tuple[Path, Path, Path]:
    every = [inner for path in files for inner in (_inside(path, split) if path.is_dir() else [path])]
    return (
        one_of(every, "documents", "corpus.jsonl"),
        one_of(every, "queries", "queries.jsonl"),
        one_of(every, "judgments; name one with --split", "*.tsv"),
    )


def _inside(folder: Path, split: str | None) -> list[Path]:
    wanted = f"{split}.tsv" if split else "*.tsv"
    return [folder / "corpus.jsonl", folder / "queries.jsonl", *sorted((folder / "qrels").glob(wanted))]


def _judgments(path: Path, into: Made) -> dict[str, list[str]]:
    """The relevant documents of each query, by the lines `query-id, corpus-id, score` parted by tabs."""
    relevant: dict[str, list[str]] = defaultdict(list)
    for number, (where, line) in enumerate(text_lines(path)):
        cells = line.decode("utf-8", "replace").strip("\r\n").split("\t")
        if number == 0 and cells[-1].strip() == "score" or cells == [""]:
            continue
        try:
            query, document, score = cells
            grade = int(score)
        except ValueError as error:
            raise InputError(f"{where}: expected a query, a document and a whole number, parted by tabs") from error
        if grade <= 0:
            into.leave("judgments", "not relevant", where)
        elif document not in relevant[query]:
            relevant[query].append(document)
    return {query: documents for query, documents in relevant.items() if documents}
