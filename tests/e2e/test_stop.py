"""A chat model that writes on and on, in a real browser: its words are seen as they come, and can be stopped."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from browser_parts import ANSWER, BROWSER, CHROMIUM, FLAGS, START
from serve_parts import write_documents
from test_chat_model import HEAD, answering, chunk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = BROWSER


@pytest.fixture
def served(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, threading.Event]]:
    """The address of `assistant serve`, and whether it has left its chat model, which writes for minutes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    left = threading.Event()
    with answering(HEAD + chunk("word "), then=chunk("word "), wait=0.05, times=6_000, left=left) as url:
        program = [sys.executable, "-c", "from assistant.cli import main; main()", "serve"]
        options = [str(write_documents(tmp_path / "documents")), "--port", str(port)]
        monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "openai:m")
        monkeypatch.setenv("ASSISTANT_CHAT_BASE_URL", url)
        with subprocess.Popen([*program, *options], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout is not None and running.stdout.readline().startswith("Ask at")
                yield f"http://127.0.0.1:{port}", left
            finally:
                running.kill()


@contextmanager
def being_answered(address: str) -> "Iterator[Page]":
    """The page while an answer is coming."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(address)
        page.get_by_text("Questions and excerpts go to the chat model openai:m").wait_for(timeout=START)
        page.get_by_label("Your question").fill("How long is the Georgian section of the railway?")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".said em", has_text="word word word").wait_for(timeout=ANSWER)
        yield page
        browser.close()


def test_words_are_seen_as_they_come_and_stopping_leaves_the_model(served: tuple[str, threading.Event]) -> None:
    address, left = served
    with being_answered(address) as page:
        assert page.locator(".sources").count() == 0 and not left.is_set()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_text("Stopped before the answer was complete").wait_for(timeout=ANSWER)
        assert left.wait(10)
        page.get_by_role("button", name="Stop", exact=True).wait_for(state="hidden", timeout=ANSWER)


def test_a_new_conversation_is_empty_although_an_answer_was_coming(served: tuple[str, threading.Event]) -> None:
    address, left = served
    with being_answered(address) as page:
        page.get_by_role("button", name="New conversation").click()
        page.get_by_text("Ask a question. Every sentence").wait_for(timeout=ANSWER)
        assert left.wait(10)
        assert page.locator(".said").count() == 0
        page.get_by_role("button", name="Stop", exact=True).wait_for(state="hidden", timeout=ANSWER)


def test_a_second_question_stays_in_the_box_and_the_page_says_so(served: tuple[str, threading.Event]) -> None:
    address, _ = served
    with being_answered(address) as page:
        box = page.get_by_label("Your question")
        box.fill("And the next one?")
        box.press("Enter")
        page.get_by_role("status").filter(has_text="One question at a time").wait_for(timeout=ANSWER)
        assert box.input_value() == "And the next one?"
        assert page.locator(".user-row").count() == 1
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_text("One question at a time").wait_for(state="hidden", timeout=ANSWER)
        assert box.input_value() == "And the next one?"
