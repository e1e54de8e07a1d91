"""How well a text answers a question: a cross-encoder in int8, through onnxruntime."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from tokenizers import Encoding, Tokenizer

from assistant.models.weights import ModelFolder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MAX_TOKENS = 512  # positions the model was trained with


class Reranker(Protocol):
    """What the rest of the program knows of a reranking model."""

    @property
    def name(self) -> str:
        """Name as configured."""

    @property
    def digest(self) -> str:
        """Hash of the weights: scores of another digest mean something else."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text, higher where it answers the question better."""


class CrossEncoder:
    """A `Reranker` that runs each pair alone.

    Dynamic int8 quantisation takes its range from a whole batch, so in a batch a pair's score depends on its
    neighbours (by up to 0.7 logits here). One pair a run makes a score a function of the pair, needs no
    padding, and with a thread a pair is also the fastest way on two cores.
    """

    def __init__(self, folder: ModelFolder, threads: int) -> None:
        self.name = folder.name
        self.digest = folder.digest
        self._path = folder.path
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reranker")

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        model = str(self._path / "model.onnx")
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._path / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text, higher where it answers the question better."""
        session = self._session  # loaded here, by one thread
        pairs = self._tokenizer.encode_batch([(question, text) for text in texts])
        # Long pairs first: the last thread to finish then has a short one.
        order = sorted(range(len(pairs)), key=lambda i: -len(pairs[i].ids))
        scores = [0.0] * len(pairs)
        for i, score in zip(order, self._pool.map(lambda i: _run(session, pairs[i]), order), strict=True):
            scores[i] = score
        return scores


def _run(session: "InferenceSession", pair: Encoding) -> float:
    inputs = {
        "input_ids": np.array([pair.ids], dtype=np.int64),
        "attention_mask": np.array([pair.attention_mask], dtype=np.int64),
        "token_type_ids": np.array([pair.type_ids], dtype=np.int64),
    }
    return float(session.run(None, inputs)[0][0, 0])
