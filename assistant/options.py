"""What several commands may be given."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.filter import Filter

IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="Read questions from this JSON Lines file.")]
FoldersArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Folder of documents, or several, each as NAME=FOLDER. Without one: what the index was built from.",
        metavar="FOLDER",
        show_default="docs",
    ),
]
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


def folders_of(given: list[str] | None) -> dict[str, Any]:
    """The settings that name what is indexed: one folder, or several as NAME=FOLDER; none where none is given.

    An argument is NAME=FOLDER where a "=" comes before the first "/": a folder "a=b" is given as "./a=b".

    Raises:
        InputError: several folders have no name, or two the same.
    """
    if not given:
        return {}
    named: dict[str, str] = {}
    for each in given:
        name, equals, folder = each.partition("=")
        if not equals or "/" in name:
            if len(given) > 1:
                raise InputError(f"{each} has no name; name each of several folders: NAME=FOLDER NAME=FOLDER")
            return {"folder": each, "collections": {}}
        if name in named:
            raise InputError(f"two folders have the name {name}; give each its own")
        if not folder:
            raise InputError(f"{each} names no folder; write NAME=FOLDER")
        named[name] = folder
    return {"collections": named}


def one_or_batch(one: str | None, batch: Path | None, output: Path | None) -> None:
    """Check that there is one question, or a file of them and one for the answers.

    Raises:
        InputError: it is not so.
    """
    if (one is None) == (batch is None):
        raise InputError("give one question, or --batch IN.jsonl with --output OUT.jsonl")
    if (batch is None) != (output is None):
        raise InputError("--batch and --output go together: --batch IN.jsonl --output OUT.jsonl")
