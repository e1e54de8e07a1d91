"""What several commands may be given."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.filter import Filter

IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="Read questions from this JSON Lines file.")]
InOption = Annotated[
    str | None, typer.Option("--in", help="Only documents of this collection or folder.", metavar="FOLDER")
]
TypeOption = Annotated[str | None, typer.Option("--type", help="Only documents of this format, as in pdf.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="Only documents in this language, as in en.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only documents from this year, month or day on.", metavar="DATE")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", help="Only documents up to this year, month or day.", metavar="DATE")
]
OutputOption = Annotated[Path | None, typer.Option("--output", help="Write the batch's results here.")]


def filter_of(
    within: str | None, type: str | None, language: str | None, since: str | None, until: str | None
) -> "Filter | None":
    """The filter that these options are together, None where none is given.

    Raises:
        InputError: one of them cannot be used.
    """
    from assistant.answer.filters import check_filter
    from assistant.filter import Filter

    wanted = Filter(within, type, language, since, until)
    return None if wanted == Filter() else check_filter(wanted)


def one_or_batch(one: str | None, batch: Path | None, output: Path | None) -> None:
    """Check that there is one question, or a file of them and one for the answers.

    Raises:
        InputError: it is not so.
    """
    if (one is None) == (batch is None):
        raise InputError("give one question, or --batch IN.jsonl with --output OUT.jsonl")
    if (batch is None) != (output is None):
        raise InputError("--batch and --output go together: --batch IN.jsonl --output OUT.jsonl")
