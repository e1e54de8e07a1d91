"""A chat model on a server that the settings name: the only thing that is ever called over the network.

LangChain's `init_chat_model` knows the providers; it comes with an optional extra and is imported only when a chat
model is made. A call runs in a thread of its own, for two reasons: a deadline for the whole call cannot be had from
the clients, which only bound each wait; and a new thread inherits no callbacks, so that tracing which was switched
on in the environment for another program sends no document anywhere.
"""

import threading
import time
from collections.abc import Iterator
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
# Stands where a client insists on a key, for a server that wants none.
NO_KEY = "none"


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

    def write(self, system: str, user: str) -> Iterator[str]:
        """The model's reply, piece by piece as it is written.

        Raises:
            ChatUnavailable: the server is down, slower than the deadline, or answers nonsense.
        """


def chat_model(name: str, base_url: str | None, api_key: str | None, deadline: float) -> "LangChainChat":
    """The chat model of a name like "ollama:llama3.2" or "openai:NAME"; calls no server yet.

    Args:
        name: provider and model, as `init_chat_model` reads them.
        base_url: of the server; None for the provider's own. "openai" with a URL is any OpenAI-compatible server.
        api_key: sent to the server. None sends none to a server with a URL, and leaves it to the provider's
            own environment variable otherwise: a key of the one is never shown to the other.
        deadline: seconds for a whole reply.

    Raises:
        InputError: the name is not of that form, or the provider does not take the settings.
        ModelError: the extra, or the package of the provider, is not installed.
    """
    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise InputError(f"chat model {name!r} names no provider; write PROVIDER:MODEL, as in ollama:llama3.2")
    try:
        from langchain.chat_models import init_chat_model

        options = _options(provider, base_url, api_key, deadline)
        return LangChainChat(name, init_chat_model(model, model_provider=provider, **options), deadline)
    except ImportError as error:
        missing = (error.name or f"langchain-{provider}").partition(".")[0].replace("_", "-")
        raise ModelError(
            f"chat model {name} needs {missing}, which is not installed; install {EXTRA}"
            f" or the LangChain package of {provider}"
        ) from error
    except Exception as error:  # whatever a provider's package makes of its options
        raise InputError(f"chat model {name} cannot be used: {_line(error)}") from error


def _options(provider: str, base_url: str | None, api_key: str | None, deadline: float) -> dict[str, Any]:
    """Keyword arguments for the provider's class; each names the same things in its own way."""
    options: dict[str, Any] = {"temperature": 0}
    if base_url:
        options["base_url"] = base_url
    if provider == "ollama":
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        return options | {
            "num_predict": MOST_TOKENS,
            "num_ctx": WINDOW,
            "client_kwargs": {"timeout": deadline, "headers": headers},
        }
    if api_key or base_url:
        options["api_key"] = api_key or NO_KEY
    return options | {"max_tokens": MOST_TOKENS, "timeout": deadline, "max_retries": 0}


class LangChainChat:
    """A `ChatModel` over any chat model of LangChain."""

    def __init__(self, name: str, model: "BaseChatModel", deadline: float) -> None:
        self.name = name
        self._model = model
        self._deadline = deadline

    def write(self, system: str, user: str) -> Iterator[str]:
        """The model's reply, piece by piece as it is written.

        The deadline runs from the first piece that is asked for to the last; who stops early ends the call.

        Raises:
            ChatUnavailable: the server is down, slower than the deadline, or answers nonsense.
        """
        pieces: Queue[str | Exception | None] = Queue()
        given_up = threading.Event()
        call = threading.Thread(target=self._call, args=(system, user, pieces, given_up), daemon=True, name="chat")
        ends = time.monotonic() + self._deadline
        call.start()
        try:
            yield from self._arriving(pieces, ends)
        finally:
            given_up.set()

    def _arriving(self, pieces: "Queue[str | Exception | None]", ends: float) -> Iterator[str]:
        said, length = False, 0
        while (piece := self._next(pieces, ends)) is not None:
            if isinstance(piece, Exception):
                raise ChatUnavailable(f"chat model {self.name} does not answer: {_line(piece)}") from piece
            said = said or bool(piece.strip())
            length += len(piece)
            if length > MOST_CHARACTERS:
                raise ChatUnavailable(f"chat model {self.name} wrote more than {MOST_CHARACTERS:,} characters")
            yield piece
        if not said:
            raise ChatUnavailable(f"chat model {self.name} answered nothing")

    def _next(self, pieces: "Queue[str | Exception | None]", ends: float) -> str | Exception | None:
        left = ends - time.monotonic()
        try:
            if left > 0:
                return pieces.get(timeout=left)
        except Empty:
            pass
        raise ChatUnavailable(f"chat model {self.name} did not answer within {self._deadline:g} seconds")

    def _call(
        self, system: str, user: str, pieces: "Queue[str | Exception | None]", given_up: threading.Event
    ) -> None:
        """Put the text of each chunk into `pieces`, then None, or the exception that ended the call."""
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):
                for chunk in self._model.stream([("system", system), ("user", user)]):
                    if given_up.is_set():
                        return  # leaving the stream closes the connection, and the server stops writing
                    if text := str(chunk.text):
                        pieces.put(text)
            pieces.put(None)
        except Exception as error:  # each client has its own kinds; all mean that there is no answer
            pieces.put(error)


def _line(error: Exception) -> str:
    """What an exception says, on one short line; its cause, where that says more ("Connection error.")."""
    cause = error.__cause__
    words = str(error) if cause is None or not str(cause) else f"{error} ({cause})"
    line = " ".join(words.split()) or type(error).__name__
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 3] + "..."
