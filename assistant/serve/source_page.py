"""The page of a source: plain HTML without a script, shown beside the chat or in a tab of its own."""

import html
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from assistant.ingest.pages import Picture, PlacedBox
from assistant.render import page_name
from assistant.serve.markup import readable_date
from assistant.serve.source_text import Span, text_html, window
from assistant.serve.sources import Source

ZOOMS = (100, 150, 200, 300)  # percent of the width that there is
ALSO = 5  # other paths that are named


@dataclass(frozen=True, slots=True)
class View:
    """What of a source is shown: the cited words, and as a page or as text, from where and how large."""

    cited: Span
    shape: Literal["page", "text"]
    page: int | None = None
    first: int | None = None
    zoom: int = 100

    def link(self, source: Source) -> str:
        """The address of this view, seen from the page of another view of the same source."""
        values = {"start": self.cited[0], "end": self.cited[1], "view": self.shape}
        values |= {"page": self.page} if self.page is not None else {}
        values |= {"first": self.first} if self.first is not None else {}
        values |= {"zoom": self.zoom} if self.zoom != 100 else {}
        return f"{source.id}?{urlencode(values)}"


def text_page(source: Source, view: View, notices: list[str]) -> str:
    """A source as text, or the part of it around the cited words."""
    document = source.document
    shown = window(document, view.cited, view.first)
    start, end = shown
    size = len(document.text)
    earlier = replace(view, first=max(0, start - (end - start))) if start else None
    later = replace(view, first=end) if end < size else None
    here = f"characters {start + 1:,} to {end:,} of {size:,}" if earlier or later else ""
    parts = _turns(source, ("Earlier", earlier), here, ("Later", later))
    back = "" if start <= view.cited[0] < end else _link(source, replace(view, first=None), "To the cited words")
    tools = _nav("Parts of the text", parts + back) if parts or back else ""
    language = f' lang="{html.escape(document.language)}"' if document.language else ""
    words = f'<div class="text {document.kind}"{language}>{text_html(document, shown, view.cited)}</div>'
    return _page(source, view, notices, tools, words)


def picture_page(
    source: Source, view: View, notices: list[str], picture: Picture, boxes: tuple[PlacedBox, ...]
) -> str:
    """A page of a PDF as it is drawn, with boxes over the cited words."""
    number = view.page or 1
    document = source.document
    label = next((page.label for page in document.pages if page.number == number), None)
    name = page_name(document.kind, number, label)
    before = replace(view, page=number - 1) if number > 1 else None
    after = replace(view, page=number + 1) if number < picture.pages else None
    turns = _turns(source, ("Previous page", before), f"{name} of {picture.pages}", ("Next page", after))
    cited = sorted({box.page for box in boxes})
    if cited and number not in cited:
        turns += _link(source, replace(view, page=cited[0]), "To the cited words")
    zooms = "".join(
        _link(source, replace(view, zoom=zoom), f"{zoom} %", current=zoom == view.zoom, said=f"Zoom {zoom} %")
        for zoom in ZOOMS
    )
    here = [box for box in boxes if box.page == number]
    tools = _nav("Pages", turns) + _nav("Zoom", zooms)
    return _page(source, view, notices, tools, _drawing(source, view, name, picture, here))


def problem_page(message: str) -> str:
    """Why a source cannot be shown."""
    told = html.escape(message[:1].upper() + message[1:])
    return _document("Source", f'<main><h1>Source</h1><p class="notice" role="status">{told}.</p></main>')


def _drawing(source: Source, view: View, name: str, picture: Picture, boxes: list[PlacedBox]) -> str:
    width, height = f"{picture.width:.2f}", f"{picture.height:.2f}"
    first = ' id="cited"'
    rects = "".join(
        f'<rect class="box"{"" if n else first} x="{box.left:.2f}" y="{box.top:.2f}" '
        f'width="{box.width:.2f}" height="{box.height:.2f}"/>'
        for n, box in enumerate(boxes)
    )
    address = f"{source.id}/page-{view.page or 1}.png"
    quote = source.document.text[slice(*view.cited)]
    told = f'<figcaption>Cited here: <q dir="auto">{html.escape(quote)}</q></figcaption>' if boxes else ""
    title = html.escape(f"{name}, drawn" + ("; the cited words are marked" if boxes else ""))
    return (
        f'<figure><div class="sheet" tabindex="0" role="region" aria-label="{html.escape(name)}">'
        f'<svg class="zoom-{view.zoom}" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">'
        f'<image href="{address}" width="{width}" height="{height}"/>{rects}</svg></div>{told}</figure>'
    )


def _page(source: Source, view: View, notices: list[str], tools: str, main: str) -> str:
    document = source.document
    facts = [source.paths[0], *([readable_date(document.date)] if document.date else [])]
    also = source.paths[1 : 1 + ALSO]
    others = f"Also in: {', '.join(also)}" + (" and others" if len(source.paths) > 1 + ALSO else "") if also else ""
    told = "".join(f'<p class="notice" role="status">{html.escape(text)}</p>' for text in notices)
    head = (
        f'<h1 dir="auto">{html.escape(document.title)}</h1>'
        f'<p class="facts"><bdi>{html.escape(" · ".join(facts))}</bdi></p>'
        + (f'<p class="facts"><bdi>{html.escape(others)}</bdi></p>' if others else "")
    )
    tools = f'<div class="tools">{_shapes(source, view)}{tools}</div>'
    return _document(f"{document.title} – source", f"<header>{head}{told}</header>{tools}<main>{main}</main>")


def _shapes(source: Source, view: View) -> str:
    shapes = ""
    if source.document.kind == "pdf":
        drawn = replace(view, shape="page", page=view.page or page_of(source, view.cited), first=None)
        read = replace(view, shape="text", first=None, zoom=100)
        shapes = _link(source, drawn, "Page", current=view.shape == "page")
        shapes += _link(source, read, "Text", current=view.shape == "text")
    return _nav(
        "Views", f'{shapes}<a href="{source.id}/file" download aria-label="Download the original">Original</a>'
    )


def page_of(source: Source, cited: Span) -> int:
    """The number of the page on which the cited words begin, 1 where there is none."""
    begun = [page.number for page in source.document.pages if page.start <= cited[0] < page.end]
    return begun[0] if begun else 1


def _turns(source: Source, back: tuple[str, View | None], here: str, on: tuple[str, View | None]) -> str:
    links = [_link(source, view, name) if view else "" for name, view in (back, on)]
    return (
        links[0]
        + (f'<span class="here">{html.escape(here[:1].upper() + here[1:])}</span>' if here else "")
        + links[1]
    )


def _link(source: Source, view: View, name: str, current: bool = False, said: str | None = None) -> str:
    marked = ' aria-current="true"' if current else ""
    label = f' aria-label="{html.escape(said)}"' if said else ""
    return f'<a href="{html.escape(view.link(source))}#cited"{marked}{label}>{html.escape(name)}</a>'


def _nav(name: str, inner: str) -> str:
    return f'<nav aria-label="{name}">{inner}</nav>'


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{html.escape(title)}</title><link rel="stylesheet" href="/sources/style.css"></head>'
        f"<body>{body}</body></html>"
    )
