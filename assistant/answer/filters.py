"""What a question may be restricted to: filters from JSON, and those that cannot be used."""

import re
from datetime import date
from typing import get_args

from assistant.errors import InputError
from assistant.filter import NAMED, Filter
from assistant.ingest.language import NAMES
from assistant.ingest.parse import Kind

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def parse_filter(values: object, where: str) -> Filter | None:
    """A filter from its JSON, an object of texts; None where it restricts nothing.

    Raises:
        InputError: it is of another form, or has a value that cannot be used; `where` names the place.
    """
    if values is None:
        return None
    given = {k: v for k, v in values.items() if v is not None} if isinstance(values, dict) else {"": None}
    if not all(name in NAMED and isinstance(value, str) for name, value in given.items()):
        raise InputError(f"{where}: filter must be an object of texts with some of: {', '.join(NAMED)}")
    try:
        return check_filter(Filter(**given)) if given else None
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def check_filter(wanted: Filter | None) -> Filter | None:
    """The filter, its folder written as the beginning of a path: "legal/contracts" for "./legal/contracts/".

    Raises:
        InputError: a value is malformed or unknown.
    """
    if wanted is None:
        return None
    folder = wanted.folder
    if folder is not None:
        folder = "/".join(part for part in folder.split("/") if part not in ("", "."))
        if not folder or not _is_whole(folder):
            raise InputError(f"no folder in {wanted.folder!r}; give a collection or a folder, as in legal/contracts")
    if wanted.type is not None and wanted.type not in get_args(Kind):
        raise InputError(f"unknown type {wanted.type!r}; the types are: {', '.join(get_args(Kind))}")
    if wanted.language is not None and wanted.language not in NAMES:
        raise InputError(f"unknown language {wanted.language!r}; give an ISO 639-1 code, as in en")
    for day in (wanted.since, wanted.until):
        if day is not None and not _is_date(day):
            raise InputError(f"not a date: {day!r}; give a year, month or day, as in 2024, 2024-07 or 2024-07-03")
    if wanted.since and wanted.until and wanted.since[: len(wanted.until)] > wanted.until[: len(wanted.since)]:
        raise InputError(f"from {wanted.since} until {wanted.until} is no time; exchange the dates")
    return Filter(folder, wanted.type, wanted.language, wanted.since, wanted.until)


def _is_whole(text: str) -> bool:
    """Whether a text can be written: JSON and command lines can hold half a character."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
