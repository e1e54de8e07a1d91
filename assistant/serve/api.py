"""The JSON API: one question, one answer; and whether the server lives and is ready."""

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant.answer.filters import parse_filter
from assistant.errors import UserError
from assistant.render import answer_json
from assistant.serve.gate import Unavailable
from assistant.serve.guard import RESPONSE_HEADERS, problem
from assistant.serve.live import LiveChain
from assistant.types import Question, Turn

RETRY_AFTER = {"Retry-After": "5"}  # seconds


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

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Text
    history: list[TurnBody] = Field(default_factory=list)
    filter: FilterBody | None = None


def add_routes(app: FastAPI, live: LiveChain) -> None:
    """Add the routes of the API and the form of its errors."""

    @app.get("/healthz", summary="Whether the server runs")
    async def healthz() -> dict[str, str]:
        return {"status": "running"}

    @app.get("/readyz", summary="Whether a question would be answered now")
    def readyz() -> dict[str, str]:
        if reason := live.problem():
            raise Unavailable(reason)
        notice = live.notice()
        return {"status": "ready", **({"notice": notice} if notice else {})}

    @app.post("/api/v1/ask", summary="Answer a question, every sentence with its citations")
    def ask(body: QuestionBody) -> dict[str, Any]:
        history = tuple(Turn(turn.role, turn.content) for turn in body.history)
        wanted = parse_filter(body.filter.model_dump(), "the body") if body.filter else None
        return answer_json(live.ask(Question(body.question, history, wanted)))

    @app.exception_handler(UserError)
    async def user_error(request: Request, error: UserError) -> Response:
        return problem(error.status, str(error), RETRY_AFTER if error.status == 503 else None)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem(422, f"{where}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(Exception)
    async def defect(request: Request, error: Exception) -> Response:
        return problem(500, "the server failed; its log says where", RESPONSE_HEADERS)  # this one passes no Guard
