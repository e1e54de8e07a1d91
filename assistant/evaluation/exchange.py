"""The commands that take question sets from other tools and give runs to them. What is slow is imported late."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.console import show


def import_files(
    form: Annotated[
        str,
        typer.Argument(
            help="squad, beir, scifact, clapnq, anthropic-docs, ragas, promptfoo, csv, feedback.", metavar="FORMAT"
        ),
    ],
    files: Annotated[list[Path], typer.Argument(help="Its files.", metavar="FILE")],
    target: Annotated[Path, typer.Option("--set", help="Write the question set here, as JSON Lines.")],
    documents: Annotated[
        Path | None, typer.Option("--documents", help="Write the documents that the files hold into this folder.")
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", help="Which questions, where the files hold several sets of them.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", help="Take the first questions only.", min=1, max=100_000)
    ] = 100_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a question set, and a folder of documents, from the files of a public set or of another tool."""
    from assistant.evaluation.imports.importing import import_json, import_set, import_text, importer_of

    made = import_set(importer_of(form, split), files, target, documents, limit)
    show((import_json if as_json else import_text)(made, target, documents))
