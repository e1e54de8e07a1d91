"""Questions over HTTP: the whole answer as JSON, or as server-sent events while it comes about."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request, Response
from fastapi.sse import format_sse_event
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.events import CitationEvent, DoneEvent, Event, QueryEvent, SentenceEvent, TokenEvent, WithdrawnEvent
from assistant.render import answer_json, to_json
from assistant.serve.answering import Answering, Coming, Gone
from assistant.serve.bodies import QuestionBody, question_of
from assistant.serve.guard import problem_body
from assistant.serve.problems import documented, status_of
from assistant.serve.quota import client_of
from assistant.types import Answer

PADDING = " " * 2048  # fills the buffers of what stands between, so that what comes after is not held back
NOBODY = 499  # the status that nobody reads, as the client has gone
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
ERRORS = (400, 403, 408, 413, 422, 429, 500, 503)
BROKEN_OFF = "the connection was lost before the answer was complete; it begins anew"
EXAMPLE = """: 2,048 spaces, and again after 10 seconds of silence

event: query
data: {"query": "How long is the Georgian section?"}
id: Zk3v9S4yQmO0pB1rX7uW2g:1

event: citation
data: {"n": 1, "document": "railway.md", "start": 14, "end": 64, "quote": "…"}
id: Zk3v9S4yQmO0pB1rX7uW2g:2

event: sentence
data: {"text": "The Georgian section of the railway is 184 km long. [1]", "start": 0, "end": 55, "citations": [1],\
 "support": "verified", "problems": []}
id: Zk3v9S4yQmO0pB1rX7uW2g:3

event: done
data: {"id": "…", "status": "answered", "text": "…"}
id: Zk3v9S4yQmO0pB1rX7uW2g:4
"""
EVENT = {  # one of the stream, as OpenAPI 3.2 describes server-sent events
    "type": "object",
    "required": ["data"],
    "properties": {name: {"type": "string"} for name in ("event", "data", "id")},
}
ABOUT_STREAM = """Server-sent events: `query`, then `token` (words of a chat model, before their verdict), `citation`
(before the sentence that uses it first) and `sentence` (with its verdict, in the place of the tokens before it), at
the end `done` with the whole answer, or `error` with a problem. `withdrawn` takes back all that came before it.
Closing the connection stops the work. The same request with `Last-Event-ID` goes on after that event, up to a minute
after the end; where that is impossible, it begins anew with `withdrawn`."""
LAST_EVENT = "The id of the last event that came, to take up a stream whose connection broke."


class EventStream(StreamingResponse):
    """Server-sent events of an answer; when they end, for whatever reason, it is read no more."""

    media_type = "text/event-stream"

    def __init__(self, body: AsyncGenerator[bytes, None], coming: Coming) -> None:
        super().__init__(body, headers=STREAM_HEADERS)
        self._body, self._coming = body, coming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events, until the client closes the connection at the latest."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._body.aclose()
            self._coming.drop_unread()


def add_chat(app: FastAPI, answering: Answering) -> None:
    """Add the two routes that take questions."""

    @app.post(
        "/api/v1/ask",
        summary="Answer a question, every sentence with its citations",
        description="Closing the connection stops the work.",
        responses={200: {"model": Answer}, **documented(*ERRORS)},
    )
    async def ask(body: QuestionBody, request: Request) -> Response:
        try:
            answer = await answering.answer(question_of(body), request, client_of(request))
        except Gone:
            return Response(status_code=NOBODY)
        return JSONResponse(answer_json(answer))

    @app.post(
        "/api/v1/chat",
        summary="Answer a question while the answer comes about",
        description=ABOUT_STREAM,
        response_class=Response,
        responses={
            200: {
                "description": "The events",
                "content": {"text/event-stream": {"schema": EVENT, "example": EXAMPLE}},
            },
            **documented(*ERRORS),
        },
    )
    async def chat(
        body: QuestionBody,
        request: Request,
        last_event_id: Annotated[str | None, Header(max_length=100, description=LAST_EVENT)] = None,
    ) -> Response:
        question = question_of(body)
        identity, _, number = (last_event_id or "").rpartition(":")
        coming = answering.taken_up(identity, question) if number.isascii() and number.isdigit() else None
        if coming is not None:
            return EventStream(_events(coming, int(number), False), coming)
        coming = await answering.begin(question, client_of(request))
        return EventStream(_events(coming, 0, bool(last_event_id)), coming)


async def _events(coming: Coming, after: int, anew: bool) -> AsyncGenerator[bytes, None]:
    """The stream, from its first comment to its last event."""
    yield format_sse_event(comment=PADDING)
    if anew:
        yield format_sse_event(event="withdrawn", data_str=to_json({"reason": BROKEN_OFF}), id=f"{coming.id}:0")
    async with aclosing(coming.followed(after)) as followed:
        async for each in followed:
            if each is None:
                yield format_sse_event(comment=PADDING)
                continue
            name, data = event_json(each[1])
            yield format_sse_event(event=name, data_str=to_json(data), id=f"{coming.id}:{each[0]}")


def event_json(told: Event | Exception) -> tuple[str, dict[str, Any]]:
    """The name and the JSON of what is told of an answer."""
    match told:
        case QueryEvent(query):
            return "query", {"query": query}
        case TokenEvent(text):
            return "token", {"text": text}
        case CitationEvent(citation):
            return "citation", asdict(citation)
        case SentenceEvent(text, sentence):
            return "sentence", {"text": text, **asdict(sentence)}
        case WithdrawnEvent(reason):
            return "withdrawn", {"reason": reason}
        case DoneEvent(answer):
            return "done", answer_json(answer)
        case Exception():
            return "error", problem_body(*status_of(told))
