"""The chat in a real browser, before the real server and its models.

The browser is the system's Chromium; where there is none, these tests are skipped and say so.
"""

import re
import time
from collections.abc import Iterator

import pytest
from browser_parts import ANSWER, BROWSER, ask, serving
from serve_parts import HOSTILE, write_documents

from assistant.answer.inert import plain

pytestmark = BROWSER


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """The address of `assistant serve` over a few documents, one of them hostile."""
    with serving(write_documents(tmp_path_factory.mktemp("served") / "documents")) as address:
        yield address


def test_a_question_is_answered_with_its_exact_source(visit) -> None:
    page = visit()
    assert page.title() == "Cited assistant"
    assert "3 documents, " in page.locator("#about").inner_text()
    answer = ask(page, "How far did the capacity of the railway rise?")
    quote = "Capacity rose from 1 to 5 million tons a year."
    assert answer.locator(".said").inner_text() == f"{quote} [1]"
    assert answer.locator(".source").count() == 1
    assert answer.locator(".source").inner_text() == f"[1] railway.md Capacity\n{quote}"
    assert answer.locator("blockquote").inner_text() == quote
    assert page.get_by_label("Your question").input_value() == ""
    assert answer.locator(".unsupported, .refused").count() == 0


def test_a_follow_up_leans_on_the_conversation_until_a_new_one_begins(visit) -> None:
    page = visit()
    ask(page, "How long may Chinese citizens stay?")
    assert "20 July 2024" in ask(page, "And since when?").locator(".said").inner_text()
    page.get_by_role("button", name="New conversation").click()
    page.locator("#conversation .user-row").first.wait_for(state="detached")
    assert ask(page, "And since when?").locator(".refused").is_visible()
    assert page.locator("#conversation .user-row").count() == 1


def test_a_refusal_says_which_words_are_nowhere_and_shows_what_is_close(visit) -> None:
    answer = ask(visit(), "Who won the chess game in Zanzibar?")
    assert answer.locator(".refused").inner_text() == "The documents do not answer this question."
    assert answer.locator(".missing").inner_text() == "Found in no document: chess, game, Zanzibar"
    assert answer.locator(".source").count() == 3


def test_a_question_that_cannot_be_asked_is_one_line_in_the_chat(visit) -> None:
    answer = ask(visit(), "?!")
    assert answer.inner_text() == "The question is empty; ask something."


@pytest.mark.parametrize("policy", [True, False], ids=["as served", "without the content policy"])
def test_words_of_a_document_stay_words(visit, policy: bool) -> None:
    """Neither the escaping nor the content policy is needed for the other to hold."""
    page = visit(bypass_csp=not policy)
    answer = ask(page, f"What does the seal of the harbour office show? {HOSTILE}")
    said = answer.locator(".said").inner_text()
    assert plain(HOSTILE) in said and "://" not in said  # an answer leads nowhere; the quote is the source's own
    assert HOSTILE in answer.locator("blockquote").first.inner_text()
    assert HOSTILE in page.locator(".asked").inner_text()
    made = page.locator("#conversation").locator(
        "img, a:not([href^='sources/']), script, h1, h2, strong, em, code, pre, iframe, .katex"
    )
    assert made.count() == 0


def test_the_content_policy_lets_nothing_leave(browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    blocked = """
        new Promise((resolve) => {
          const blocked = [];
          document.addEventListener("securitypolicyviolation", (event) => {
            blocked.push(event.effectiveDirective);
            if (blocked.length === 2) resolve(blocked.sort());
          });
          document.body.append(Object.assign(new Image(), { src: "http://evil.test/seen.png" }));
          fetch("http://evil.test/").catch(() => {});
        })
    """
    assert page.evaluate(blocked) == ["connect-src", "img-src"]
    context.close()


def test_an_answer_is_sent_in_steps_as_it_grows(visit) -> None:
    page = visit()
    # The page's own client is left out: this reads the stream that it would read.
    steps = page.evaluate(
        """async () => {
          const submits = (event) => event.targets.some(([, name]) => name === "submit");
          const asking = window.gradio_config.dependencies.find(submits);
          const session = "steps";
          await fetch("gradio_api/queue/join", {
            method: "POST", headers: { "Content-Type": "application/json" },
            body: JSON.stringify({
              data: ["Tell me about visa-free entry and stay of Chinese citizens",
                     ...Array(asking.inputs.length - 1).fill(null)],
              fn_index: asking.id, session_hash: session,
            }),
          });
          const reader = (await fetch(`gradio_api/queue/data?session_hash=${session}`)).body.getReader();
          const steps = [], decoder = new TextDecoder(), began = performance.now();
          for (let part; !(part = await reader.read()).done;) {
            steps.push([performance.now() - began, decoder.decode(part.value)]);
          }
          return steps;
        }"""
    )
    sent = "".join(text for _, text in steps)
    assert sent.count('"msg":"process_generating"') >= 4  # searching, two sentences, the sources
    assert sent.index("Searching") < sent.index("Sources")


def test_several_people_ask_at_once(visit) -> None:
    pages = [visit() for _ in range(4)]
    questions = ["When did the first train leave?", "How long may Chinese citizens stay?"] * 2
    for page, question in zip(pages, questions, strict=True):
        page.get_by_label("Your question").fill(question)
        page.get_by_label("Your question").press("Enter")
    for page, expected in zip(pages, ["25 May 2024", "30 days"] * 2, strict=True):
        page.locator(".sources").wait_for(timeout=ANSWER)
        assert expected in page.locator(".said").inner_text()
        assert page.locator(".user-row").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_runs_over_the_side(visit, scheme: str) -> None:
    page = visit(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    answer = ask(page, "What does the seal of the harbour office show?")
    page.wait_for_timeout(300)
    wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
    assert answer.locator(".said").is_visible()
    assert page.get_by_role("button", name="Ask", exact=True).is_visible()
    ground = page.evaluate("() => getComputedStyle(document.querySelector('gradio-app')).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 127
    assert light == (scheme == "light")


def test_questions_typed_while_an_answer_comes_are_not_lost(visit) -> None:
    page = visit()
    box = page.get_by_label("Your question")
    box.fill("When did the first train leave?")
    box.press("Enter")
    page.locator(".user-row").first.wait_for()  # taken; the answer is on its way, or there already
    box.fill("the next one")
    page.locator(".sources").wait_for(timeout=ANSWER)
    time.sleep(0.3)
    assert box.input_value() == "the next one"
