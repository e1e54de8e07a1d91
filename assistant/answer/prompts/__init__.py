"""What chat models are told, as Markdown; `$name` stands for what is put in."""

from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

Name = Literal["answer_system", "answer_user", "rewrite_system", "rewrite_user"]


@cache
def prompt(name: Name) -> Template:
    """The prompt of that name."""
    return Template(files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip())
