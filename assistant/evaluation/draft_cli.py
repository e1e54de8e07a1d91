"""`assistant eval draft`: what it is given, and where the draft goes."""

from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import show
from assistant.errors import InputError
from assistant.options import FoldersArgument, IndexOption, folders_of

if TYPE_CHECKING:
    from assistant.evaluation.draft import Draft

CountOption = Annotated[int, typer.Option("--count", min=1, max=10_000, help="How many questions.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", help="Write the set here, in YAML; it must not be there yet.")
]


def draft(
    folders: FoldersArgument = None, index: IndexOption = None, count: CountOption = 50, output: OutputOption = None
) -> None:
    """Propose questions for the documents of an index, or of a folder, from their own sentences, for you to edit."""
    from assistant.evaluation.draft import as_yaml

    if folders and index:
        raise InputError("give a folder or --index, not both: a folder is indexed in a place of its own")
    if output and output.exists():
        raise InputError(f"{output} is there already; give another --output, or delete it")
    drafted = _drafted(folders, index, count)
    text = as_yaml(drafted.records)
    if output is None:
        show(text.rstrip())
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {output}: {error.strerror}") from error
    told = f"{len(drafted.records)} questions in {output}, of {drafted.looked_at} that were looked at"
    none = f"; no question for {drafted.without} documents" if drafted.without else ""
    show(f"{told}{none}; read each, then take its tag “draft” away")


def _drafted(folders: list[str] | None, index: Path | None, count: int) -> "Draft":
    from assistant.answer.retriever import search
    from assistant.compose import Workshop
    from assistant.evaluation.draft import FOUND_WITHIN, draft
    from assistant.progress import build_progress, counter
    from assistant.settings import load_settings

    with ExitStack() as stack:
        if folders:
            index = Path(stack.enter_context(TemporaryDirectory()), "index")
        workshop = Workshop(load_settings(index=index, **folders_of(folders)))
        if folders:
            with build_progress() as progress:
                workshop.build(rebuild=False, progress=progress)
        index_of = stack.enter_context(closing(workshop.open_index()))
        parts = (index_of, workshop.embedder, workshop.reranker, workshop.settings.candidates, FOUND_WITHIN)
        progress_of = stack.enter_context(counter("drafted"))
        return draft(index_of.catalog, lambda question: search(question, *parts), count, progress_of)
