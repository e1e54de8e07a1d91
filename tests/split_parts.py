"""Documents laid out by hand and the checks that hold for passages of any, for the tests of splitting."""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.ingest.split import SplitLimits, split
from assistant.types import Block, Document, Page, Passage

LIMITS = SplitLimits(max_tokens=50, target_tokens=30)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Words and punctuation, words in pieces of four characters: like word pieces, but countable by hand."""
    return [sum(-(-len(token) // 4) for token in re.findall(r"\w+|[^\w\s]", text)) for text in texts]


def document(*parts: tuple[str, str], title: str = "Guide", pages: tuple[Page, ...] = ()) -> Document:
    """Lay parts out one below another: ("h2", text), ("p", text), ("item", …), ("code", …), ("head", …), ("row", …).

    A "row" stands below the "head" before it, "loose" rows have no header.
    """
    blocks: list[Block] = []
    text = ""
    header = None
    for kind, content in parts:
        text += "\n\n" if text else ""
        span = len(text), len(text) + len(content)
        text += content
        if kind == "head":
            header = span
        if kind[0] == "h" and kind[1:].isdigit():
            blocks.append(Block("heading", *span, level=int(kind[1:])))
        elif kind in ("head", "row"):
            blocks.append(Block("row", *span, header=header))
        else:
            names = {"p": "paragraph", "item": "item", "code": "code", "loose": "row"}
            blocks.append(Block(names[kind], *span))
    return Document("guide.md", "0" * 64, "md", title, None, "en", text, tuple(blocks), pages)


def passages_of(*parts: tuple[str, str], limits: SplitLimits = LIMITS, **kwargs) -> list[Passage]:
    built = document(*parts, **kwargs)
    found = split(built, count_tokens, limits)
    check(built, found, limits)
    return found


def texts(passages: Sequence[Passage]) -> list[str]:
    """What each passage says below its context."""
    return [p.search_text.removeprefix(p.context).removeprefix("\n") for p in passages]


def prose(tokens: int, word: str = "word") -> str:
    """A sentence of so many tokens, its stop included."""
    return word.capitalize() + f" {word}" * (tokens - 2) + "."


def check(built: Document, passages: Sequence[Passage], limits: SplitLimits) -> None:
    """What holds for every document: order, spans, coverage, size."""
    text = built.text
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    for left, right in pairwise(sentences):
        assert left.end <= right.start
    covered = [False] * len(text)
    for sentence in sentences:
        quote = text[sentence.start : sentence.end]
        assert quote and quote == quote.strip()
        assert len(quote) <= 1000
        assert any(
            b.start <= sentence.start and sentence.end <= b.end and b.kind == sentence.kind for b in built.blocks
        )
        covered[sentence.start : sentence.end] = [True] * len(quote)
    headers = {b.header for b in built.blocks if b.header not in (None, (b.start, b.end))}
    for block in built.blocks:
        if block.kind != "heading" and (block.start, block.end) not in headers:
            missed = [i for i in range(block.start, block.end) if not covered[i] and not text[i].isspace()]
            assert missed == []
    for block in built.blocks:
        name = " ".join(text[block.start : block.end].split())
        if block.kind == "heading" and name and name != " ".join(built.title.split()):
            said = all(covered[i] for i in range(block.start, block.end) if not text[i].isspace())
            assert said or any(name[:150] in passage.heading for passage in passages)
            assert said or not any(p.start < block.start < p.end for p in passages)
    for passage in passages:
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert passage.search_text.startswith(passage.context)
    assert all(size <= limits.max_tokens for size in count_tokens([p.search_text for p in passages]))
