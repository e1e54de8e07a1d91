"""The thumbs below an answer, and what a person may say with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import gradio as gr

from assistant.errors import InputError
from assistant.render import answer_json
from assistant.serve.markup import literal
from assistant.store.feedback import LONGEST_CORRECTION, Feedback, FeedbackStore, Verdict
from assistant.types import Answer, Turn

REASONS: dict[Verdict, list[str]] = {
    "up": ["right and complete", "the right source", "rightly refused", "something else"],
    "down": ["wrong", "incomplete", "beside the point", "wrong source", "should have refused",
             "should not have refused", "something else"],
}  # fmt: skip
KEPT = "Kept on this machine, with the question and the answer."
FORGOTTEN = "Your feedback was taken back."


class Exchanged(Protocol):
    """A question, and the answer that there is to it by now."""

    @property
    def question(self) -> str: ...  # noqa: D102

    @property
    def answer(self) -> Answer | None: ...  # noqa: D102


History = Callable[[Any], tuple[Turn, ...]]  # from the exchanges before a question to what it may lean on


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The feedback that a page is about to say more of, None where it is about none."""

    feedback: Feedback | None = None


def add_feedback(
    form: gr.Column,
    chatbot: gr.Chatbot,
    conversation: gr.State,
    store: FeedbackStore,
    history: History,
    closing: Sequence[Any],
    events: dict[str, Any],
) -> None:
    """Add the thumbs to each answer of a chat, and a form that a thumb opens.

    Args:
        form: where the form is to be, hidden as yet.
        chatbot: what shows the conversation.
        conversation: what holds it, as exchanges.
        store: where feedback is kept.
        history: what a question leans on.
        closing: events that end what was being said, as another question does.
        events: how listeners are added on this page.
    """
    chosen = gr.State(_Chosen())
    with form:
        note = gr.Markdown(elem_id="feedback-note", latex_delimiters=[])
        reason = gr.Radio([], label="Why? (optional)", elem_id="reason")
        correction = gr.Textbox(
            label="What would have been right? (optional)", lines=2, max_lines=6, max_length=LONGEST_CORRECTION
        )
        with gr.Row():
            save = gr.Button("Save", variant="primary", min_width=80, scale=0)
            close = gr.Button("Close", min_width=80, scale=0)

    def react(before: Sequence[Exchanged], event: gr.LikeData) -> tuple[Any, ...]:
        given = feedback_on(before, event.index, event.liked, history)
        if given is None:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        try:
            if event.liked == "":  # the thumb was pressed again
                store.withdraw(given.answer["id"])
                return (
                    gr.Column(visible=True),
                    FORGOTTEN,
                    gr.Radio(visible=False),
                    gr.Textbox(visible=False),
                    _Chosen(),
                )
            store.put(given)
        except InputError as error:
            said = literal(f"It could not be kept: {error}.")
            return gr.Column(visible=True), said, gr.Radio(visible=False), gr.Textbox(visible=False), _Chosen()
        reasons = gr.Radio(REASONS[given.verdict], value=None, visible=True)
        correcting = gr.Textbox(value="", visible=given.verdict == "down")
        return gr.Column(visible=True), KEPT, reasons, correcting, _Chosen(given)

    def say_more(chosen: _Chosen, reason: str | None, correction: str) -> tuple[Any, str]:
        if chosen.feedback is None:
            return gr.Column(visible=False), ""
        try:
            store.put(replace(chosen.feedback, reason=reason or "", correction=correction.strip()))
        except InputError as error:
            return gr.Column(visible=True), literal(f"It could not be kept: {error}.")
        return gr.Column(visible=False), ""

    chatbot.like(react, [conversation], [form, note, reason, correction, chosen], **events)
    save.click(say_more, [chosen, reason, correction], [form, note], **events)
    gr.on([close.click, *closing], lambda: (gr.Column(visible=False), ""), None, [form, note], **events)


def feedback_on(
    conversation: Sequence[Exchanged], index: int | Sequence[int], liked: bool | str, history: History
) -> Feedback | None:
    """Feedback on the answer that the message at an index shows, or None where it shows none.

    Args:
        conversation: the exchanges of the page, two messages each.
        index: the place of the message as the page tells it.
        liked: whether the thumb was up; empty where it was pressed again.
        history: what a question leans on.
    """
    place = index if isinstance(index, int) else index[0] if index else -1
    number = place // 2
    if not (isinstance(number, int) and 0 <= number < len(conversation)):
        return None
    exchange = conversation[number]
    if exchange.answer is None:
        return None
    verdict: Verdict = "up" if liked is True else "down"
    return Feedback(verdict, exchange.question, history(conversation[:number]), answer_json(exchange.answer))
