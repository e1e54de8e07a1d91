"""What tests of importers share: files of other forms, and what is made of them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.evaluation.imports.importing import import_set, importer_of
from assistant.evaluation.imports.made import Made
from assistant.evaluation.sets import Case, read_set

FERRY = "The ferry to Aktau leaves on Mondays. It carries 54 wagons. A wagon costs 54 dollars."
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "The ferry: Alat/Aktau",
            "paragraphs": [
                {
                    "context": FERRY,
                    "qas": [
                        {
                            "id": "w",
                            "question": "How many wagons?",
                            "answers": [
                                {"text": "54 wagons", "answer_start": 49},
                                {"text": "54", "answer_start": 49},
                            ],
                        },
                        {"id": "c", "question": "What price?", "answers": [{"text": "54", "answer_start": 74}]},
                        {"id": "n", "question": "Who is the captain?", "answers": [], "is_impossible": True},
                        {"id": "x", "question": "Which port?", "answers": [{"text": "Baku", "answer_start": 3}]},
                    ],
                }
            ],
        }
    ],
}


def put(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def jsonl(name: str, *records: Any) -> Path:
    return put(name, "".join(json.dumps(record) + "\n" for record in records))


def made(form: str, *files: Path, documents: str | None = None, split: str | None = None) -> tuple[Made, list[Case]]:
    """What an importer made, and the set as it is read again."""
    target = Path("out.jsonl")
    target.unlink(missing_ok=True)
    done = import_set(importer_of(form, split), files, target, Path(documents) if documents else None, 1000)
    assert read_set(target) == done.cases
    return done, done.cases


def left(done: Made) -> dict[str, int]:
    return {f"{each.what}: {each.why}": each.count for each in done.left_out.values()}


def refused(form: str, *files: Path, split: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        import_set(importer_of(form, split), files, Path("no.jsonl"), Path("no-documents"), 1000)
    assert "\n" not in str(caught.value)
    assert not Path("no.jsonl").exists() and not Path("no-documents").exists()
    assert not [path for path in Path().iterdir() if path.name.endswith(".new")]
    return str(caught.value)


def table(*rows: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
