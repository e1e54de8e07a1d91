"""Late interaction over the packaged embedder's word pieces."""

import numpy as np
import pytest

from assistant.models.embedder import SentenceTransformerEmbedder

pytestmark = pytest.mark.models


def test_each_word_piece_of_the_question_is_matched(embedder: SentenceTransformerEmbedder) -> None:
    question = "Who is the minister of finance?"
    matched = embedder.match_words(question, "The minister of finance is Anna Berg.")
    assert matched.shape == (embedder.count_tokens([question])[0],)
    assert np.all(matched <= 1.0001) and np.allclose(embedder.match_words(question, question), 1.0, atol=1e-3)


def test_a_word_that_the_text_lacks_is_the_worst_matched(embedder: SentenceTransformerEmbedder) -> None:
    question = "Who is the minister of finance?"
    has = embedder.match_words(question, "The minister of finance is Anna Berg.")
    lacks = embedder.match_words(question, "The minister of transport is Anna Berg.")
    assert lacks.min() < has.min()


def test_a_text_of_nothing_matches_nothing(embedder: SentenceTransformerEmbedder) -> None:
    assert not embedder.match_words("Who?", "").any()
