"""How well a text answers a question: a cross-encoder, through onnxruntime or sentence-transformers."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from tokenizers import Encoding, Tokenizer

from assistant.errors import ModelError
from assistant.models.weights import ONNX, ModelFolder

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
        model = str(self._path / ONNX)
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


class SentenceTransformerReranker:
    """A `Reranker` over a folder of weights of a sentence-transformers cross-encoder, one pair a run as well."""

    def __init__(self, folder: ModelFolder, threads: int) -> None:
        self.name = folder.name
        self.digest = folder.digest
        self._path = folder.path
        self._threads = threads

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import CrossEncoder as Model
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(self._threads)
        try:
            # No code from the folder is ever run, and nothing is looked up on a hub.
            model = Model(str(self._path), device="cpu", local_files_only=True, trust_remote_code=False)
        except Exception as error:  # noqa: BLE001 - whatever a broken folder raises, the user can mend it
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"cross-encoder {self.name!r} cannot be loaded: {reason}") from error
        if model.num_labels != 1:
            raise ModelError(f"cross-encoder {self.name!r} gives {model.num_labels} scores a pair; name one of one")
        model.max_seq_length = min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
        return model

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """A logit for each text, higher where it answers the question better."""
        if not texts:
            return []
        from torch.nn import Identity

        pairs = [(question, text) for text in texts]
        logits = self._model.predict(pairs, batch_size=1, activation_fn=Identity(), show_progress_bar=False)
        return [float(logit) for logit in logits]


def reranker_of(folder: ModelFolder, threads: int) -> Reranker:
    """The cross-encoder of a folder, run by onnxruntime where the folder holds a model for it."""
    onnx = (folder.path / ONNX).is_file()
    return CrossEncoder(folder, threads) if onnx else SentenceTransformerReranker(folder, threads)


def _run(session: "InferenceSession", pair: Encoding) -> float:
    inputs = {
        "input_ids": np.array([pair.ids], dtype=np.int64),
        "attention_mask": np.array([pair.attention_mask], dtype=np.int64),
        "token_type_ids": np.array([pair.type_ids], dtype=np.int64),
    }
    taken = {given.name for given in session.get_inputs()}  # not every model tells the question from the text
    return float(session.run(None, {name: ids for name, ids in inputs.items() if name in taken})[0][0, 0])
