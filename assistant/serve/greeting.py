"""What the chat page shows when it is opened."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from assistant.errors import UserError
from assistant.serve.live import LiveChain
from assistant.serve.markup import about_index, literal
from assistant.serve.suggestions import Suggestions

INVITATION = "Ask a question. Every sentence of the answer cites the exact words of a document."
SUGGESTED_WITHIN = 120  # seconds that a page waits for the questions that it suggests


async def greeting(live: LiveChain, suggestions: Suggestions) -> AsyncIterator[tuple[str, gr.Chatbot]]:
    """The welcome, and once more with the questions to suggest, when they are there."""
    questions = await asyncio.to_thread(suggestions.ready)
    yield await asyncio.to_thread(welcome, live, questions or [])
    until = time.monotonic() + SUGGESTED_WITHIN
    while questions is None and time.monotonic() < until:
        await asyncio.sleep(1)
        questions = await asyncio.to_thread(suggestions.ready)
        if questions:
            yield await asyncio.to_thread(welcome, live, questions)


def welcome(live: LiveChain, suggested: list[str]) -> tuple[str, gr.Chatbot]:
    """What a page shows when it is opened: what is indexed, where questions go, by what they are answered."""
    try:
        manifest = live.manifest()
    except UserError as error:
        return literal(str(error)), gr.Chatbot()
    embedder, reranker = live.models
    models = literal(
        f"Searched by {embedder}, read by {reranker}" + (f", written by {live.chat}" if live.chat else "")
    )
    placeholder = f"{INVITATION}\n\n<small>{models}.</small>"
    examples: Any = [{"text": question} for question in suggested]
    return about_index(manifest, live.chat, live.chat_server), gr.Chatbot(placeholder=placeholder, examples=examples)
