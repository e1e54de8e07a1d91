"""The command line of evaluation, `assistant eval`. What is slow to import is imported where it is used."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

SETS = typer.Argument(help="Question sets: YAML, JSON Lines or CSV.", metavar="SET")
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")]


class _Eval(TyperGroup):
    """`assistant eval SET` is short for `assistant eval run SET`."""

    default = "run"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in the command where the first argument is a set or an option of a run."""
        if args and args[0] not in (*self.commands, "--help"):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_Eval, no_args_is_help=True, help="Ask question sets and say how well they were answered.")


@app.command()
def check(sets: Annotated[list[Path], SETS], index: IndexOption = None) -> None:
    """Say what is wrong with question sets: fields, questions asked twice, quotes that the index does not have."""
    from assistant.evaluation.check import open_text, problems
    from assistant.settings import load_settings

    catalog = open_text(load_settings(index=index).index)
    try:
        found = list(problems(sets, catalog))
    finally:
        catalog.close()
    _print("\n".join(found) if found else f"nothing is wrong with {', '.join(map(str, sets))}")
    if found:
        sys.exit(1)


def _print(text: str) -> None:
    from assistant.render import printable

    try:
        sys.stdout.write(printable(text) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
