"""YAML, JSON Lines and CSV files as records of plain values, each with the line that it begins on.

Values that YAML and CSV write without quotes stay the text that they are written as: `1.50` is no number that loses
its zero, and `no` is no truth value. Only an empty value, `~` and `null` of YAML are none.
"""

import csv
import json
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import yaml

from assistant.errors import InputError

MOST_BYTES = 32 * 2**20
DEEPEST = 20  # levels of lists and mappings; a set has four
LISTS = ("answers", "must_include", "must_not_include", "tags")  # cells that hold texts with | between them
DELIMITERS = ",;\t"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Record = tuple[int, dict[str, Any]]
T = TypeVar("T")


def read_records(path: Path) -> Iterator[Record]:
    """The records of a file by its ending, each with its first line, from 1.

    Raises:
        InputError: the file cannot be read, or its form is another; the line is named.
    """
    readers: dict[str, Callable[[str, Path], Iterator[Record]]] = {
        ".yaml": _yaml,
        ".yml": _yaml,
        ".jsonl": _json_lines,
        ".csv": _csv,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: a question set is a file that ends in {', '.join(readers)}")
    return reader(text_of(path), path)


def text_of(path: Path) -> str:
    """The text of a file of UTF-8.

    Raises:
        InputError: it cannot be read, or is longer than `MOST_BYTES`.
    """
    try:
        return bytes_of(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"cannot read {path}: it is not UTF-8") from error


def bytes_of(path: Path, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read, or has more than `most` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    if len(data) > most:
        raise InputError(f"{path} is longer than {most // 2**20:,} MB; split it")
    return data


def _json_lines(text: str, path: Path) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line, object_pairs_hook=partial(unique, where=where))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{where}: not JSON: {error}") from error
        yield number, _mapping(record, where)


def _yaml(text: str, path: Path) -> Iterator[Record]:
    node = yaml_node(text, path)
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        raise InputError(f"{path}: expected a list of questions, each beginning with a dash")
    for item in node.value:
        line = item.start_mark.line + 1
        yield line, _mapping(plain(item, path), f"{path}, line {line}")


def yaml_node(text: str, path: Path) -> yaml.Node | None:
    """The graph of a YAML text, None where it is empty: no object is built, and every node knows its line.

    Raises:
        InputError: it is no YAML, has aliases, or goes too deep; the line is named.
    """
    try:
        _check_events(text, path)
        node: yaml.Node | None = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(f"{path}{line}: not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path}: not YAML: {' '.join(str(error).split())[:200]}") from error
    return node


def _check_events(text: str, path: Path) -> None:
    """Refuse what a composer, which calls itself, cannot bear: depth, and aliases of aliases."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        where = f"{path}, line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent):
            raise InputError(f"{where}: what has an anchor (&name) cannot be repeated (*name); write it out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InputError(f"{where}: lists and mappings within each other go too deep")


def plain(node: yaml.Node, path: Path) -> Any:
    """The value of a YAML node, in lists, mappings and texts."""
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, path) for item in node.value]
    pairs = [(str(plain(name, path)), plain(value, path)) for name, value in node.value]
    return unique(pairs, f"{path}, line {node.start_mark.line + 1}")


def _csv(text: str, path: Path) -> Iterator[Record]:
    for begins, filled in table_rows(text, str(path)):
        where = f"{path}, line {begins}"
        yield begins, _nested(unique([(name, _cell(name, cell, where)) for name, cell in filled], where))


def table_rows(text: str, name: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """The rows of a table in CSV: the line on which each begins, and the cells that are not empty, by their columns.

    Raises:
        InputError: it is no CSV, or a row has more cells than there are columns; the line is named.
    """
    # The first of them where none occurs: a table of one column.
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    begins = 1
    try:
        for row in reader:
            if not header:
                header = [title.strip() for title in row]
            elif len(row) > len(header):
                raise InputError(
                    f"{name}, line {begins}: {len(row)} cells under {len(header)} columns; "
                    f"quote those that hold {delimiter!r}"
                )
            elif any(cell.strip() for cell in row):
                yield begins, [(title, cell) for title, cell in zip(header, row, strict=False) if cell.strip()]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}, line {begins}: not CSV: {error}") from error


def _cell(name: str, cell: str, where: str) -> Any:
    """A cell of text, a list whose items have | between them, or JSON where it begins as a list or an object."""
    if name.split(".")[0] in (*LISTS, "history", "numeric", "sources") and cell.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{where}: {name} begins like JSON and is none: {error}") from error
    return [item.strip() for item in cell.split("|") if item.strip()] if name in LISTS else cell


def _nested(cells: dict[str, Any]) -> dict[str, Any]:
    """Cells of columns such as `numeric.value` and `sources.file` as one value, or one source."""
    record: dict[str, Any] = {}
    for name, value in cells.items():
        outer, dot, inner = name.partition(".")
        if not dot or outer not in ("numeric", "sources") or outer in cells:
            record[name] = value
        elif outer == "numeric":
            record.setdefault(outer, {})[inner] = value
        else:
            record.setdefault(outer, [{}])[0][inner] = value
    return record


def unique(pairs: list[tuple[str, T]], where: str) -> dict[str, T]:
    """Pairs as a mapping; an `InputError` says that a name is given twice."""
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise InputError(f"{where}: {next(n for n in names if names.count(n) > 1)!r} is given twice")
    return record


def _mapping(record: object, where: str) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise InputError(f"{where}: expected a question with its fields, such as question: and answerable:")
    return record
