"""A small folder and its index, for the tests of what can happen to one."""

from pathlib import Path

from assistant.compose import Workshop
from assistant.settings import load_settings
from assistant.store.build import BuildReport
from assistant.store.generations import require_live

RIVERS = "The Kura flows into the Caspian Sea. It rises in Turkey.\n"
PORTS = "The port of Alat lies south of Baku. Its planned capacity is 25 million tons a year.\n"


def make_workshop(folder: Path, index: Path, embedder, **settings: object) -> Workshop:
    workshop = Workshop(load_settings(folder=folder, index=index, **settings))
    workshop.embedder = embedder  # loaded once a session
    return workshop


def build(workshop: Workshop, rebuild: bool = False, prune: bool = False) -> BuildReport:
    return workshop.build(rebuild, quiet, prune)


def quiet(stage: str, done: int, total: int) -> None:
    pass


def answering(workshop: Workshop) -> Path:
    return require_live(workshop.settings.index)


def paths(workshop: Workshop) -> set[str]:
    index = workshop.open_index()
    try:
        return set(index.catalog.hashes())
    finally:
        index.close()
