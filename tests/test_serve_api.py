"""The HTTP API with the real models: streams, documents, search, limits, and its description."""

import json
import time

import httpx
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from serve_parts import SlowChat, build, served, write_documents

from assistant.compose import Workshop
from assistant.render import to_json
from assistant.serve.app import create_app
from assistant.settings import load_settings
from assistant.types import Question

pytestmark = [pytest.mark.models, pytest.mark.allow_hosts(["127.0.0.1"])]

HERE = "http://127.0.0.1"
LENGTH = "How long is the Georgian section of the railway?"
BOUNDED = settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
)
CHECKS = [  # that what a schema allows is never refused is not among them: a question may be empty, or too long
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, embedder) -> Workshop:
    place = tmp_path_factory.mktemp("api")
    workshop = Workshop(load_settings(folder=write_documents(place / "documents"), index=place / "index"))
    workshop.embedder = embedder
    build(workshop)
    return workshop


@pytest.fixture(scope="module")
def client(workshop: Workshop):
    with TestClient(create_app(workshop), base_url=HERE) as client:
        wait_until_ready(client)
        yield client


def with_settings(workshop: Workshop, **changed) -> Workshop:
    other = Workshop(workshop.settings.model_copy(update=changed))
    other.embedder, other.reranker = workshop.embedder, workshop.reranker
    return other


def wait_until_ready(client) -> None:
    until = time.monotonic() + 120
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < until, "the server did not become ready"
        time.sleep(0.1)


def events_of(text: str) -> list[tuple[str, str, dict]]:
    """Id, name and data of each event of a stream; comments left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            found.append((fields.get("id", ""), fields["event"], json.loads(fields["data"])))
    return found


def varying(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


def test_a_stream_tells_the_answer_as_it_comes_about(client: TestClient) -> None:
    response = client.post("/api/v1/chat", json={"question": LENGTH})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"
    assert response.text.startswith(": " + " " * 2048)
    events = events_of(response.text)
    assert [name for _, name, _ in events] == ["query", "citation", "sentence", "done"]
    assert [identity.rpartition(":")[2] for identity, _, _ in events] == ["1", "2", "3", "4"]
    done = events[-1][2]
    assert varying(done) == varying(client.post("/api/v1/ask", json={"question": LENGTH}).json())
    assert events[1][2] == done["citations"][0]
    assert events[2][2] == {"text": done["text"], **done["sentences"][0]}


def test_a_stream_is_taken_up_after_the_last_event_that_came(client: TestClient) -> None:
    body = {"question": LENGTH}
    first = events_of(client.post("/api/v1/chat", json=body).text)
    again = client.post("/api/v1/chat", json=body, headers={"Last-Event-ID": first[1][0]})
    assert events_of(again.text) == first[2:]
    for unknown in ("nothing", "a:1", f"{first[0][0].partition(':')[0]}:-1", "a:" + "9" * 90):
        anew = events_of(client.post("/api/v1/chat", json=body, headers={"Last-Event-ID": unknown}).text)
        assert [name for _, name, _ in anew][:2] == ["withdrawn", "query"] and anew[-1][1] == "done"
    other = client.post("/api/v1/chat", json={"question": "?"}, headers={"Last-Event-ID": first[1][0]})
    assert other.status_code == 400  # a stream is of one question


@pytest.mark.parametrize("address", ["/api/v1/chat", "/api/v1/ask"])
def test_what_cannot_be_asked_is_a_problem_before_any_event(client: TestClient, address: str) -> None:
    response = client.post(address, json={"question": " "})
    assert (response.status_code, response.headers["content-type"]) == (400, PROBLEM)
    assert "empty" in response.json()["detail"]


def test_documents_are_listed_page_by_page_and_read_part_by_part(client: TestClient, workshop: Workshop) -> None:
    listed, after = [], None
    while True:
        page = client.get("/api/v1/documents", params={"limit": 2, **({"after": after} if after else {})}).json()
        assert page["total"] == 3
        listed += page["documents"]
        if (after := page["next"]) is None:
            break
    assert [each["document"] for each in listed] == ["railway.md", "seal.txt", "visas.txt"]
    filtered = client.get("/api/v1/documents", params={"type": "md"}).json()
    assert [each["document"] for each in filtered["documents"]] == ["railway.md"] and filtered["total"] == 1
    assert client.get("/api/v1/documents", params={"folder": "nowhere"}).json()["documents"] == []

    index = workshop.open_index()
    for each in listed:
        text, offset = "", 0
        while offset is not None:
            part = client.get(f"/api/v1/documents/{each['id']}", params={"offset": offset, "limit": 50}).json()
            assert (part["start"], part["end"]) == (len(text), len(text) + len(part["text"]))
            text, offset = text + part["text"], part["next"]
        assert text == index.catalog.document(each["document"]).text and len(text) == each["characters"]
        beyond = client.get(f"/api/v1/documents/{each['id']}", params={"offset": len(text) + 5}).json()
        assert (beyond["text"], beyond["next"]) == ("", None)
    index.close()
    for unknown in ("nothing", "0" * 64, listed[0]["sha256"] + ".pdf", "..%2f..%2fetc%2fpasswd"):
        missing = client.get(f"/api/v1/documents/{unknown}")
        assert (missing.status_code, missing.headers["content-type"]) == (404, PROBLEM), unknown


def test_a_search_finds_what_the_command_finds(client: TestClient, workshop: Workshop) -> None:
    found = client.get("/api/v1/search", params={"q": "visa-free stay", "limit": 2}).json()
    expected = workshop.search(2)(Question("visa-free stay"))
    assert [each["quote"] for each in found["passages"]] == [each.passage.text for each in expected]
    assert [each["rank"] for each in found["passages"]] == [1, 2]
    first = found["passages"][0]
    window = {"offset": first["start"], "limit": first["end"] - first["start"]}
    assert client.get(f"/api/v1/documents/{first['id']}", params=window).json()["text"] == first["quote"]
    only = client.get("/api/v1/search", params={"q": "visa-free stay", "type": "md"}).json()
    assert {each["document"] for each in only["passages"]} == {"railway.md"}


def test_the_status_tells_no_folder_of_the_machine(client: TestClient, workshop: Workshop) -> None:
    status = client.get("/api/v1/status").json()
    assert (status["index"]["documents"], status["languages"]) == (3, {"en": 3})
    assert str(workshop.settings.folder) not in to_json(status)


def test_addresses_and_methods_that_are_not_there_are_problems(client: TestClient) -> None:
    assert client.get("/api/v1/nothing").status_code == 404
    wrong = client.get("/api/v1/ask")
    assert (wrong.status_code, wrong.headers["allow"], wrong.headers["content-type"]) == (405, "POST", PROBLEM)


@pytest.mark.parametrize("path", ["/api/v1/search?q=x", "/api/v1/documents", "/api/v1/status", "/v1/models"])
def test_a_page_of_another_origin_may_not_even_read(client: TestClient, path: str) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert client.get(path, headers=foreign).status_code == 403
    assert client.get(path, headers={"Origin": "http://evil.test"}).status_code == 403
    framed = foreign | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert client.get(path, headers=framed).status_code == 403
    link = foreign | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get(path, headers=link).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/chat", "/v1/chat/completions"])
def test_a_page_of_another_origin_may_not_ask(client: TestClient, path: str) -> None:
    asked = {"question": LENGTH}
    assert client.post(path, json=asked, headers={"Origin": "http://evil.test"}).status_code == 403
    assert client.post(path, json=asked, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_who_asks_too_much_is_told_when_to_come_again(workshop: Workshop) -> None:
    with TestClient(create_app(with_settings(workshop, questions_per_minute=2)), base_url=HERE) as client:
        wait_until_ready(client)
        answers = [client.get("/api/v1/search", params={"q": "visa"}) for _ in range(3)]
        streamed = client.post("/api/v1/chat", json={"question": LENGTH})
    assert [each.status_code for each in answers] == [200, 200, 429]
    for refused in (answers[-1], streamed):
        assert (refused.status_code, refused.headers["content-type"]) == (429, PROBLEM)
        assert 1 <= int(refused.headers["retry-after"]) <= 30


def test_closing_the_connection_stops_the_work_and_frees_the_turn(workshop: Workshop) -> None:
    with SlowChat() as chat:
        slow = with_settings(workshop, threads=1, chat_model="openai:slow", chat_base_url=chat.url, chat_timeout=120)
        with served(create_app(slow)) as address, httpx.Client(base_url=address, timeout=60) as client:
            wait_until_ready(client)
            for name, path, more in (
                ("event: token", "/api/v1/chat", {"question": LENGTH}),
                ("data: ", "/v1/chat/completions", completion(stream=True)),
            ):
                before = len(chat.asked)
                with client.stream("POST", path, json=more) as response:
                    for line in response.iter_lines():
                        if line.startswith(name) and len(chat.asked) > before:
                            break
                closed = time.monotonic()
                wait_for(lambda before=before: len(chat.left) > before)
                assert chat.left[-1] - closed < 10, path  # it would have written for five minutes
            with pytest.raises(httpx.ReadTimeout):
                client.post("/api/v1/ask", json={"question": LENGTH}, timeout=5)
            wait_for(lambda: len(chat.left) == len(chat.asked) == 3)  # one turn, and each had it


def completion(**more) -> dict:
    return {"model": "cited-assistant", "messages": [{"role": "user", "content": LENGTH}], **more}


def wait_for(condition, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def test_an_answer_that_takes_too_long_ends_in_an_error(workshop: Workshop) -> None:
    with SlowChat() as chat:
        slow = with_settings(workshop, chat_model="openai:slow", chat_base_url=chat.url, answer_timeout=0.5)
        with TestClient(create_app(slow), base_url=HERE) as client:
            wait_until_ready(client)
            streamed = events_of(client.post("/api/v1/chat", json={"question": LENGTH}).text)
            whole = client.post("/api/v1/ask", json={"question": LENGTH})
    assert (streamed[-1][1], streamed[-1][2]["status"]) == ("error", 503)
    assert (whole.status_code, whole.headers["retry-after"]) == (503, "5")
    assert "within 0.5 seconds" in whole.json()["detail"] and "within 0.5 seconds" in streamed[-1][2]["detail"]


@pytest.fixture(scope="module")
def described(workshop: Workshop):
    with served(create_app(workshop)) as address:
        wait_until_ready(httpx.Client(base_url=address))
        yield schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


def test_whatever_is_sent_the_answer_is_one_that_is_described(described) -> None:
    operations = [each.ok() for each in described.get_all_operations()]
    assert {each.path for each in operations} >= {"/api/v1/ask", "/api/v1/chat", "/v1/chat/completions"}
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=[*HealthCheck]
        )
        def holds(case) -> None:
            case.call_and_validate(timeout=60, checks=CHECKS)

        holds()
