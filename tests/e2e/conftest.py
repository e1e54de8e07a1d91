"""A browser, and visits to the server of a test file, which has a fixture `server`."""

import pytest
from browser_parts import CHROMIUM, FLAGS, START


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def refused(message: str) -> bool:
    """Whether the browser says that the test's own scripts may not run in the frame of a source."""
    return message.startswith("Blocked script execution in") and "/sources/" in message


@pytest.fixture
def visit(browser, server: str):
    """A function that opens the chat; afterwards nothing may have gone wrong in the page or left this server."""
    contexts, wrong = [], []

    def open_page(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request", lambda request: request.url.startswith((server, "data:", "blob:")) or wrong.append(request.url)
        )
        page.on(
            "response", lambda response: response.status < 400 or wrong.append(f"{response.status} {response.url}")
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: m.type != "error" or refused(m.text) or wrong.append(m.text))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.goto(server)
        page.get_by_text("Nothing leaves this machine").wait_for(timeout=START)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
