"""What is kept out of the server, and how many are let in."""

import asyncio
import re
import threading
import time

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from assistant.serve import guard
from assistant.serve.gate import Gate, Unavailable
from assistant.serve.guard import MAX_BODY, POLICY, SOURCES_POLICY, Guard

HERE = "http://127.0.0.1"


def test_the_gate_lets_no_more_in_than_it_should_and_turns_away_who_finds_the_line_full() -> None:
    gate = Gate(at_once=2, waiting=3)
    inside, most, refused, lock = 0, 0, 0, threading.Lock()
    full, leave = threading.Barrier(6), threading.Event()

    def visit() -> None:
        nonlocal inside, most, refused
        try:
            with gate.turn():
                with lock:
                    inside += 1
                    most = max(most, inside)
                leave.wait(10)
                with lock:
                    inside -= 1
        except Unavailable as error:
            refused += 1
            assert "too many questions" in str(error)

    def visit_together() -> None:
        full.wait(10)
        visit()

    visitors = [threading.Thread(target=visit_together) for _ in range(6)]
    for visitor in visitors:
        visitor.start()
    deadline = time.monotonic() + 10
    while refused == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    leave.set()
    for visitor in visitors:
        visitor.join(10)
    assert (most, refused) == (2, 1)
    with gate.turn():  # everyone has left
        pass


def test_who_waits_is_served_in_the_order_of_coming_before_who_asks_again() -> None:
    gate = Gate(at_once=1, waiting=5)
    served: list[str] = []
    waiting = []

    def visit(name: str) -> None:
        with gate.turn():
            served.append(name)

    with gate.turn():
        for name in ("first", "second", "third"):
            visitor = threading.Thread(target=visit, args=(name,))
            visitor.start()
            waiting.append(visitor)
            deadline = time.monotonic() + 10
            while len(gate._line) < len(waiting) and time.monotonic() < deadline:
                time.sleep(0.001)
    visit("again")
    for visitor in waiting:
        visitor.join(10)
    assert served == ["first", "second", "third", "again"]


def test_a_turn_that_does_not_come_in_time_is_an_error_and_leaves_the_gate_as_it_was() -> None:
    gate = Gate(at_once=1, waiting=1)
    with gate.turn():
        for _ in range(3):
            with pytest.raises(Unavailable, match="no turn came"), gate.turn(patience=0.01):
                pass
    with gate.turn(patience=0.01):
        pass


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(scope="module")
def guarded() -> TestClient:
    """The guard around a program that answers every path."""
    inner = Starlette(routes=[Route("/{path:path}", _echo, methods=["GET", "POST"])])
    return TestClient(Guard(inner), base_url=HERE)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload/",
        "/gradio_api//upload",
        "//gradio_api/upload",
        "/gradio_api/%75pload",
        "/gradio_api/upload_progress",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://evil.test",
        "/gradio_api/call/answer",
        "/gradio_api/run/answer",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/gradio_api/stream/1",
        "/config",
        "/login",
        "/monitoring",
        "/docs",
    ],
)
def test_what_a_chat_of_text_does_not_need_is_not_there(guarded: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        response = guarded.request(method, path)
        assert response.status_code == 404, (method, path)
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": HERE}, 200),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "http://127.0.0.1:8080"}, 403),
        ({"Origin": "http://127.0.0.1.evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": HERE}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": HERE}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_only_pages_of_this_server_may_send(guarded: TestClient, headers: dict[str, str], status: int) -> None:
    assert guarded.post("/api/v1/ask", headers=headers).status_code == status
    assert guarded.get("/", headers=headers).status_code == 200


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(guarded: TestClient) -> None:
    assert guarded.post("/api/v1/ask", content=b"x" * MAX_BODY).text == str(MAX_BODY)
    assert guarded.post("/api/v1/ask", content=b"x" * (MAX_BODY + 1)).status_code == 413
    pieces = (b"x" * 2**20 for _ in range(3))
    assert guarded.post("/api/v1/ask", content=pieces).status_code == 413


def test_a_websocket_is_not_answered() -> None:
    sent = []

    async def connect() -> None:
        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def send(message: object) -> None:
            sent.append(message)

        await Guard(Starlette())({"type": "websocket", "path": "/", "headers": []}, receive, send)

    asyncio.run(connect())
    assert sent == []


def test_every_response_carries_the_headers_that_keep_a_browser_in(guarded: TestClient) -> None:
    for response in (guarded.get("/"), guarded.get("/nothing"), guarded.post("/", headers={"Origin": "null"})):
        assert response.headers["content-security-policy"] == POLICY
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
    source = guarded.get("/sources/x").headers
    assert source["content-security-policy"] == SOURCES_POLICY and source["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in POLICY
    assert "frame-ancestors 'self'" in POLICY
    assert "unsafe-eval" not in POLICY
    assert not re.search(r"https?:|\*", POLICY)


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> Message:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(guard, "BODY_LIMIT", 0.05)
    with pytest.raises(HTTPException) as refused:
        asyncio.run(guard._limited(never)())
    assert refused.value.status_code == 408
