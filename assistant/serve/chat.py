"""The chat page."""

import logging
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer.question import MAX_CHARACTERS
from assistant.errors import UserError
from assistant.events import DoneEvent, SentenceEvent, TokenEvent, WithdrawnEvent
from assistant.serve.feedback import add_feedback
from assistant.serve.greeting import INVITATION, greeting
from assistant.serve.live import LiveChain
from assistant.serve.markup import SEARCHING, answer_html, literal, problem_html, question_html, warning
from assistant.serve.scope import add_scope, scope_of
from assistant.serve.suggestions import Suggestions
from assistant.store.feedback import FeedbackStore
from assistant.types import Answer, Question, Turn

TITLE = "Cited assistant"
STYLE = Path(__file__).with_name("chat.css")
_SCRIPTS, _STYLES = ("panel.js", "chat.js"), ("panel.css",)
HEAD = "".join(
    f"<{tag}>{Path(__file__).with_name(name).read_text(encoding='utf-8')}</{tag}>"
    for tag, names in (("style", _STYLES), ("script", _SCRIPTS))
    for name in names
)
# The fonts are those of the machine: Gradio would otherwise name fonts of the web. The button is dark enough to read.
THEME = gr.themes.Default(
    primary_hue="teal", neutral_hue="slate", font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
).set(
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_dark="*primary_700",
    button_primary_background_fill_hover_dark="*primary_800",
)
WAIT = "One question at a time: wait for the answer, or press Stop. Your question stays in the box."
STOPPED = problem_html("stopped before the answer was complete; words in italics were not checked")
EXCHANGES_READ = 10  # the latest ones, which a question may lean on
EXCHANGES_KEPT = 100  # older ones leave the page
SHOWN_EVERY = 0.1  # seconds between two looks at what a chat model is writing
FORGET_AFTER = 24 * 3600  # seconds after which the conversation of a page left open is forgotten
END_LIMIT = 5.0  # seconds that a new conversation waits for the end of the answer that is coming
QUEUE = 100  # events that wait inside Gradio; questions wait at the gate, which says when it is full

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it; `said` is the text of the answer, None where there is none (yet)."""

    question: str
    html: str
    said: str | None = None
    coming: bool = False  # more of it is on its way
    answer: Answer | None = None  # once it is complete


@dataclass(slots=True)
class Writing:
    """What the handlers of one page tell each other of the answer that is coming.

    Gradio can cancel a handler itself, but its page then closes the connection that the words of the one who asked
    for it come on, at times before they came. So an answer looks here whether to go on, and ends by itself.
    """

    going_on: bool = False
    unwanted: bool = False  # it is to end with what is there
    forgotten: bool = False  # it is to end without a trace

    def begin(self) -> None:
        """Another answer is coming."""
        self.going_on, self.unwanted, self.forgotten = True, False, False

    def end(self) -> None:
        """Nothing more is coming."""
        self.going_on = False

    def wait(self, seconds: float) -> None:
        """Wait until nothing more is coming, for so long at the most."""
        until = time.monotonic() + seconds
        while self.going_on and time.monotonic() < until:
            time.sleep(0.02)


Conversation = tuple[Exchange, ...]
Messages = list[dict[str, str]]
# Messages, conversation, the line to ask in, the button that stops, and a note below.
Shown = tuple[Messages, Conversation, Any, Any, Any]


def create_chat(live: LiveChain, suggestions: Suggestions, feedback: FeedbackStore | None) -> gr.Blocks:
    """The page: what is indexed, the conversation, a line to ask in, and thumbs where feedback is kept."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True)
    with page:
        with gr.Row(elem_id="head"):
            # Not `gr.HTML`: it evaluates templates in the browser, which the content policy forbids.
            with gr.Column(scale=1, min_width=0):
                gr.Markdown(f"# {TITLE}", elem_id="title")
                about = gr.Markdown(elem_id="about", latex_delimiters=[])
            # In a page of its own, so that the conversation stays.
            linked: dict[str, Any] = {"link": "library", "link_target": "_blank"}
            gr.Button("Library", **linked, size="sm", min_width=0, scale=0, elem_id="library")
            clear = gr.Button("New conversation", size="sm", min_width=0, scale=0, elem_id="clear")
        # The conversation lives on the server. The page shows it and never sends it back: Gradio would make
        # components of what a browser sends as messages.
        conversation = gr.State((), time_to_live=FORGET_AFTER)
        writing = gr.State(Writing(), time_to_live=FORGET_AFTER)
        chatbot = gr.Chatbot(
            elem_id="conversation",
            label="Conversation",
            show_label=False,
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            autoscroll=False,  # chat.js shows where an answer begins
            scale=1,
            placeholder=INVITATION,
        )
        feedback_form = gr.Column(visible=False, elem_id="feedback", min_width=0)
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                label="Your question",
                show_label=False,
                container=False,
                placeholder="Ask the documents",
                max_length=MAX_CHARACTERS,
                max_lines=6,
                autofocus=True,
                scale=1,
            )
            stop = gr.Button("Stop", min_width=80, scale=0, visible=False)
            ask = gr.Button("Ask", variant="primary", min_width=80, scale=0)
        note = gr.Markdown(elem_id="note", latex_delimiters=[])
        # One gate for the page and the API decides how many questions are worked on, so Gradio sets no limit.
        events: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": None, "show_progress": "hidden"}
        scope = add_scope(live, page, events)

        def answer(question: str, before: Conversation, writing: Writing, *scope: str) -> Iterator[Shown]:
            if writing.going_on:
                yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), WAIT
                return
            emptied: Any = ""  # the box, once: while the answer comes, the next question may be typed
            stoppable: Any = gr.Button(visible=True)
            said: Any = ""  # of an earlier question; what is said meanwhile stays until the end
            for exchange in until_stopped(answered(live, question, before, scope), writing):
                after = (*before, exchange)[-EXCHANGES_KEPT:]
                if not exchange.coming:
                    stoppable, said = gr.Button(visible=False), ""
                yield messages(after), after, emptied, stoppable, said
                emptied = stoppable = said = gr.skip()

        def example(chosen: gr.SelectData, before: Conversation, writing: Writing, *scope: str) -> Iterator[Shown]:
            yield from answer(str(chosen.value["text"]), before, writing, *scope)

        def halt(writing: Writing) -> None:
            writing.unwanted = True

        def begin_anew(writing: Writing) -> Shown:
            writing.forgotten = True
            writing.wait(END_LIMIT)
            return [], (), "", gr.Button(visible=False), ""

        shown = [chatbot, conversation, box, stop, note]
        asking = {**events, "trigger_mode": "multiple"}  # a question that has to wait is told so
        gr.on([box.submit, ask.click], answer, [box, conversation, writing, *scope], shown, **asking)
        chatbot.example_select(example, [conversation, writing, *scope], shown, **events)
        gr.on([clear.click, chatbot.clear], begin_anew, [writing], shown, **events)
        stop.click(halt, [writing], **events)
        if feedback is not None:
            ending = [clear.click, chatbot.clear, box.submit, ask.click]
            add_feedback(feedback_form, chatbot, conversation, feedback, history, ending, events)

        page.load(partial(greeting, live, suggestions), outputs=[about, chatbot], **events)
    page.queue(api_open=False, max_size=QUEUE)
    return page


def answered(
    live: LiveChain, question: str, before: Conversation, scope: tuple[str, ...] = ()
) -> Generator[Exchange, None, None]:
    """The exchange that a question becomes, as it grows; `scope` says which documents are asked."""
    yield Exchange(question, SEARCHING, coming=True)
    try:
        yield from _growing(live, Question(question, history(before), scope_of(scope)))
    except UserError as error:
        yield Exchange(question, problem_html(str(error)))
    except Exception:
        log.exception("a question failed")
        yield Exchange(question, problem_html("the server failed; its log says where"))


def until_stopped(exchanges: Generator[Exchange, None, None], writing: Writing) -> Iterator[Exchange]:
    """The exchange as it grows, until it is complete or unwanted; then, the latest as it stays."""
    writing.begin()
    try:
        with closing(exchanges):
            for exchange in exchanges:
                if writing.forgotten:
                    return
                if writing.unwanted and exchange.coming:
                    yield stopped(exchange)
                    return
                yield exchange
    finally:
        writing.end()


def stopped(exchange: Exchange) -> Exchange:
    """An exchange of which no more will come."""
    return replace(exchange, html=(exchange.html if exchange.html != SEARCHING else "") + STOPPED, coming=False)


def _growing(live: LiveChain, question: Question) -> Iterator[Exchange]:
    """The exchange after each event that is seen; what has no verdict yet is set in italics."""
    judged = provisional = ""
    looked = time.monotonic()
    with closing(live.events(question)) as events:
        for event in events:
            if isinstance(event, TokenEvent):
                provisional += event.text
                if time.monotonic() < looked + SHOWN_EVERY:
                    continue
                looked = time.monotonic()
            elif isinstance(event, SentenceEvent):
                judged, provisional = judged + _sentence_html(event), ""
            elif isinstance(event, WithdrawnEvent):
                judged = provisional = ""
            elif isinstance(event, DoneEvent):
                yield Exchange(question.text, answer_html(event.answer), event.answer.text, answer=event.answer)
                return
            else:
                continue
            said = judged + (f"<em>{literal(provisional)}…</em>" if provisional else "")
            html = f'<div class="answer"><div class="said">{said}</div></div>' if said else SEARCHING
            yield Exchange(question.text, html, coming=True)


def _sentence_html(event: SentenceEvent) -> str:
    html = literal(event.text)
    if event.sentence.support == "verified":
        return html
    return f'<span class="unsupported">{html} {warning(event.sentence.problems)}</span>'


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """The latest questions and answers, as the chain reads them."""
    latest = [exchange for exchange in conversation if exchange.said is not None][-EXCHANGES_READ:]
    return tuple(turn for e in latest for turn in (Turn("user", e.question), Turn("assistant", e.said or "")))


def messages(conversation: Conversation) -> Messages:
    """The conversation as Gradio shows it."""
    return [
        message
        for exchange in conversation
        for message in (
            {"role": "user", "content": question_html(exchange.question)},
            {"role": "assistant", "content": exchange.html},
        )
    ]
