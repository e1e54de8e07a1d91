"""What the API is asked: the JSON of requests, and the questions they become."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.answer.filters import parse_filter
from assistant.answer.question import MAX_CHARACTERS, MAX_TURNS
from assistant.filter import Filter
from assistant.types import Question, Turn


def _whole(text: str) -> str:
    text.encode()  # JSON can hold half a character, which no model can read: that is a ValueError
    return text


Text = Annotated[str, AfterValidator(_whole)]


class TurnBody(BaseModel):
    """One message of the conversation before the question."""

    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["user", "assistant"]
    content: Text


class FilterBody(BaseModel):
    """Which documents may answer: those for which all holds that is given."""

    model_config = ConfigDict(extra="forbid", strict=True)

    folder: Text | None = Field(None, description="A collection, or the beginning of a path: legal/contracts.")
    type: Text | None = Field(None, description="The format, as in pdf.")
    language: Text | None = Field(None, description="ISO 639-1, as in en.")
    since: Text | None = Field(None, description="A year, month or day: 2024, 2024-07 or 2024-07-03.")
    until: Text | None = Field(None, description="Likewise; both ends count.")


class QuestionBody(BaseModel):
    """A question, after what was said before it, and which documents may answer."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"question": "What did trade amount to in 2023?"}]},
    )

    question: Text = Field(description=f"At most {MAX_CHARACTERS:,} characters.")
    history: list[TurnBody] = Field(default_factory=list, description=f"At most {MAX_TURNS} messages.")
    filter: FilterBody | None = None


class ListingQuery(FilterBody):
    """Which documents are listed, and which page of the list."""

    model_config = ConfigDict(extra="forbid", strict=False)

    after: Text | None = Field(None, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=200, description="Documents on a page.")


class SearchQuery(FilterBody):
    """What is looked for, and which documents may be found."""

    model_config = ConfigDict(extra="forbid", strict=False)

    q: Text = Field(description="What to look for.", examples=["visa-free stay"])
    limit: int = Field(10, ge=1, le=100, description="How many passages.")


class ReadingQuery(BaseModel):
    """Which part of a document's text is read."""

    model_config = ConfigDict(extra="forbid")

    offset: int = Field(0, ge=0, le=2**31, description="Where it begins, in code points of the stored text.")
    limit: int = Field(4_000, ge=0, le=100_000, description="How many code points.")


def question_of(body: QuestionBody) -> Question:
    """The question that a body is.

    Raises:
        InputError: its filter cannot be used.
    """
    history = tuple(Turn(turn.role, turn.content) for turn in body.history)
    return Question(body.question, history, filter_of(body.filter, "the body"))


def filter_of(body: FilterBody | None, where: str) -> Filter | None:
    """The filter of a body or a query; errors as for `question_of`."""
    names = FilterBody.model_fields
    return parse_filter({name: getattr(body, name) for name in names}, where) if body else None
