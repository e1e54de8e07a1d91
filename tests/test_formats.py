"""What holds for a file of every format, from its bytes to the sentences that are cited."""

import pytest
from samples import FIRST, SAMPLES, SECOND
from test_split import count_tokens
from wellformed import assert_wellformed

from assistant.ingest.child import document_of
from assistant.ingest.parse import FORMATS, TEXT_LIMIT, Unreadable, kind_of, parse_bytes
from assistant.ingest.split import SplitLimits, split
from assistant.types import Parsed


def test_there_is_a_sample_of_every_format():
    assert {kind_of(name) for name in SAMPLES} == set(FORMATS.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sentence_is_the_text_at_its_place(name):
    document = document_of(name, SAMPLES[name], TEXT_LIMIT)
    assert_wellformed(Parsed(document.text, document.blocks, document.pages))
    passages = split(document, count_tokens, SplitLimits())
    said = ""
    for passage in passages:
        assert passage.page is None or document.pages[passage.page - 1].number == passage.page
        if passage.page is not None:
            page = document.pages[passage.page - 1]
            assert page.start <= passage.start < page.end
        for sentence in passage.sentences:
            assert passage.start <= sentence.start < sentence.end <= passage.end
            quote = document.text[sentence.start : sentence.end]
            assert quote == quote.strip() != ""
            said += f"{quote}\n"
    assert FIRST in said
    assert SECOND in said
    headings = [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"]
    headers = [document.text[slice(*b.header)] for b in document.blocks if b.header]
    words = set(" ".join([said, *headings, *headers]).split())
    for block in document.blocks:
        assert set(document.text[block.start : block.end].split()) <= words, block


@pytest.mark.parametrize("name", SAMPLES)
def test_the_limit_of_characters_holds(name):
    with pytest.raises(Unreadable, match="longer than the limit of 10 characters"):
        parse_bytes(SAMPLES[name], kind_of(name), limit=10)
