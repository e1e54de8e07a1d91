"""The same answers for clients of OpenAI's chat completions: the last message is the question."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.errors import InputError, UserError
from assistant.render import to_json
from assistant.serve.answering import Answering, Coming, Gone
from assistant.serve.api_chat import EVENT, NOBODY, PADDING, EventStream
from assistant.serve.bodies import FilterBody, Text, filter_of
from assistant.serve.completion import COUNTED, MODEL, Chunks, completion, content_of
from assistant.serve.live import LiveChain
from assistant.serve.problems import documented
from assistant.serve.quota import client_of
from assistant.types import Question, Turn

OWNER = "this machine"
ERRORS = (400, 403, 404, 408, 413, 422, 429, 500, 503)
# What each of these may be without changing what an answer is; another value is refused.
HARMLESS: dict[str, tuple[Any, ...]] = {
    "n": (1,),
    "tools": ([],),
    "functions": ([],),
    "tool_choice": ("none", "auto"),
    "function_call": ("none", "auto"),
    "response_format": ({"type": "text"},),
    "stop": ([], ""),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "modalities": (["text"],),
    "audio": (),
    "web_search_options": (),
    "prediction": (),
}
READ = {"model", "messages", "stream", "stream_options", "filter"}


class Refused(InputError):
    """A parameter that cannot be honoured."""


class UnknownModel(UserError):
    """There is one model."""

    status = 404


class PartBody(BaseModel):
    """A part of a message; only text can be read."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]
    text: Text


class MessageBody(BaseModel):
    """A message. Those of system and developer are accepted and not followed: the documents alone say the answer."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: Text | list[PartBody]

    @property
    def text(self) -> str:
        """Its words."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class StreamOptions(BaseModel):
    """How a stream ends."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class CompletionBody(BaseModel):
    """A request for a chat completion. What would change nothing is accepted, and named in `ignored`."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": "What did trade amount to in 2023?"}]}
            ]
        },
    )

    model: Text
    messages: Annotated[list[MessageBody], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    filter: FilterBody | None = Field(None, description="Which documents may answer; not OpenAI's.")


def add_openai(app: FastAPI, live: LiveChain, answering: Answering) -> None:
    """Add the routes that OpenAI's clients ask."""

    @app.get("/v1/models", summary="The one model", responses=documented(403, 500, openai=True))
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(live)]}

    @app.get("/v1/models/{name}", summary="The one model", responses=documented(403, 404, 422, 500, openai=True))
    async def model(name: str) -> dict[str, Any]:
        _require_known(name)
        return _model(live)

    @app.post(
        "/v1/chat/completions",
        summary="A chat completion as OpenAI's clients know it, with citations as annotations",
        response_class=Response,
        responses={
            200: {
                "description": "The completion, or its chunks as server-sent events",
                "content": {
                    "application/json": {"schema": {"type": "object"}},
                    "text/event-stream": {"schema": EVENT},
                },
            },
            **documented(*ERRORS, openai=True),
        },
    )
    async def completions(body: CompletionBody, request: Request) -> Response:
        question, ignored, base = asked(body), _ignored(body), str(request.base_url)
        said = [question.text, *(turn.content for turn in question.history)]
        client, read = client_of(request), sum(await run_in_threadpool(live.count_tokens, said))
        usage = partial(_usage, live, read)
        if body.stream:
            coming = await answering.begin(question, client)
            counted = body.stream_options is not None and body.stream_options.include_usage
            return EventStream(_events(coming, Chunks(coming.id, base, ignored, usage if counted else None)), coming)
        try:
            answer = await answering.answer(question, request, client)
        except Gone:
            return Response(status_code=NOBODY)
        return JSONResponse(completion(answer.id, content_of(answer, base), answer, usage, ignored))


def asked(body: CompletionBody) -> Question:
    """The question that the messages are.

    Raises:
        InputError: a parameter would change the answer, or the last message is none of the user's.
        UnknownModel: it is for another model.
    """
    _require_known(body.model)
    for name, allowed in HARMLESS.items():
        value = (body.model_extra or {}).get(name)
        if value is not None and not any(value == each and type(value) is type(each) for each in allowed):
            raise Refused(f"{name} cannot be {to_json(value)[:80]}: answers are sentences of documents; leave it out")
    said = [message for message in body.messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user" or body.messages[-1] is not said[-1]:
        raise Refused("the last message must be the user's: it is the question")
    turns = tuple(Turn("user" if each.role == "user" else "assistant", each.text) for each in said[:-1])
    return Question(said[-1].text, turns, filter_of(body.filter, "the body"))


def _require_known(name: str) -> None:
    if name != MODEL:
        raise UnknownModel(f"there is no model {name[:80]!r}; the one model is {MODEL}")


def _ignored(body: CompletionBody) -> list[str]:
    """What of a request had no influence: parameters, and messages that are no part of the conversation."""
    unread = [name for name in body.model_extra or {} if name not in READ]
    roles = {message.role for message in body.messages} & {"system", "developer"}
    return sorted(unread) + [f"messages of role {role}" for role in sorted(roles)]


def _model(live: LiveChain) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": OWNER, "writes": live.chat}


def _usage(live: LiveChain, read: int, content: str) -> dict[str, Any]:
    [written] = live.count_tokens([content])
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "counted": COUNTED,
    }


async def _events(coming: Coming, chunks: Chunks) -> AsyncGenerator[bytes, None]:
    yield chunks.first()
    async with aclosing(coming.followed(0)) as followed:
        async for each in followed:
            if each is None:
                yield format_sse_event(comment=PADDING)
                continue
            for chunk in chunks.of(each[1]):
                yield chunk
    yield format_sse_event(data_str="[DONE]")
