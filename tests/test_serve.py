"""The server: answers over HTTP and in the chat, with the real models."""

import json
import re
import socket
from dataclasses import asdict
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from serve_parts import HOSTILE, build, words, write_documents

from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.render import answer_json
from assistant.serve.app import create_app, run
from assistant.serve.chat import EXCHANGES_READ, Exchange, answered, history, messages
from assistant.serve.greeting import welcome
from assistant.serve.live import LiveChain
from assistant.serve.markup import problem_html
from assistant.settings import load_settings
from assistant.store import quarantine
from assistant.types import Turn

HERE = "http://127.0.0.1"
FIRST, THEN = "How long may Chinese citizens stay?", "And since when?"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "127.0.0.1.example.org"])
def test_an_address_that_others_can_reach_is_refused(host: str) -> None:
    with pytest.raises(InputError, match="no sign-in yet") as refused:
        run(Workshop(load_settings(host=host)))
    assert "\n" not in str(refused.value)
    assert "--host 127.0.0.1" in str(refused.value)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*--port"):
            run(Workshop(load_settings(port=port)))


@pytest.mark.models
def test_without_an_index_the_server_lives_and_says_what_is_missing(tmp_path: Path) -> None:
    workshop = Workshop(load_settings(index=tmp_path / "none"))
    with TestClient(create_app(workshop), base_url=HERE) as client:
        assert client.get("/healthz").status_code == 200
        asked = client.post("/api/v1/ask", json={"question": "Is there anything?"})
        ready = client.get("/readyz")
    for response in (asked, ready):
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert "assistant index" in response.json()["detail"]
        assert int(response.headers["retry-after"]) > 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_documents(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="module")
def workshop(folder: Path, tmp_path_factory, embedder) -> Workshop:
    workshop = Workshop(load_settings(folder=folder, index=tmp_path_factory.mktemp("index")))
    workshop.embedder = embedder
    build(workshop)
    return workshop


@pytest.fixture(scope="module")
def client(workshop: Workshop):
    with TestClient(create_app(workshop), base_url=HERE) as client:
        yield client


@pytest.mark.models
def test_before_its_start_the_server_is_not_ready(workshop: Workshop) -> None:
    response = TestClient(create_app(workshop), base_url=HERE).get("/readyz")
    assert response.status_code == 503
    assert "being loaded" in response.json()["detail"]


@pytest.mark.models
def test_readiness_tells_what_is_damaged(client: TestClient, workshop: Workshop) -> None:
    note = quarantine.make_note(workshop.settings.index / "generations" / "000001", "its\ncatalog is spoiled", None)
    place = workshop.settings.index / "quarantine"
    client.post("/api/v1/ask", json={"question": FIRST})  # which waits for the models
    place.mkdir()
    (place / "000001.json").write_text(json.dumps(asdict(note)))
    ready = client.get("/readyz")
    quarantine.clear(workshop.settings.index)
    assert ready.status_code == 200 and ready.json()["status"] == "ready"
    assert "are damaged (its catalog is spoiled)" in ready.json()["notice"]


@pytest.mark.models
def test_a_question_gets_the_answer_of_the_chain(client: TestClient, workshop: Workshop) -> None:
    question = "How long is the Georgian section?"
    response = client.post("/api/v1/ask", json={"question": question})
    assert response.status_code == 200
    assert client.get("/readyz").json() == {"status": "ready"}
    chain = workshop.chain()
    expected = json.loads(json.dumps(answer_json(chain.invoke(question))))
    chain.index.close()
    answer = response.json()
    assert "184 km" in answer["text"]
    assert answer["timings_ms"].keys() == expected["timings_ms"].keys()
    for varying in ("id", "timings_ms"):
        del answer[varying], expected[varying]
    assert answer == expected


@pytest.mark.models
def test_a_question_leans_on_the_history(client: TestClient) -> None:
    history = [{"role": "user", "content": FIRST}, {"role": "assistant", "content": "Up to 30 days. [1]"}]
    assert client.post("/api/v1/ask", json={"question": THEN}).json()["status"] == "refused"
    answer = client.post("/api/v1/ask", json={"question": THEN, "history": history}).json()
    assert "Chinese citizens" in answer["query"]
    assert "20 July 2024" in answer["text"]


@pytest.mark.models
def test_an_answer_says_what_it_was_restricted_to(client: TestClient) -> None:
    asked = {"question": "How long may a stay last?", "filter": {"type": "txt", "language": None}}
    answer = client.post("/api/v1/ask", json=asked).json()
    assert answer["filter"] == {"folder": None, "type": "txt", "language": None, "since": None, "until": None}
    assert {citation["document"] for citation in answer["citations"]} == {"visas.txt"}
    elsewhere = client.post("/api/v1/ask", json=asked | {"filter": {"type": "md"}}).json()
    assert elsewhere["status"] == "refused"
    assert {citation["document"] for citation in elsewhere["near"]} == {"railway.md"}
    assert client.post("/api/v1/ask", json=asked | {"filter": {}}).json()["filter"] is None


@pytest.mark.models
@pytest.mark.parametrize(
    ("body", "status", "part"),
    [
        ({"question": "  "}, 400, "empty"),
        ({"question": "x" * 2001}, 400, "2,001 characters"),
        ({"question": "Why?", "history": [{"role": "user", "content": "x"}] * 101}, 400, "too long"),
        ({"question": "Why?", "model": "gpt"}, 422, "model"),
        ({"question": "Why?", "history": [{"role": "system", "content": "x"}]}, 422, "role"),
        ({"question": "Why?", "history": [{"role": "user", "content": "x", "n": 1}]}, 422, "history.0.n"),
        ({"question": "Why?", "filter": {"in": "legal"}}, 422, "filter.in"),
        ({"question": "Why?", "filter": {"type": ["pdf"]}}, 422, "filter.type"),
        ({"question": "Why?", "filter": {"type": "exe"}}, 400, "unknown type 'exe'"),
        ({"question": "Why?", "filter": {"since": "yesterday"}}, 400, "not a date: 'yesterday'"),
        ({"question": "Why?", "filter": {"folder": "nowhere"}}, 400, "no document matches the filter (in nowhere)"),
        ({"question": 7}, 422, "question"),
        ({}, 422, "question"),
        ([], 422, "body"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem_in_one_line(
    client: TestClient, body, status: int, part: str
) -> None:
    response = client.post("/api/v1/ask", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert part in problem["detail"]
    assert "\n" not in problem["detail"]


@pytest.mark.models
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"question": "\\ud800 a lone half of a character"}', b"7"])
def test_what_is_no_json_text_is_a_problem_too(client: TestClient, content: bytes) -> None:
    response = client.post("/api/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.models
def test_another_name_for_this_machine_is_not_served(client: TestClient) -> None:
    for host, status in (
        ("evil.test", 400),
        ("localhost:7860", 200),
        ("[::1]:7860", 200),
        ("127.0.0.1.evil.test", 400),
    ):
        assert client.get("/healthz", headers={"Host": host}).status_code == status, host


@pytest.mark.models
def test_no_other_origin_may_read_an_answer(client: TestClient) -> None:
    for path in ("/", "/healthz", "/theme.css"):
        response = client.get(path, headers={"Origin": "http://evil.test"})
        assert "access-control-allow-origin" not in response.headers, path


@pytest.mark.models
def test_the_page_is_served_and_names_no_other_host(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Cited assistant" in page.text
    fetched = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:|//)[^"]*"', page.text)
    assert fetched == []
    assert client.get("/theme.css").status_code == 200


@pytest.mark.models
def test_the_upload_of_gradio_is_closed(client: TestClient) -> None:
    response = client.post("/gradio_api/upload", files={"files": ("a.txt", b"text")})
    assert response.status_code == 404


@pytest.fixture(scope="module")
def live(workshop: Workshop):
    live = LiveChain(workshop)
    live.start()
    yield live
    live.close()


@pytest.mark.models
def test_a_question_in_the_chat_grows_from_searching_to_its_sources(live: LiveChain) -> None:
    told = [step.html for step in answered(live, "When did the first train leave?", ())]
    steps = [html for html, before in zip(told, [None, *told], strict=False) if html != before]  # it may wait first
    assert "Searching" in steps[0]
    assert "25 May 2024" in words(steps[1])
    assert "Sources" not in steps[1]
    assert "railway.md" in words(steps[-1])
    assert "Sources" in words(steps[-1])
    assert len(steps) == len(set(steps)) >= 3


@pytest.mark.models
def test_the_chat_gives_the_earlier_exchanges_to_the_chain(live: LiveChain) -> None:
    *_, first = answered(live, FIRST, ())
    *_, second = answered(live, THEN, (first,))
    assert "20 July 2024" in words(second.html)
    shown = messages((first, second))
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    assert words(shown[2]["content"]) == THEN


@pytest.mark.models
def test_words_of_a_document_are_shown_as_they_are(live: LiveChain) -> None:
    *_, last = answered(live, "What does the seal of the harbour office show?", ())
    assert HOSTILE in words(last.html)
    tags = set(re.findall(r"<(\w+)", last.html))
    assert tags <= {"div", "span", "b", "blockquote", "a"}
    assert all(link.startswith("sources/") for link in re.findall(r'href="(.*?)"', last.html))


@pytest.mark.models
def test_an_error_in_the_chat_is_one_line_and_no_part_of_the_conversation(live: LiveChain) -> None:
    *_, last = answered(live, "?", ())
    assert last.html == problem_html("the question is empty; ask something")
    assert history((last,)) == ()


@pytest.mark.models
def test_the_welcome_says_what_is_indexed_by_what_it_is_read_and_where_questions_go(
    live: LiveChain, workshop
) -> None:
    about, chatbot = welcome(live, ["When did the first train leave?"])
    assert words(about).startswith("3 documents, ") and words(about).endswith("Nothing leaves this machine.")
    assert "Searched by all-MiniLM-L6-v2, read by ms-marco-MiniLM-L-12-v2-int8." in words(chatbot.placeholder)
    assert [example["text"] for example in chatbot.examples] == ["When did the first train leave?"]
    settings = load_settings(
        index=workshop.settings.index, chat_model="openai:m", chat_base_url="http://192.0.2.7/v1"
    )
    about, chatbot = welcome(LiveChain(Workshop(settings)), [])
    assert words(about).endswith("go to the chat model openai:m at http://192.0.2.7/v1.")
    assert "Nothing leaves" not in words(about)
    assert "written by openai:m" in words(chatbot.placeholder)


@pytest.mark.models
def test_only_the_documents_that_were_chosen_are_asked(live: LiveChain) -> None:
    *_, last = answered(live, "How long may a stay last?", (), ("", "txt", None, "", " "))
    assert "30 days" in words(last.html)
    assert "Asked only documents of type txt." in words(last.html)
    *_, wrong = answered(live, "How long may a stay last?", (), ("", "", "", "yesterday", ""))
    assert "not a date: 'yesterday'" in words(wrong.html)


def test_only_the_latest_answered_questions_are_history_and_errors_are_not() -> None:
    turns = [Exchange(str(i), "", f"answer {i}") for i in range(EXCHANGES_READ + 5)]
    read = history((*turns, Exchange("failed", "", None)))
    assert len(read) == 2 * EXCHANGES_READ
    assert read[:2] == (Turn("user", "5"), Turn("assistant", "answer 5"))
    assert read[-1] == Turn("assistant", f"answer {EXCHANGES_READ + 4}")
