"""Question sets: what is asked, and what is expected of the answers.

Gold evidence is a file and a quote, so that it outlives every other way of cutting documents into passages.
`eval/questions.schema.json` is the JSON Schema of a case and of a list of them, made from the models here.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from assistant.answer.question import checked
from assistant.errors import InputError
from assistant.evaluation.records import read_records
from assistant.types import Question, Turn

MOST_CASES = 100_000
LONGEST_ID = 100
MOST_TOLD = 5  # mistakes of one case
EXPECTED = {"answers", "must_include", "must_not_include", "numeric", "sources", "answerable"}  # fields of a case

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class SaidBefore(_Part):
    """A turn of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


class Numeric(_Part):
    """A figure that the answer has to hold."""

    value: float
    unit: Text | None = Field(default=None, description="As in %, $, km, tons.")
    rel_tol: float = Field(default=0.0, ge=0, le=1, description="How far off it may be, as a share of the value.")


class Source(_Part):
    """Words of a document that hold the answer."""

    file: Text = Field(description="The path below the indexed folder, with forward slashes.")
    page: int | None = Field(default=None, ge=1, description="Counted from 1.")
    quote: Text | None = Field(default=None, description="As the document has it, apart from white space.")


class Case(_Part):
    """A question, and what is expected of its answer."""

    id: Text = Field(
        max_length=LONGEST_ID, description="Its name, once in a file; the number of the case where there is none."
    )
    question: Text
    history: tuple[SaidBefore, ...] = Field(default=(), description="The turns before it, oldest first.")
    answers: tuple[Text, ...] = Field(default=(), description="Accepted answers; one of them is enough.")
    must_include: tuple[Text, ...] = Field(default=(), description="Texts that the answer has to hold, all of them.")
    must_not_include: tuple[Text, ...] = Field(default=(), description="Texts that it must not hold.")
    numeric: Numeric | None = None
    sources: tuple[Source, ...] = Field(default=(), description="Where the documents give the answer.")
    answerable: bool = Field(
        default=True, description="Whether the documents answer it; if not, it has to be refused."
    )
    tags: tuple[Text, ...] = Field(default=(), description="Kinds, to tell figures apart by.")
    lang: str | None = Field(
        default=None, pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$", description="Language, as in en or pt-BR."
    )
    cluster: Text | None = Field(
        default=None, description="Questions of one cluster are not independent of each other."
    )
    skip: bool = Field(default=False, description="Leave it out for now.")

    @model_validator(mode="after")
    def _has_answers_only_if_answerable(self) -> Self:
        given = [n for n in ("answers", "must_include", "numeric") if getattr(self, n)]
        if given and not self.answerable:
            raise ValueError(f"answerable is false, but {given[0]} is given")
        return self

    def asked(self) -> Question:
        """The question as the chain takes it."""
        return Question(self.question, tuple(Turn(turn.role, turn.content) for turn in self.history))


def asked_hash(asked: Question) -> str:
    """A hash of a question and the turns before it, by which it is known in other runs; 32 hexadecimal digits."""
    turns = [[turn.role, turn.content] for turn in asked.history]
    return _hash([asked.text, *turns])


def expects_hash(case: Case) -> str:
    """A hash of what a case expects of the answer."""
    return _hash(case.model_dump(mode="json", include=EXPECTED))


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def read_set(path: Path) -> list[Case]:
    """The cases of a file, those to be skipped included.

    Raises:
        InputError: the file cannot be read, or a case is not of the form; its line and id are named.
    """
    examined = examine_set(path)
    mistakes = [mistake for record in examined for mistake in record.mistakes]
    if mistakes:
        raise InputError(mistakes[0])
    return [record.case for record in examined if record.case]


@dataclass(frozen=True, slots=True)
class Examined:
    """A record of a file: the line that it begins on, its case if it is of the form, and what is wrong with it."""

    line: int
    record: dict[str, Any]  # as it is written, without what is left empty
    case: Case | None
    mistakes: tuple[str, ...]


def examine_set(path: Path) -> list[Examined]:
    """Every record of a file, and what is wrong with each, a line each.

    Raises:
        InputError: the file cannot be read, or there is no question in it.
    """
    examined: list[Examined] = []
    lines: dict[str, int] = {}
    for number, (line, record) in enumerate(read_records(path), start=1):
        if number > MOST_CASES:
            raise InputError(f"{path}: a set has at most {MOST_CASES:,} questions; split it")
        given = {name: value for name, value in record.items() if value is not None}
        case, mistakes, where = None, [], f"{path}, line {line}"
        try:
            case = parse_case({"id": str(number), **given}, where)
        except InputError as error:
            mistakes.append(str(error))
        identity = case.id if case else str(given.get("id", number))
        if lines.setdefault(identity, line) != line:
            mistakes.append(f"{where}: id {identity!r} is that of line {lines[identity]}, too")
        examined.append(Examined(line, given, case, tuple(mistakes)))
    if not examined:
        raise InputError(f"{path}: there is no question in it")
    return examined


def parse_case(record: dict[str, Any], where: str) -> Case:
    """A case from its fields, `id` among them.

    Raises:
        InputError: a field is unknown, missing or of another form; `where` and the id are named.
    """
    identity = record["id"]
    if type(identity) is int:  # a number names a case as well as a word does
        identity = str(identity)
    where += f", case {identity[:LONGEST_ID]!r}" if isinstance(identity, str) else ""
    try:
        case = Case.model_validate({**record, "id": identity})
        checked(case.asked())
    except ValidationError as error:
        told = [_told(found) for found in error.errors()[:MOST_TOLD]]
        raise InputError(f"{where}: {'; '.join(told)}") from error
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    return case


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a set as a list, and of one case, as a line of JSON Lines is."""
    schema = Case.model_json_schema(ref_template="#/$defs/{model}")
    parts = schema.pop("$defs")
    schema["required"] = ["question"]  # the id is the number of the case where it is left out
    one = {"$ref": "#/$defs/Case"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Question set",
        "description": "A list of cases (YAML), or one case (a line of JSON Lines).",
        "anyOf": [{"type": "array", "items": one}, one],
        "$defs": {"Case": schema, **parts},
    }


def _told(error: ErrorDetails) -> str:
    """What pydantic found, in a few words."""
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
    if error["type"] == "extra_forbidden":
        near = get_close_matches(str(error["loc"][-1]), _fields(error["loc"][:-1]), n=1)
        return f"unknown field {place!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if error["type"] == "missing":
        return f"{place!r} is missing"
    if error["type"] == "tuple_type":
        return f"{place}: it has to be a list"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"]) if "ctx" in error else error["msg"]
    return f"{place}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _fields(place: Sequence[str | int]) -> list[str]:
    """The names of the fields that there are at a place."""
    parts: dict[str, type[BaseModel]] = {"history": SaidBefore, "numeric": Numeric, "sources": Source}
    return list((parts[str(place[0])] if place else Case).model_fields)
