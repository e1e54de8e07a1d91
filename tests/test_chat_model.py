"""Chat models against real servers: llama.cpp with a small model, and sockets that misbehave."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from chat_server import chat_server

from assistant.errors import InputError, ModelError
from assistant.models.chat import ChatUnavailable, LangChainChat, chat_model, without_thoughts

loopback = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with chat_server() as running:
        yield running.url


@contextmanager
def answering(
    reply: bytes,
    *,
    then: bytes | None = None,
    wait: float = 0.0,
    times: int = 1,
    left: threading.Event | None = None,
) -> Iterator[str]:
    """The URL of a server that answers one request: `times` times, after a wait each, `reply` first, then `then`.

    `left` is set when the client goes away before that.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                try:
                    for sent in range(times):
                        time.sleep(wait)
                        connection.sendall(reply if not sent or then is None else then)
                except OSError:  # the client gave up, as it should
                    if left is not None:
                        left.set()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def chunk(text: str) -> bytes:
    return b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,' + (
        b'"delta":{"role":"assistant","content":"%s"},"finish_reason":null}]}\n\n' % text.encode()
    )


def reply(chat: LangChainChat, system: str = "s", user: str = "u") -> list[str]:
    """The pieces of a whole reply, without the empty ones of its silences."""
    return [piece for piece in chat.write(system, user, chat.limit) if piece]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@loopback
def test_tokens_are_counted_as_the_server_tells_them() -> None:
    told = b'{"prompt_tokens":120,"completion_tokens":7,"total_tokens":127}'
    usage = b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":%s}\n\n'
    with answering(HEAD + chunk("Yes.") + usage % told + b"data: [DONE]\n\n") as url:
        chat = chat_model("openai:m", url, None, 60)
        assert chat.tokens == (0, 0)
        assert reply(chat) == ["Yes."] and chat.tokens == (120, 7)


@pytest.mark.models
@loopback
def test_a_real_model_writes_piece_by_piece_and_the_same_again(server: str) -> None:
    chat = chat_model("openai:smollm2", server, None, 60)
    user = "Say in one short sentence what a railway is."
    pieces = reply(chat, "You answer briefly.", user)
    assert len(pieces) > 3
    assert "".join(pieces).strip()
    assert reply(chat, "You answer briefly.", user) == pieces


@pytest.mark.models
@loopback
def test_whatever_a_real_small_model_writes_becomes_a_sound_draft(server: str) -> None:
    from generate_parts import assert_sound, events_of

    chat = chat_model("openai:smollm2", server, None, 60)
    questions = ("How long is $sources?", "What do the sources say of it?", "How long is it?")
    drafts = [draft for question in questions if (draft := events_of(chat, question=question)[1])]
    assert drafts  # of some it writes too much to be an answer
    for draft in drafts:
        assert_sound(draft)


@pytest.mark.models
@loopback
def test_a_real_server_that_is_killed_while_it_writes_is_one_line() -> None:
    with chat_server() as running:
        pieces = chat_model("openai:smollm2", running.url, None, 60).write(
            "You write long.", "Tell a long story.", 60
        )
        assert next(piece for piece in pieces if piece)
        running.process.kill()
        with pytest.raises(ChatUnavailable, match="does not answer: .") as raised:
            list(pieces)
    said = raised.value.reason.partition("does not answer: ")[2]
    assert "\n" not in said and said.count(said[:20]) == 1  # not the cause again that says the same


@pytest.mark.models
@loopback
def test_a_real_server_stops_writing_for_who_stops_reading(server: str) -> None:
    chat = chat_model("openai:smollm2", server, None, 60)
    pieces = chat.write("You write long.", "Tell a long story of a railway.", 60)
    assert next(piece for piece in pieces if piece)
    pieces.close()
    began = time.monotonic()  # it has one slot: it would write the story to its end first
    assert reply(chat, "You answer briefly.", "Say yes.")
    assert time.monotonic() - began < 10


@pytest.mark.models
@loopback
def test_a_real_server_slower_than_the_deadline_is_left(server: str) -> None:
    chat = chat_model("openai:smollm2", server, None, 0.3)
    began = time.monotonic()
    with pytest.raises(ChatUnavailable, match=r"within 0\.3 seconds|timed out"):
        reply(chat, "You write long stories.", "Tell a long story. " * 100)
    assert time.monotonic() - began < 3


@loopback
def test_who_stops_early_ends_the_call() -> None:
    left = threading.Event()
    with answering(HEAD + chunk("word "), wait=0.02, times=2_000, left=left) as url:
        pieces = chat_model("openai:m", url, None, 60).write("s", "u", 60)
        assert next(pieces) == "word "
        assert not left.is_set()
        pieces.close()
        assert left.wait(5)


@loopback
@pytest.mark.parametrize("end", ["close", "deadline"])
def test_a_call_that_ends_before_the_first_word_closes_its_connection_at_once(end: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        chat = chat_model("openai:m", f"http://127.0.0.1:{listener.getsockname()[1]}/v1", None, 60)
        pieces = chat.write("s", "u", 60 if end == "close" else 1)
        assert next(pieces) == ""  # the server is silent
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            assert connection.recv(65_536)
            if end == "close":
                pieces.close()
            else:
                with pytest.raises(ChatUnavailable):
                    list(pieces)
            while connection.recv(65_536):  # the rest of the request, then the end
                pass


@loopback
@pytest.mark.parametrize("name", ["openai:m", "ollama:m"])
def test_a_server_that_is_down_is_one_line(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    chat = chat_model(name, f"http://127.0.0.1:{port}/v1", None, 10)
    with pytest.raises(ChatUnavailable, match=f"chat model {name} does not answer: .*onnect") as raised:
        reply(chat)
    assert "\n" not in raised.value.reason and len(raised.value.reason) < 300


@loopback
def test_the_deadline_is_for_the_whole_reply_not_for_each_wait() -> None:
    with answering(HEAD + chunk("word "), wait=0.2, times=50) as url:
        chat = chat_model("openai:m", url, None, 1)
        began = time.monotonic()
        with pytest.raises(ChatUnavailable, match="did not answer within 1 seconds"):
            reply(chat)
        assert time.monotonic() - began < 5  # half of what the server would take


@loopback
@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (HEAD + b"data: [DONE]\n\n", "does not answer"),
        (HEAD + chunk("  ") + b"data: [DONE]\n\n", "answered nothing"),
        (HEAD + b"data: {nonsense\n\n", "does not answer"),
        (HEAD + chunk("word " * 100) * 50, "more than 20,000 characters"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "does not answer.*500"),
        (b"no such protocol\r\n\r\n", "does not answer"),
        (b"", "does not answer"),
    ],
)
def test_nonsense_from_a_server_is_one_line(sent: bytes, message: str) -> None:
    with answering(sent) as url, pytest.raises(ChatUnavailable, match=message) as raised:
        reply(chat_model("openai:m", url, None, 10))
    assert "\n" not in str(raised.value)


@loopback
def test_a_key_of_the_environment_is_not_shown_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-another-place")
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(65_536))
                connection.sendall(HEAD + chunk("Hello.") + b"data: [DONE]\n\n")

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        assert "".join(reply(chat_model("openai:m", url, None, 10))) == "Hello."
    assert b"authorization: bearer none" in seen[0].lower()
    assert b"a-key-for-another-place" not in seen[0]


@loopback
def test_tracing_of_the_environment_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"") as tracer, answering(HEAD + chunk("Hello.") + b"data: [DONE]\n\n") as url:
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", tracer)
        monkeypatch.setenv("LANGSMITH_API_KEY", "key")
        started: list[str] = []
        monkeypatch.setattr(
            "langchain_core.tracers.langchain.LangChainTracer.__init__",
            lambda self, *args, **kwargs: started.append("tracer"),
        )
        assert "".join(reply(chat_model("openai:m", url, None, 10))) == "Hello."
        assert started == []


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["<think>Is it?</think>\nIt is."], "\nIt is."),
        (list(" <think>Is it?</think>It is <think>."), "It is <think>."),
        (["<think>never ends"], ""),
        (["<thi", "s> is no thought"], "<this> is no thought"),
        (["<th"], "<th"),
        ([" ", "It is."], " It is."),
        ([], ""),
    ],
)
def test_thoughts_are_no_part_of_a_reply(pieces: list[str], left: str) -> None:
    assert "".join(without_thoughts(pieces)) == left


@pytest.mark.parametrize("name", ["llama3.2", ":m", "openai:", ""])
def test_a_name_without_provider_or_model_is_an_error(name: str) -> None:
    with pytest.raises(InputError, match="PROVIDER:MODEL"):
        chat_model(name, None, None, 10)


def test_an_unknown_provider_is_an_error() -> None:
    with pytest.raises(InputError, match="nobody:m cannot be used"):
        chat_model("nobody:m", None, None, 10)


@pytest.mark.parametrize("missing", ["langchain.chat_models", "langchain_openai"])
def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModelError, match=r"cited-assistant\[chat\]") as raised:
        chat_model("openai:m", "http://127.0.0.1:1/v1", None, 10)
    assert "\n" not in str(raised.value)
    base._get_chat_model_creator.cache_clear()
