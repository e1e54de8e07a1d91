"""A chat model on a server that the settings name: the only thing that is ever called over the network.

LangChain's `init_chat_model` knows the providers; it comes with an optional extra and is imported only when a chat
model is made. Calls run on an event loop in a thread of its own, for three reasons: a deadline for the whole call
cannot be had from the clients, which only bound each wait; a call that is cancelled there closes its connection at
once, even while the server still reads the prompt; and an empty context inherits no callbacks, so that tracing which
was switched on in the environment for another program sends no document anywhere.
"""

import asyncio
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextvars import Context
from functools import cache
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import InputError, ModelError, UserError

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

EXTRA = "cited-assistant[chat]"
MOST_TOKENS = 700  # of an answer: some twenty sentences
MOST_CHARACTERS = 20_000  # a server that writes on and on regardless
WINDOW = 8192  # tokens; Ollama cuts a prompt down to its own, smaller default without a word
LONGEST_REASON = 200  # characters
PULSE = 0.5  # seconds of silence after which an empty piece is given
# Stands where a client insists on a key, for a server that wants none.
NO_KEY = "none"
_THINK, _THOUGHT = "<think>", "</think>"


class ChatUnavailable(UserError):
    """The chat model cannot answer now: its server is down, too slow, or answers nonsense."""

    status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChatModel(Protocol):
    """What the rest of the program knows of a chat model."""

    @property
    def name(self) -> str:
        """Name as configured."""

    @property
    def limit(self) -> float:
        """Seconds that it may take for one question, all replies together."""

    def write(self, system: str, user: str, seconds: float) -> Generator[str, None, None]:
        """The model's reply, piece by piece as it is written; closing it ends the call.

        While the model is silent there are empty pieces: a generator can be closed only between two pieces.

        Args:
            system: the rules.
            user: what is asked under them.
            seconds: for the whole reply, from the first piece that is asked for to the last.

        Raises:
            ChatUnavailable: the server is down, slower than that, or answers nonsense.
        """


def chat_model(name: str, base_url: str | None, api_key: str | None, limit: float) -> "LangChainChat":
    """The chat model of a name like "ollama:llama3.2" or "openai:NAME"; calls no server yet.

    Args:
        name: provider and model, as `init_chat_model` reads them.
        base_url: of the server; None for the provider's own. "openai" with a URL is any OpenAI-compatible server.
        api_key: sent to the server. None sends none to a server with a URL, and leaves it to the provider's
            own environment variable otherwise: a key of the one is never shown to the other.
        limit: seconds that it may take for one question.

    Raises:
        InputError: the name is not of that form, or the provider does not take the settings.
        ModelError: the extra, or the package of the provider, is not installed.
    """
    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise InputError(f"chat model {name!r} names no provider; write PROVIDER:MODEL, as in ollama:llama3.2")
    try:
        from langchain.chat_models import init_chat_model

        options = _options(provider, base_url, api_key, limit)
        return LangChainChat(name, init_chat_model(model, model_provider=provider, **options), limit)
    except ImportError as error:
        missing = (error.name or f"langchain-{provider}").partition(".")[0].replace("_", "-")
        raise ModelError(
            f"chat model {name} needs {missing}, which is not installed; install {EXTRA}"
            f" or the LangChain package of {provider}"
        ) from error
    except Exception as error:  # whatever a provider's package makes of its options
        raise InputError(f"chat model {name} cannot be used: {_line(error)}") from error


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces without the <think>…</think> that some models begin with; empty ones in its place."""
    held: str | None = ""  # what may be, or is, such a beginning; None behind it
    for piece in pieces:
        if held is None:
            yield piece
            continue
        held += piece
        begun = held.lstrip()
        if begun.startswith(_THINK):
            _, closed, rest = begun.partition(_THOUGHT)
            yield rest
            held = None if closed else held
        elif _THINK.startswith(begun):
            yield ""
        else:
            yield held
            held = None
    if held and not held.lstrip().startswith(_THINK):
        yield held


def _options(provider: str, base_url: str | None, api_key: str | None, limit: float) -> dict[str, Any]:
    """Keyword arguments for the provider's class; each names the same things in its own way."""
    options: dict[str, Any] = {"temperature": 0}
    if base_url:
        options["base_url"] = base_url
    if provider == "ollama":
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        return options | {
            "num_predict": MOST_TOKENS,
            "num_ctx": WINDOW,
            "client_kwargs": {"timeout": limit, "headers": headers},
        }
    if api_key or base_url:
        options["api_key"] = api_key or NO_KEY
    if provider == "openai":
        options["stream_chunk_timeout"] = limit  # two minutes otherwise, in which a slow server reads no long prompt
    return options | {"max_tokens": MOST_TOKENS, "timeout": limit, "max_retries": 0}


class LangChainChat:
    """A `ChatModel` over any chat model of LangChain; `tokens` are those read and written so far, as servers tell."""

    def __init__(self, name: str, model: "BaseChatModel", limit: float) -> None:
        self.name = name
        self.limit = limit
        self.tokens = (0, 0)
        self._model = model

    def write(self, system: str, user: str, seconds: float) -> Generator[str, None, None]:
        """The model's reply, piece by piece as it is written; see `ChatModel.write`."""
        pieces: Queue[str | ChatUnavailable | None] = Queue()
        ends = time.monotonic() + seconds
        call = Context().run(asyncio.run_coroutine_threadsafe, self._call(system, user, pieces), _loop())
        said = False
        try:
            while (piece := self._next(pieces, ends)) is not None:
                if isinstance(piece, ChatUnavailable):
                    raise piece
                said = said or bool(piece.strip())
                yield piece
        finally:
            call.cancel()  # a call that goes on loses its connection, and the server stops writing
        if not said:
            raise ChatUnavailable(f"chat model {self.name} answered nothing")

    def _next(self, pieces: "Queue[str | ChatUnavailable | None]", ends: float) -> str | ChatUnavailable | None:
        left = ends - time.monotonic()
        if left <= 0:
            raise ChatUnavailable(f"chat model {self.name} did not answer within {self.limit:g} seconds")
        try:
            return pieces.get(timeout=min(left, PULSE))
        except Empty:
            return ""

    async def _call(self, system: str, user: str, pieces: "Queue[str | ChatUnavailable | None]") -> None:
        """Put the text of each chunk into `pieces`, then None, or why there is no answer."""
        from langsmith import tracing_context

        length = 0
        try:
            with tracing_context(enabled=False):
                async for chunk in self._model.astream([("system", system), ("user", user)]):
                    if told := getattr(chunk, "usage_metadata", None):
                        self.tokens = self.tokens[0] + told["input_tokens"], self.tokens[1] + told["output_tokens"]
                    text = str(chunk.text)
                    length += len(text)
                    if length > MOST_CHARACTERS:
                        raise ChatUnavailable(
                            f"chat model {self.name} wrote more than {MOST_CHARACTERS:,} characters"
                        )
                    pieces.put(text)
            pieces.put(None)
        except ChatUnavailable as unavailable:
            pieces.put(unavailable)
        except Exception as error:  # each client has its own kinds; all mean that there is no answer
            pieces.put(ChatUnavailable(f"chat model {self.name} does not answer: {_line(error)}"))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all calls: clients share connections, and a connection belongs to one loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True, name="chat").start()
    return loop


def _line(error: Exception) -> str:
    """What an exception says, on one short line; its cause, where that says more ("Connection error.")."""
    words = str(error)
    cause = str(error.__cause__ or "")
    if cause not in words:
        words = f"{words} ({cause})"
    line = " ".join(words.split()) or type(error).__name__
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 3] + "..."
