"""The parts of README that are made from the code: `make format` writes them, `make check` and a test compare.

A part stands between `<!-- name -->` and `<!-- /name -->`.
"""

import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import typer

from assistant.cli import app
from assistant.settings import ENV_PREFIX, Settings

README = Path(__file__).resolve().parents[1] / "README.md"


def settings_table() -> str:
    """A row a setting: its variable, its default, what it may be, and what it does."""
    rows = ["| variable | default | values | what it sets |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{field.default}`"
        rows.append(f"| `{ENV_PREFIX}{name.upper()}` | {default} | {_values(field)} | {field.description} |")
    return "\n".join(rows)


def _values(field: Any) -> str:
    if field.annotation is bool:
        return "`true`, `false`"
    bounds = [next((getattr(m, end) for m in field.metadata if hasattr(m, end)), None) for end in ("ge", "le")]
    if None not in bounds:
        return f"{bounds[0]:g} to {bounds[1]:g}"
    return "a folder" if field.annotation is Path else "text"


def commands() -> str:
    """Every command with its arguments and the first line of its help."""
    group: Any = typer.main.get_command(app)
    lines = [line for name, command in group.commands.items() for line in _command(name, command)]
    return "\n".join(["```", *lines, "```"])


def _command(name: str, command: Any) -> Iterator[str]:
    yield " ".join(["assistant", name, *map(_parameter, command.params)])
    yield f"    {command.help.splitlines()[0]}"


def _parameter(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"[{parameter.name.upper()}]"
    flag = parameter.opts[0]
    return f"[{flag}]" if parameter.is_flag else f"[{flag} {flag.strip('-').upper()}]"


def updated(readme: str) -> str:
    """README with its generated parts as they should be.

    Raises:
        ValueError: a part has no place in it.
    """
    for name, part in (("settings", settings_table()), ("commands", commands())):
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        readme, places = place.subn(partial(_with, part), readme)
        if places != 1:
            raise ValueError(f"README.md has {places} places for its part {name!r}; it needs one")
    return readme


def _with(part: str, place: re.Match[str]) -> str:
    return f"{place[1]}{part}\n{place[2]}"


def main() -> None:
    """Write README's generated parts, or with `--check` exit 1 when they are out of date."""
    written = README.read_text(encoding="utf-8")
    if updated(written) == written:
        return
    if "--check" in sys.argv:
        sys.exit("README.md is out of date; run: make format")
    README.write_text(updated(written), encoding="utf-8")


if __name__ == "__main__":
    main()
