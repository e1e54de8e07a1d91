"""An answer as an OpenAI chat completion, whole or in chunks: words, and annotations with exact places in them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from fastapi.sse import format_sse_event

from assistant.events import DoneEvent, SentenceEvent, WithdrawnEvent
from assistant.render import answer_json, to_json
from assistant.serve.answering import Told
from assistant.serve.guard import openai_body
from assistant.serve.problems import status_of
from assistant.serve.sources import document_id
from assistant.types import Answer, AnswerSentence, Citation

MODEL = "cited-assistant"
NOT_SUPPORTED = " (not supported by the sources)"
COUNTED = (
    "word pieces of the embedding model: of the question, of the messages before it, and of the content; "
    "what a chat model behind the assistant reads and writes is not counted"
)


Usage = Callable[[str], dict[str, Any]]  # from the content


@dataclass(slots=True)
class Content:
    """The content as far as it is written, and where in it which citation is named."""

    base: str  # of the server's address, as in http://127.0.0.1:7860/
    text: str = ""
    named: list[tuple[int, int, int, AnswerSentence, int]] = field(default_factory=list)

    def add(self, piece: str, sentence: AnswerSentence) -> str:
        """Write a sentence, `piece` ending with it and its markers; what is written is returned."""
        begins = len(self.text) + len(piece) - (sentence.end - sentence.start)
        self.text += piece
        end = len(self.text)
        markers = [f"[{n}]" for n in sentence.citations]
        if piece.endswith("".join(markers)):
            for n, marker in zip(reversed(sentence.citations), reversed(markers), strict=True):
                self.named.append((end - len(marker), end, n, sentence, begins))
                end -= len(marker)
        if sentence.support == "unsupported":
            self.text += NOT_SUPPORTED
            piece += NOT_SUPPORTED
        return piece

    def withdraw(self, reason: str) -> str:
        """Take back what was written, of which a client may have shown all; what is written is returned."""
        self.named.clear()
        piece = f"\n\n({reason}: what stands above does not count.)\n\n" if self.text else ""
        self.text += piece
        return piece

    def say(self, words: str) -> str:
        """Write words that cite nothing."""
        self.text += words
        return words

    def annotations(self, citations: tuple[Citation, ...]) -> list[dict[str, Any]]:
        """A citation of each marker, in the order of the content: `text[start_index:end_index]` is the marker."""
        by_number = {citation.n: citation for citation in citations}
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": start,
                    "end_index": end,
                    "title": by_number[n].title,
                    "url": self._address(by_number[n]),
                },
                "citation": asdict(by_number[n]),
                "sentence": {"start": begins, "end": begins + sentence.end - sentence.start},
                "support": sentence.support,
            }
            for start, end, n, sentence, begins in sorted(self.named, key=lambda each: each[0])
        ]

    def _address(self, citation: Citation) -> str:
        """Where the quote is read: the document's text, beginning with it."""
        length = citation.end - citation.start
        place = f"offset={citation.start}&limit={length}"
        return f"{self.base}api/v1/documents/{document_id(citation.document_sha256, citation.document)}?{place}"


def content_of(answer: Answer, base: str) -> Content:
    """A whole answer as content; a refusal is its one sentence."""
    content, end = Content(base), 0
    for sentence in answer.sentences if answer.status == "answered" else ():
        content.add(answer.text[end : sentence.end], sentence)
        end = sentence.end
    if not content.text:
        content.say(answer.text)
    return content


def completion(identity: str, content: Content, answer: Answer, usage: Usage, ignored: list[str]) -> dict[str, Any]:
    """A whole completion. `answer` and `ignored` are not OpenAI's."""
    message = {
        "role": "assistant",
        "content": content.text,
        "refusal": None,
        "annotations": content.annotations(answer.citations),
    }
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    more = {"choices": [choice], "usage": usage(content.text), "answer": answer_json(answer), "ignored": ignored}
    return _head(identity, "chat.completion") | more


class Chunks:
    """A completion in chunks: each sentence when it has its verdict, the annotations of all of them at the end."""

    def __init__(self, identity: str, base: str, ignored: list[str], usage: Usage | None) -> None:
        self._head = _head(identity, "chat.completion.chunk")
        self._content = Content(base)
        self._ignored, self._usage = ignored, usage

    def first(self) -> bytes:
        """Who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def of(self, told: Told) -> Iterator[bytes]:
        """The chunks that tell it, if it is told."""
        content = self._content
        match told:
            case SentenceEvent(text, sentence):
                yield self._chunk({"content": content.add(text, sentence)})
            case WithdrawnEvent(reason) if content.text:
                yield self._chunk({"content": content.withdraw(reason)})
            case DoneEvent(answer):
                if answer.status == "refused":
                    yield self._chunk({"content": content.say(answer.text)})
                delta = {"annotations": content.annotations(answer.citations)}
                yield self._chunk(delta, "stop", answer=answer_json(answer), ignored=self._ignored)
                if self._usage:
                    yield self._event({"choices": [], "usage": self._usage(content.text)})
            case Exception():
                yield format_sse_event(data_str=to_json(openai_body(*status_of(told))))

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        return self._event(
            {"choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}], **more}
        )

    def _event(self, more: dict[str, Any]) -> bytes:
        return format_sse_event(data_str=to_json(self._head | more))


def _head(identity: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{identity}", "object": kind, "created": int(time.time()), "model": MODEL}
