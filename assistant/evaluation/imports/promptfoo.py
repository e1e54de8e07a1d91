"""Test cases of promptfoo: `tests` of a configuration in YAML or JSON, a list of them, or a table."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import InputError
from assistant.evaluation.imports.made import Made
from assistant.evaluation.imports.reading import rows
from assistant.evaluation.records import plain, text_of, yaml_node

QUESTIONS = ("question", "query", "prompt", "input", "message", "user_input", "q")
# Assertions that no model judges, and the field of a case that says the same. What differs: the case of letters never
# counts here, and what is contained are whole words and figures.
SAID = {
    "equals": "answers",
    "contains": "must_include",
    "icontains": "must_include",
    "contains-any": "answers",
    "icontains-any": "answers",
    "contains-all": "must_include",
    "icontains-all": "must_include",
    "not-contains": "must_not_include",
    "not-icontains": "must_not_include",
    "not-contains-any": "must_not_include",
    "not-icontains-any": "must_not_include",
}
_TYPED = re.compile(r"\s*([a-z-]+)(?:\([\d.]+\))?\s*:\s*(.*)", re.DOTALL)  # contains: text; similar(0.8): text


def promptfoo(files: Sequence[Path], into: Made) -> None:
    """A test is a case: a variable of it is the question, its assertions without a judge are what is expected.

    Raises:
        InputError: a file is of another form.
    """
    for path in files:
        table = path.suffix.lower() in (".csv", ".tsv")
        for where, test, default in _of_table(path) if table else _of_config(path):
            _test(where, test, default, into)


def _of_config(path: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The tests of a configuration, each with its place and with what holds for all."""
    node = yaml_node(text_of(path), path)
    default: Any = {}
    if isinstance(node, yaml.MappingNode):
        parts = {name.value: value for name, value in node.value}
        default = plain(parts["defaultTest"], path) if "defaultTest" in parts else {}
        node = parts.get("tests")
    if not isinstance(node, yaml.SequenceNode):
        raise InputError(f"{path}: expected a list of tests, or tests: with a list of them")
    for item in node.value:
        where = f"{path}, line {item.start_mark.line + 1}"
        test = plain(item, path)
        if not isinstance(test, dict):
            raise InputError(f"{where}: expected a test with its vars; import a file of tests itself")
        yield where, test, default if isinstance(default, dict) else {}


def _of_table(path: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for where, row in rows(path):
        asserted = []
        for name, cell in row.items():
            if name.startswith("__expected"):
                typed = _TYPED.fullmatch(cell)
                value = {"type": typed[1], "value": typed[2]} if typed else {"type": "equals", "value": cell}
                asserted.append(value)
        variables = {name: cell for name, cell in row.items() if not name.startswith("__")}
        yield where, {"vars": variables, "assert": asserted, "description": row.get("__description")}, {}


def _test(where: str, test: dict[str, Any], default: dict[str, Any], into: Made) -> None:
    variables = {**_mapping(default.get("vars"), where), **_mapping(test.get("vars"), where)}
    name = next((name for name in QUESTIONS if name in variables), None)
    if name is None and len(variables) == 1:
        name = next(iter(variables))
    if name is None:
        into.leave("tests", "no variable is a question; name it question", where)
        return
    for _ in range(len(variables) - 1):
        into.leave("variables", "only the question is asked", where)
    expected: dict[str, Any] = {}
    for asserted in [*_list(default.get("assert"), where), *_list(test.get("assert"), where)]:
        _expect(asserted, expected, where, into)
    asked = variables[name]
    tags = [test["description"]] if isinstance(test.get("description"), str) else []
    for question in asked if isinstance(asked, list) else [asked]:
        if not isinstance(question, str) or made_later(question):
            into.leave("tests", "their question is made by a template or in another file", where)
        else:
            into.case(where, None, question, tags=tags, **expected)


def _expect(asserted: Any, expected: dict[str, Any], where: str, into: Made) -> None:
    """Add what an assertion expects to the fields of a case, or count it as left out."""
    kind = str(asserted.get("type")) if isinstance(asserted, dict) else "none"
    value = asserted.get("value") if isinstance(asserted, dict) else None
    if kind == "is-refusal":
        expected["answerable"] = False
        return
    field = SAID.get(kind)
    if field is None:
        into.leave("assertions", f"{kind} has no counterpart without a judge", where)
        return
    several = kind.endswith(("-any", "-all"))
    texts = value.split(",") if isinstance(value, str) and several else value if isinstance(value, list) else [value]
    texts = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
    if not texts or any(map(made_later, texts)):
        into.leave("assertions", "their value is no text, or made by a template or in another file", where)
    elif field == "answers" and field in expected:
        into.leave("assertions", "a case has one list of accepted answers", where)
    else:
        expected[field] = [*expected.get(field, []), *texts]


def made_later(text: str) -> bool:
    """Whether a text is none yet: a template, or the name of a file that has it."""
    return "{{" in text or "{%" in text or text.startswith("file://")


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{where}: vars have to be names with values")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{where}: assert has to be a list")
    return value
