"""Text to vectors, through sentence-transformers."""

import json
import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.errors import ModelError
from assistant.models.weights import ModelFolder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Sorted by length inside encode(), so small steps keep padding low; larger ones gain nothing on two cores.
BATCH = 16


class Embedder(Protocol):
    """What the rest of the program knows of an embedding model."""

    @property
    def name(self) -> str:
        """Name as configured."""

    @property
    def digest(self) -> str:
        """Hash of the weights and their settings: vectors of another digest are not comparable."""

    @property
    def window(self) -> int:
        """Most word pieces of a text that count, special tokens left out."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens left out."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, as rows: shape (texts, dimensions)."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a question, shape (dimensions,)."""

    def match_words(self, question: str, text: str) -> NDArray[np.float32]:
        """For each word piece of the question, its cosine with the nearest one of the text, both in context."""


class SentenceTransformerEmbedder:
    """An `Embedder` over a folder of sentence-transformers weights.

    The weights and torch are loaded when the first text is embedded: importing them takes seconds, and
    a command that embeds nothing does not need them.
    """

    def __init__(self, folder: ModelFolder, threads: int) -> None:
        self.name = folder.name
        self.digest = folder.digest
        self._path = folder.path
        self._threads = threads

    @cached_property
    def model(self) -> "SentenceTransformer":
        """The loaded model."""
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Threads that wait by spinning take the processor from those that work: on a busy machine with two
        # cores a query took 4 to 7 times as long.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(self._threads)
        try:
            # No code from the folder is ever run, and nothing is looked up on a hub.
            return SentenceTransformer(str(self._path), device="cpu", local_files_only=True, trust_remote_code=False)
        except Exception as error:  # noqa: BLE001 - whatever a broken folder raises, the user can mend it
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"embedding model {self.name!r} cannot be loaded: {reason}") from error

    @cached_property
    def window(self) -> int:
        """Most word pieces of a text that count, special tokens left out."""
        config = self._path / "sentence_bert_config.json"
        length = json.loads(config.read_text()).get("max_seq_length") if config.is_file() else None
        length = length or self.model.max_seq_length or 512
        return int(length) - 2

    @cached_property
    def _tokenizer(self) -> Tokenizer | None:
        file = self._path / "tokenizer.json"
        if not file.is_file():
            return None
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens left out."""
        if self._tokenizer is not None:
            encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
            return [len(e) for e in encodings]
        tokenizer: Any = self.model.tokenizer
        return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, as rows: shape (texts, dimensions)."""
        vectors = self.model.encode_document(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a question, shape (dimensions,)."""
        vector = self.model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)

    def match_words(self, question: str, text: str) -> NDArray[np.float32]:
        """For each word piece of the question, its cosine with the nearest one of the text, both in context.

        This is late interaction (Khattab and Zaharia, 2020, "ColBERT") before the sum, special tokens left out.
        """
        found: Any = self.model.encode(
            [question, text], output_value="token_embeddings", convert_to_numpy=False, show_progress_bar=False
        )
        asked, held = (np.asarray(pieces.cpu(), dtype=np.float32)[1:-1] for pieces in found)
        if not len(asked) or not len(held):
            return np.zeros(len(asked), dtype=np.float32)
        asked, held = (pieces / np.linalg.norm(pieces, axis=1, keepdims=True) for pieces in (asked, held))
        return np.asarray((asked @ held.T).max(axis=1), dtype=np.float32)
