"""What holds for every test: no network, no setting of the person who runs it, no folder but its own."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from cli_parts import Command

    from assistant.compose import Workshop
    from assistant.models.embedder import SentenceTransformerEmbedder

# Read by the model libraries when they are first imported, so set before anything of the package is.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", ANONYMIZED_TELEMETRY="False")
for name in [name for name in os.environ if name.upper().startswith("ASSISTANT_")]:
    del os.environ[name]

# For hours of looking for faults: pytest --hypothesis-profile=thorough
settings.register_profile("thorough", max_examples=10_000, deadline=None)

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Block sockets: a test that needs the loopback carries `@pytest.mark.allow_hosts(["127.0.0.1"])`.

    Unix sockets stay, since event loops are built on them.
    """
    # A shell may start what it runs in the background with interrupts ignored, and children would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.option.disable_socket = True
    config.option.allow_unix_socket = True


@pytest.fixture(scope="session", autouse=True)
def _empty_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Work in an empty folder: an `assistant.toml` or an `index/` lying about must not change a result."""
    os.chdir(tmp_path_factory.mktemp("empty"))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in a folder of its own, so that what it leaves there is no other test's."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def docs() -> Path:
    """The sample dossier."""
    return ROOT / "docs"


@pytest.fixture(scope="session")
def embedder() -> "SentenceTransformerEmbedder":
    """The packaged embedder; its weights take seconds to load, so once a session is enough."""
    from assistant.models.embedder import SentenceTransformerEmbedder
    from assistant.models.weights import EMBEDDER, verified

    return SentenceTransformerEmbedder(verified(EMBEDDER), threads=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents."""
    from store_parts import PORTS, RIVERS

    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "rivers.txt").write_text(RIVERS)
    (folder / "ports.txt").write_text(PORTS)
    return folder


@pytest.fixture
def workshop(folder: Path, tmp_path: Path, embedder: "SentenceTransformerEmbedder") -> "Workshop":
    """What works on that folder; there is no index yet."""
    from store_parts import make_workshop

    return make_workshop(folder, tmp_path / "index", embedder)


@pytest.fixture
def assistant(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Command":
    """The command line, to be called with its arguments."""
    from cli_parts import runner

    return runner(capsys, monkeypatch)
