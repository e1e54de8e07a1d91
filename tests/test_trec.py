"""Runs in the form of TREC: read back by another program, they measure as the run itself says."""

import json
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_parts import make_workshop

from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.evaluation.run import read_cases, run_cases
from assistant.evaluation.trec import encoded, export_trec, read_asked

FERRY = "The ferry to Aktau leaves on Mondays. It carries 54 wagons and sails for a day and a night over the sea. "
DOCUMENTS = {
    "ferries/old ferry.md": "# The ferry\n\n" + FERRY * 12 + "\n\n## Fares\n\nA wagon costs 900 dollars.\n",
    "port.txt": "The port of Alat opened in May 2018. Its cranes were made in Turku.\n",
    "rail.txt": "The railway to Kars carries 30 wagons. It opened in October 2017.\n",
}
SET = """
- {id: wagons 1, question: How many wagons does the ferry carry?,
   sources: [{file: ferries/old ferry.md, quote: It carries 54 wagons}, {file: rail.txt}]}
- {id: port, question: When did the port of Alat open?, answers: [May 2018], sources: [{file: port.txt}]}
- {id: gone, question: When did the port of Alat open to ships?, sources: [{file: scan.pdf, quote: opened in June}]}
- {id: chess, question: How does a knight move in chess?, answerable: no}
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, embedder) -> Workshop:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    workshop = make_workshop(folder, tmp_path_factory.mktemp("index"), embedder)
    workshop.build(rebuild=False, progress=lambda stage, done, total: None)
    return workshop


@pytest.fixture
def asked(workshop: Workshop) -> Path:
    """A set that was asked into `run`."""
    Path("set.yaml").write_text(SET)
    run_cases(read_cases([Path("set.yaml")], frozenset()), workshop, Path("run"), lambda done, total: None)
    return Path("set.yaml")


def measured(folder: Path, *names: str) -> dict[tuple[str, str], float]:
    """What ir-measures makes of both files, by question and measure."""
    qrels = list(ir_measures.read_trec_qrels(str(folder / "qrels.trec")))
    run = list(ir_measures.read_trec_run(str(folder / "run.trec")))
    found = ir_measures.iter_calc([ir_measures.parse_measure(name) for name in names], qrels, run)
    return {(metric.query_id, str(metric.measure)): metric.value for metric in found}


@pytest.mark.models
def test_passages_measure_as_in_the_run(workshop: Workshop, asked: Path):
    chain = workshop.chain()
    catalog, generation = chain.index.catalog, chain.index.manifest.generation
    export_trec(read_asked(Path("run"), [asked], catalog, generation), catalog, Path("trec"))
    names = {"nDCG@10": "ndcg@10", "RR": "mrr", "Success@1": "hit@1", "Success@5": "hit@5"}
    theirs = measured(Path("trec"), *names)
    results = {r.id: r for _, _, r in read_asked(Path("run"), [asked], None, None)}
    compared = 0
    for (query, measure), value in theirs.items():
        assert value == pytest.approx(results[query.replace("%20", " ")].scores[names[measure]]), (query, measure)
        compared += 1
    assert compared == 2 * len(names)  # what has no source, or none in the index, has no judgment
    assert theirs["wagons%201", "nDCG@10"] > 0
    with pytest.raises(InputError, match="another index"):
        read_asked(Path("run"), [asked], catalog, "other")
    chain.index.close()


@pytest.mark.models
def test_documents_come_once_and_are_those_of_the_sources(asked: Path, assistant):
    done = assistant("eval", "export", "trec", "run", str(asked), "--output", "trec")
    assert done.code == 0 and done.out.split() == [str(Path("trec", n)) for n in ("run.trec", "qrels.trec")]
    judged = {(q.query_id, q.doc_id) for q in ir_measures.read_trec_qrels("trec/qrels.trec")}
    ferry = ("wagons%201", "ferries/old%20ferry.md")
    assert judged == {ferry, ("wagons%201", "rail.txt"), ("port", "port.txt"), ("gone", "scan.pdf")}
    lines = [line.split() for line in Path("trec/run.trec").read_text().splitlines()]
    assert all(len(line) == 6 for line in lines) and {line[0] for line in lines} >= {"wagons%201", "port", "chess"}
    found = [(line[0], line[2]) for line in lines]
    assert len(set(found)) == len(found) and ferry in found
    ranks = [int(line[3]) for line in lines if line[0] == "port"]
    assert ranks == list(range(1, len(ranks) + 1))
    again = assistant("eval", "export", "trec", "run", str(asked), "--output", "trec")
    assert again.code == 2 and "is there already" in again.err


@pytest.mark.models
def test_other_sets_and_what_is_no_run_are_refused(asked: Path):
    asked.write_text(SET.replace("May 2018", "June 2018"))
    with pytest.raises(InputError, match="a run of other sets"):
        read_asked(Path("run"), [asked], None, None)
    with pytest.raises(InputError, match="holds no run"):
        read_asked(Path(), [asked], None, None)
    asked.write_text(SET)
    stored = json.loads(Path("run/run.json").read_text())
    Path("run/run.json").write_text(json.dumps({**stored, "ended_at": None}))
    with pytest.raises(InputError, match="was cut short"):
        read_asked(Path("run"), [asked], None, None)


@given(st.text(), st.text())
def test_names_are_one_column_and_stay_apart(one: str, other: str):
    assert len(encoded(one).split()) == (1 if one else 0)
    assert (encoded(one) == encoded(other)) == (one == other)
