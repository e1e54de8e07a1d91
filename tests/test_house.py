"""The house itself: sizes, dependencies, what a start imports, and documents that say what the code says."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from readme_parts import ROOT

from assistant.models.weights import PACKAGED

PACKAGE = ROOT / "assistant"
MAX_LINES = 300
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "onnxruntime",
    "chromadb",
    "langchain_core",
    "gradio",
    "fastapi",
}
# Folders of machines: a document or program that names one works nowhere else.
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:work|root|home)/")
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".jsonl", ".html", ".csv", ".js", ".css", ""}


def normal(name: str) -> str:
    """A distribution's name as pip compares them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    return [normal(re.split(r"[^\w.-]", line)[0]) for line in lines]


def project_files() -> list[Path]:
    """The text files of the project: those that git tracks, or, in a copy without git, those of its own folders."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else []
    if names:
        found = [ROOT / name for name in names]
    else:
        folders = ("assistant", "docs", "eval", "tests", "decisions", ".ci")
        found = [p for folder in folders for p in (ROOT / folder).rglob("*")] + list(ROOT.iterdir())
    return [p for p in found if p.is_file() and p.suffix in TEXT and "__pycache__" not in p.parts]


def test_no_file_of_the_package_is_long():
    lengths = {p.relative_to(ROOT).as_posix(): len(p.read_text().splitlines()) for p in PACKAGE.rglob("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}
    assert lengths["assistant/chain.py"] < 150


def test_every_dependency_has_its_reason():
    page = (ROOT / "decisions" / "dependencies.md").read_text()
    explained = {normal(name) for name in re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)}
    assert explained == set(dependencies())


def test_every_dependency_of_the_package_is_used_by_it():
    modules: dict[str, set[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(normal(name), set()).add(module)
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", source, re.MULTILINE))
    carriers = {normal(model.distribution.split("==")[0]) for model in PACKAGED}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {normal(re.split(r"[^\w.-]", line)[0]) for line in project["dependencies"]}
    assert {name for name in needed - carriers if not modules[name] & imported} == set()


def test_every_dependency_is_pinned_and_every_pin_is_a_plain_version():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.!]+", line)] == []
    pinned = {normal(line.split("==")[0]) for line in lines}
    assert set(dependencies()) - pinned == set()


def test_every_file_of_the_package_is_packaged():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["assistant"]
    packaged = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert files - packaged == set()


def test_every_link_between_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "decisions").glob("*.md"), ROOT / "index" / "README.md"]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_no_file_names_a_folder_of_some_machine():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in project_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "command", [["--help"], ["ask", "--help"], ["serve", "--help"], ["eval", "--help"], ["models"]]
)
def test_a_command_that_needs_no_model_imports_none(command):
    program = (
        "import json, sys\n"
        "from assistant.cli import main\n"
        "try:\n"
        f"    sys.argv[1:] = {command!r}\n"
        "    main()\n"
        "finally:\n"
        "    print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = set(json.loads(ran.stdout.splitlines()[-1]))
    assert "typer" in imported
    assert imported & HEAVY == set()


def test_sockets_are_blocked():
    import socket

    with pytest.warns(UserWarning, match="tried to use"), pytest.raises(RuntimeError, match="tried to use"):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)


def test_every_test_that_the_architecture_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert len(named) >= 8
    missing = [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert missing == []
