"""Errors as each side of the API says them: RFC 9457, and OpenAI's form below /v1. And how they are documented."""

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant.errors import UserError
from assistant.serve.guard import RESPONSE_HEADERS, is_openai, openai_error, problem
from assistant.serve.quota import TooMany

RETRY_AFTER = 5  # seconds, where the server cannot answer now

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One line: what is wrong, and what to do."},
    },
}
_OPENAI: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
_MEANINGS = {
    400: ("It cannot be asked so", "the question is empty; ask something"),
    403: ("A page of another origin asks", "a page of another origin may not ask; open the assistant itself"),
    404: ("There is no such thing", "there is no document of this id"),
    408: ("The request came too slowly", "the request did not arrive within 30 seconds"),
    413: ("The request is too large", "the request is larger than 2,097,152 bytes"),
    422: ("The request is of another form", "body.question: Field required"),
    429: ("The client asks too much", "more than 600 questions a minute; try again in 3 s"),
    500: ("The server failed", "the server failed; its log says where"),
    503: ("It cannot be answered now", "the models are being loaded; try again in a moment"),
}
_SECONDS = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}


def documented(*statuses: int, openai: bool = False) -> dict[int | str, dict[str, Any]]:
    """The errors of a route for its OpenAPI description, each with an example."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        meaning, detail = _MEANINGS[status]
        response = openai_error(status, detail) if openai else problem(status, detail)
        content = {"schema": _OPENAI if openai else _PROBLEM, "example": _json(response)}
        described[status] = {"description": meaning, "content": {response.media_type: content}}
        if status in (429, 503):
            described[status]["headers"] = _SECONDS
    return described


def _json(response: Response) -> Any:
    return json.loads(bytes(response.body))


def failure(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error in the form that this address is known for."""
    form = openai_error if is_openai(request.url.path) else problem
    return form(status, detail, headers)


def status_of(error: Exception) -> tuple[int, str]:
    """The status and the line of what went wrong."""
    if isinstance(error, UserError):
        return error.status, str(error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, _MEANINGS[500][1]


def add_handlers(app: FastAPI) -> None:
    """Give the errors of all routes their form."""

    @app.exception_handler(UserError)
    async def user_error(request: Request, error: UserError) -> Response:
        wait = error.retry_after if isinstance(error, TooMany) else RETRY_AFTER if error.status == 503 else None
        return failure(request, error.status, str(error), {"Retry-After": str(math.ceil(wait))} if wait else None)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return failure(request, 422, f"{where}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return failure(request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(Exception)
    async def defect(request: Request, error: Exception) -> Response:
        return failure(request, 500, _MEANINGS[500][1], RESPONSE_HEADERS)  # this one passes no Guard
