"""Which documents are asked: the fields of the chat page that make a filter."""

from typing import Any

import gradio as gr

from assistant.answer.filters import parse_filter
from assistant.errors import UserError
from assistant.filter import NAMED, Filter
from assistant.ingest.language import NAMES
from assistant.serve.live import LiveChain
from assistant.store.library import count_kinds, list_folders

ALL = [("all", "")]
LABEL = "Documents to ask: {}"
LONGEST_DATE = 10  # characters


def add_scope(live: LiveChain, page: gr.Blocks, events: dict[str, Any]) -> list[Any]:
    """Add the fields, closed at first, and give them in the order that `scope_of` reads them.

    Args:
        live: what is asked.
        page: the page that they are on; when it is opened, they learn what there is to choose from.
        events: how listeners are added on this page.
    """
    with gr.Accordion(LABEL.format("all"), open=False, elem_id="scope") as panel, gr.Row():
        # Values of one's own are allowed, since the index may change under an open page.
        choosing: dict[str, Any] = {"value": "", "allow_custom_value": True, "min_width": 140}
        folder = gr.Dropdown(ALL, label="Folder", **choosing)
        kind = gr.Dropdown(ALL, label="Type", **choosing)
        language = gr.Dropdown(ALL, label="Language", **choosing)
        dated: dict[str, Any] = {"max_length": LONGEST_DATE, "max_lines": 1, "min_width": 140}
        since = gr.Textbox(label="From", placeholder="2024-07", **dated)
        until = gr.Textbox(label="Until", placeholder="2024-07-03", **dated)
    fields: list[Any] = [folder, kind, language, since, until]

    def choices() -> tuple[Any, ...]:
        try:
            with live.reading() as (_, catalog):
                found = list_folders(catalog), list(count_kinds(catalog)), [c for c in catalog.languages() if c]
        except UserError:  # the page says elsewhere that there is no index
            found = [], [], []
        folders, kinds, codes = found
        named = [(NAMES.get(code, code), code) for code in codes]
        return gr.Dropdown(ALL + _paired(folders)), gr.Dropdown(ALL + _paired(kinds)), gr.Dropdown(ALL + named)

    def describe(*values: str) -> Any:
        return gr.Accordion(label=LABEL.format(Filter(*_given(values)) if any(_given(values)) else "all"))

    page.load(choices, None, fields[:3], **events)
    gr.on([field.change for field in fields], describe, fields, [panel], **events)
    return fields


def scope_of(values: tuple[str | None, ...]) -> Filter | None:
    """The filter that the values of the fields are, None where all documents are asked.

    Raises:
        InputError: one of them cannot be used.
    """
    return parse_filter(dict(zip(NAMED, _given(values), strict=True)), "the documents to ask") if values else None


def _given(values: tuple[str | None, ...]) -> list[str | None]:
    return [(value or "").strip() or None for value in values]


def _paired(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]
