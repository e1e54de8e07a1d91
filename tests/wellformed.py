"""What holds for every document, whatever format it was read from."""

from assistant.types import Parsed


def assert_wellformed(parsed: Parsed) -> None:
    """Blocks and pages are in order and inside the text, and headers are rows of it."""
    text = parsed.text
    text.encode()
    assert "\0" not in text
    rows = {(block.start, block.end) for block in parsed.blocks if block.kind == "row"}
    end = 0
    for block in parsed.blocks:
        assert end <= block.start < block.end <= len(text), block
        shown = text[block.start : block.end]
        assert shown == shown.strip(), (block, shown)
        assert (1 <= block.level <= 6) == (block.kind == "heading"), block
        if block.kind == "row":
            assert "\n" not in shown, (block, shown)
        if block.header is not None:
            assert block.kind == "row" and block.header in rows and block.header[0] <= block.start, block
        end = block.end
    end = 0
    for number, page in enumerate(parsed.pages, start=1):
        assert page.number == number
        assert end <= page.start <= page.end <= len(text), page
        end = page.end
    if parsed.pages:
        outside = [b for b in parsed.blocks if not any(p.start <= b.start < p.end for p in parsed.pages)]
        assert not outside, outside


def shown(parsed: Parsed) -> list[tuple[str, str]]:
    """The kind and text of each block; a heading's kind with its level."""
    return [
        (f"{block.kind} {block.level}" if block.level else block.kind, parsed.text[block.start : block.end])
        for block in parsed.blocks
    ]


def rows_under(parsed: Parsed) -> list[tuple[str | None, str]]:
    """The text of each row's header, and of the row."""
    return [
        (block.header and parsed.text[slice(*block.header)], parsed.text[block.start : block.end])
        for block in parsed.blocks
        if block.kind == "row"
    ]
