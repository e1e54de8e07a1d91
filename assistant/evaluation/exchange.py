"""The commands that take question sets from other tools and give runs to them. What is slow is imported late."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.console import show
from assistant.errors import InputError


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


def export_run(
    form: Annotated[str, typer.Argument(help="trec.", metavar="FORMAT")],
    run: Annotated[Path, typer.Argument(help="The folder of a kept run.", metavar="RUN")],
    sets: Annotated[list[Path], typer.Argument(help="The question sets that it asked.", metavar="SET")],
    output: Annotated[Path, typer.Option("--output", help="Write run.trec and qrels.trec into this folder.")],
    passages: Annotated[
        bool, typer.Option("--passages", help="Rank passages of the index that was asked, not documents.")
    ] = False,
    index: Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")] = None,
) -> None:
    """Write what a kept run found, and what its questions' sources are, for programs that read the form of TREC."""
    from assistant.evaluation.trec import export_trec, read_asked
    from assistant.settings import load_settings
    from assistant.store.index import newest_whole, open_catalog

    if form != "trec":
        raise InputError(f"a run is written as trec; there is no form {form!r}")
    if not passages:
        written = export_trec(read_asked(run, sets, None, None), None, output)
    else:
        manifest, catalog = newest_whole(load_settings(index=index).index, lambda found: open_catalog(found, None))
        try:
            written = export_trec(read_asked(run, sets, catalog, manifest.generation), catalog, output)
        finally:
            catalog.close()
    show("\n".join(map(str, written)))
