"""The HTTP API put together; and whether the server lives and is ready."""

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant.serve.answering import Answering
from assistant.serve.api_chat import add_chat
from assistant.serve.api_documents import add_documents
from assistant.serve.api_openai import add_openai
from assistant.serve.gate import Unavailable
from assistant.serve.live import LiveChain
from assistant.serve.problems import add_handlers, documented
from assistant.settings import Settings


def add_routes(app: FastAPI, live: LiveChain, settings: Settings) -> None:
    """Add the routes of the API and the form of its errors."""
    answering = Answering(live, settings)

    @app.get("/healthz", summary="Whether the server runs")
    async def healthz() -> dict[str, str]:
        return {"status": "running"}

    @app.get("/readyz", summary="Whether a question would be answered now", responses=documented(503))
    def readyz() -> dict[str, str]:
        if reason := live.problem():
            raise Unavailable(reason)
        notice = live.notice()
        return {"status": "ready", **({"notice": notice} if notice else {})}

    add_chat(app, answering)
    add_documents(app, live, answering)
    add_openai(app, live, answering)
    add_handlers(app)
    close_the_rest(app)


def close_the_rest(app: FastAPI) -> None:
    """Answer other addresses of the API here, before the page does, which has errors of another form."""

    @app.api_route("/api/v1/{rest:path}", methods=[*METHODS], include_in_schema=False)
    @app.api_route("/v1/{rest:path}", methods=[*METHODS], include_in_schema=False)
    async def nothing(rest: str, request: Request) -> None:
        matched = (route for route in app.routes if route.matches(request.scope)[0] is Match.PARTIAL)
        if allowed := sorted({method for route in matched for method in getattr(route, "methods", None) or ()}):
            allow = ", ".join(allowed)
            raise HTTPException(405, f"this address takes {allow}", {"Allow": allow})
        raise HTTPException(404, "there is nothing at this address")


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
