"""The parts of README that are made from the code, so that it says what the code does, and the questions' schema.

`python tests/readme_parts.py` writes the parts that the code alone gives: the list of commands and the table of
settings, each between `<!-- name -->` and `<!-- /name -->`, and `eval/questions.schema.json`. `--check` exits 1 where
they are out of date. `--outputs` also runs the commands of README's console blocks over docs/ and writes what they
print.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import typer

from assistant.cli import app
from assistant.evaluation.sets import json_schema
from assistant.settings import ENV_PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SCHEMA = ROOT / "eval" / "questions.schema.json"
QUESTIONS = Path("eval", "dossier", "example.yaml")
CONSOLE = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def settings_table() -> str:
    """A row a setting: its variable, its default, what it may be, and what it does."""
    rows = ["| variable | default | values | what it sets |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{field.default}`"
        rows.append(f"| `{ENV_PREFIX}{name.upper()}` | {default} | {_values(field)} | {field.description} |")
    return "\n".join(rows)


def _values(field: Any) -> str:
    if field.annotation is bool:
        return "`True`, `False`"
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
    if hasattr(command, "commands"):
        for inner, part in command.commands.items():
            yield from _command(name if inner == getattr(command, "default", None) else f"{name} {inner}", part)
        return
    yield " ".join(["assistant", name, *map(_parameter, command.params)])
    yield f"    {command.help.splitlines()[0]}"


def _parameter(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
        return f"[{name}…]" if parameter.nargs == -1 else f"[{name}]"
    flag = parameter.opts[0]
    return f"[{flag}]" if parameter.is_flag else f"[{flag} {flag.strip('-').upper()}]"


def with_parts(readme: str) -> str:
    """README with its list of commands and its table of settings as they should be.

    Raises:
        ValueError: a part has no place in it.
    """
    for name, part in (("settings", settings_table()), ("commands", commands())):
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        readme, places = place.subn(partial(_between, f"{part}\n"), readme)
        if places != 1:
            raise ValueError(f"README.md has {places} places for its part {name!r}; it needs one")
    return readme


def with_outputs(readme: str, folder: Path) -> str:
    """README with what the commands of its console blocks print when run in `folder`, one after the other."""
    return CONSOLE.sub(lambda block: block[1] + "".join(_session(block[2], folder)) + block[3], readme)


def _session(block: str, folder: Path) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ "):
            yield f"{line}\n{run([sys.executable, '-m', *shlex.split(line[2:])], folder)}"


def run(command: list[str], folder: Path) -> str:
    """What a command prints, run in `folder` with no setting of this machine."""
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith(ENV_PREFIX)}
    return subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def schema() -> str:
    """The JSON Schema of question sets, as its file holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def with_samples(folder: Path) -> Path:
    """A folder with all that README's commands are run on."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / QUESTIONS).parent.mkdir(parents=True)
    shutil.copy(ROOT / QUESTIONS, folder / QUESTIONS)
    return folder


def _between(part: str, place: re.Match[str]) -> str:
    return place[1] + part + place[2]


def main() -> None:
    """Write README's parts and the schema, or with `--check` exit 1 when they are out of date."""
    written = README.read_text(encoding="utf-8")
    wanted = with_parts(written)
    if "--outputs" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            wanted = with_outputs(wanted, with_samples(Path(folder)))
    for file, text in ((README, wanted), (SCHEMA, schema())):
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv:
            sys.exit(f"{file.name} is out of date; run: make format")
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
