"""Files of other forms, read with bounds; every mistake is one line that names the file and the line or the place."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assistant.errors import InputError
from assistant.evaluation.records import bytes_of, table_rows, unique

MOST_BYTES = 256 * 2**20  # of a file that is read whole, and of a member of an archive
LONGEST_LINE = 16 * 2**20


class Form(BaseModel):
    """What is read of an object of JSON; its other fields are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


M = TypeVar("M")


def whole(path: Path, form: type[M]) -> M:
    """A JSON file as a `Form`, or a list of them.

    Raises:
        InputError: it cannot be read, is longer than `MOST_BYTES`, or of another form.
    """
    data = bytes_of(path, MOST_BYTES)
    try:
        return TypeAdapter(form).validate_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        raise InputError(f"{path}: {told(error)}") from error


def lines(path: Path, form: type[M]) -> Iterator[tuple[str, M]]:
    """The lines of a JSON Lines file, each with what names it in an error; blank ones are passed over.

    Raises:
        InputError: the file cannot be read, or a line is longer than `LONGEST_LINE` or of another form.
    """
    adapter = TypeAdapter(form)
    for where, line in text_lines(path):
        if line.strip():
            try:
                yield where, adapter.validate_json(line)
            except ValidationError as error:
                raise InputError(f"{where}: {told(error)}") from error


def text_lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """The lines of a file as they are, each with what names it in an error.

    Raises:
        InputError: the file cannot be read, or a line is longer than `LONGEST_LINE`.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                where = f"{path}, line {number}"
                if len(line) > LONGEST_LINE:
                    raise InputError(f"{where}: longer than {LONGEST_LINE // 2**20} MB")
                yield where, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def objects(path: Path, form: type[M]) -> Iterator[tuple[str, M]]:
    """The objects of a `.jsonl`, a `.json` (a list) or a `.csv`, each with what names it in an error.

    Raises:
        InputError: as of `whole`, `lines` and `rows`, or the name ends otherwise.
    """
    ending = path.suffix.lower()
    if ending == ".jsonl":
        yield from lines(path, form)
    elif ending == ".json":
        every = whole(path, list[form])  # type: ignore[valid-type]
        yield from ((f"{path}, item {number}", item) for number, item in enumerate(every, start=1))
    elif ending in (".csv", ".tsv"):
        for where, row in rows(path):
            yield where, valid(form, row, where)
    else:
        raise InputError(f"{path}: expected a file that ends in .jsonl, .json, .csv or .tsv")


def rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a CSV or TSV by its header, without empty cells, each with what names it in an error.

    Raises:
        InputError: it cannot be read, or is no table.
    """
    return rows_of(bytes_of(path, MOST_BYTES), str(path))


def rows_of(data: bytes, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """As `rows`, of a table that was read."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"cannot read {name}: it is not UTF-8") from error
    for line, filled in table_rows(text, name):
        where = f"{name}, line {line}"
        yield where, unique(filled, where)


def members(path: Path) -> dict[str, bytes]:
    """The CSV files of a zip archive by their last name.

    Raises:
        InputError: it cannot be read, or a file in it is too long.
    """
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.filename.lower().endswith(".csv"):
                    continue
                with archive.open(info) as file:
                    found[Path(info.filename).name] = file.read(MOST_BYTES + 1)
                if sum(map(len, found.values())) > MOST_BYTES:
                    raise InputError(f"{path}: its tables are longer than {MOST_BYTES // 2**20} MB")
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise InputError(f"cannot read {path}: {' '.join(str(error).split()) or 'it is no zip archive'}") from error
    return found


def valid(form: type[M], value: Any, where: str) -> M:
    """A value as a `Form`.

    Raises:
        InputError: it is of another form.
    """
    try:
        return TypeAdapter(form).validate_python(value)
    except ValidationError as error:
        raise InputError(f"{where}: {told(error)}") from error


def told(error: ValidationError) -> str:
    """The first of what is wrong, in one line, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    message = re.sub(r"\s+", " ", first["msg"])[:200]
    return f"{place}: {message[:1].lower()}{message[1:]}" if place else f"{message[:1].lower()}{message[1:]}"


def one_of(files: Sequence[Path], what: str, fits: str) -> Path:
    """The one file whose name fits a pattern.

    Raises:
        InputError: none does, or several do.
    """
    found = [path for path in files if fnmatch(path.name.lower(), fits)]
    if len(found) != 1:
        raise InputError(f"expected one file of {what} ({fits}), and there {_are(len(found))}")
    return found[0]


def _are(count: int) -> str:
    return "is none" if count == 0 else f"are {count}"
