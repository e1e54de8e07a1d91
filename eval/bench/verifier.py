"""How many false sentences does the verifier catch, and how many true ones does it call unsupported?

    python eval/bench/verifier.py DATA                 # DATA holds xquad/xquad.en.json and scifact/scifact.zip
    python eval/bench/verifier.py DATA --half dev      # the half that thresholds may be chosen on
    python eval/bench/verifier.py DATA --misses F      # write the sentences judged wrongly to F, as JSON Lines

False sentences are source sentences with one change each; true ones are source sentences as they are, cut or
said in other words, claims of SciFact that people wrote from their evidence, and questions of XQuAD with their
answers. Each is judged against its source sentence alone and, again, with the sentences around it, where a
changed value may stand as well. Articles are split in halves; thresholds are chosen on the one, and the other is
reported. The same seed gives the same sentences.
"""

import argparse
import csv
import io
import json
import re
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from verifier_changes import FALSE, MONTHS, NAME, TRUE, World

from assistant.answer.support import check
from assistant.ingest.sentences import sentence_spans
from assistant.models.reranker import Reranker

csv.field_size_limit(1 << 24)
SEED = 7
MONTH_NAMES = {month.lower() for month in MONTHS}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence to judge: its kind, its sources, and whether these support it."""

    kind: str
    form: str  # "alone" or "with neighbours"
    sentence: str
    sources: tuple[str, ...]
    true: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together."""

    article: str
    sentences: tuple[str, ...]


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder of development data")
    parser.add_argument("--half", choices=["dev", "reported"], default="reported")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--most", type=int, default=400, help="cases of one kind and form, at most")
    parser.add_argument("--reranker", action="store_true", help="ask the reranker too")
    parser.add_argument("--misses", type=Path, help="write the cases judged wrongly, as JSON Lines")
    arguments = parser.parse_args()
    cases = list(limited(all_cases(arguments.data, arguments.half, arguments.seed), arguments.seed, arguments.most))
    results = [judge(case, load_reranker() if arguments.reranker else None) for case in cases]
    if arguments.misses:
        wrong = [r for r in results if r["supported"] != r["case"].true]
        lines = [json.dumps({k: v for k, v in r.items() if k != "case"} | as_dict(r["case"])) for r in wrong]
        arguments.misses.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    json.dump({"half": arguments.half, "seed": arguments.seed, **figures(results)}, sys.stdout, indent=2)
    print()


_loaded: list[Reranker] = []


def load_reranker() -> Reranker:
    """The configured reranker, loaded once."""
    if not _loaded:
        from assistant.compose import Workshop
        from assistant.settings import load_settings

        _loaded.append(Workshop(load_settings()).reranker)
    return _loaded[0]


def as_dict(case: Case) -> dict[str, Any]:
    """A case as JSON."""
    return {
        "kind": case.kind,
        "form": case.form,
        "true": case.true,
        "sentence": case.sentence,
        "sources": case.sources,
    }


def in_half(article: str, half: str) -> bool:
    """Whether an article belongs to a half: by its name, so that it does not depend on its place."""
    return (sum(article.encode()) % 2 == 0) == (half == "dev")


def all_cases(data: Path, half: str, seed: int) -> Iterator[Case]:
    """All cases that can be made of a half of the data."""
    xquad = json.loads((data / "xquad/xquad.en.json").read_text(encoding="utf-8"))["data"]
    abstracts, claims = read_scifact(data / "scifact/scifact.zip")
    kept = {doc: sentences for doc, sentences in abstracts.items() if in_half(doc, half)}
    paragraphs = [
        Paragraph(f"{a}", tuple(sentences_of(p["context"])))
        for a, article in enumerate(xquad) for p in article["paragraphs"] if in_half(f"{a}", half)
    ]  # fmt: skip
    paragraphs += [Paragraph(doc, kept[doc][1:]) for doc in sorted(kept)[:300]]
    yield from changed_cases(paragraphs, seed)
    yield from claim_cases(kept, claims)
    for a, article in enumerate(xquad):
        if in_half(f"{a}", half):
            for paragraph in article["paragraphs"]:
                yield from question_cases(paragraph)


def limited(cases: Iterator[Case], seed: int, most: int) -> Iterator[Case]:
    """At most so many of a kind and form, drawn at random."""
    groups: dict[tuple[str, str, bool], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.kind, case.form, case.true].append(case)
    for key, group in sorted(groups.items()):
        yield from group if len(group) <= most else Random(f"{seed}{key}").sample(group, most)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]


def read_scifact(path: Path) -> tuple[dict[str, tuple[str, ...]], list[dict[str, str]]]:
    """The titles and abstracts, sentence by sentence, and the claims with evidence."""
    with zipfile.ZipFile(path) as archive:
        rows = {n: list(csv.DictReader(io.StringIO(archive.read(n).decode()))) for n in archive.namelist()}
    literal = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
    abstracts = {
        row["doc_id"]: tuple(
            " ".join((a or b).replace("\\'", "'").replace("\\n", " ").split())
            for a, b in literal.findall(row["abstract"])
        )
        for row in rows["corpus_train.csv"]
    }
    titles = {row["doc_id"]: row["title"] for row in rows["corpus_train.csv"]}
    abstracts = {doc: (titles[doc], *sentences) for doc, sentences in abstracts.items()}
    return abstracts, [
        r for n in ("claims_train.csv", "claims_validation.csv") for r in rows[n] if r["evidence_label"]
    ]


def changed_cases(paragraphs: list[Paragraph], seed: int) -> Iterator[Case]:
    """For each sentence its true and false changes, against the sentence alone and among its neighbours."""
    found = [tuple(dict.fromkeys(NAME.findall(" ".join(p.sentences)))) for p in paragraphs]
    lower = {w for p in paragraphs for s in p.sentences for w in re.findall(r"\b[a-z]+\b", s)}
    found = [tuple(n for n in near if not (lower | MONTH_NAMES) & set(n.lower().split())) for near in found]
    names = tuple(sorted({name for near in found for name in near}))
    words = tuple(sorted({w for p in paragraphs for s in p.sentences for w in re.findall(r"\b[a-z]{5,}\b", s)}))
    for number, paragraph in enumerate(paragraphs):
        for i, sentence in enumerate(paragraph.sentences):
            if len(sentence.split()) < 6 or len(sentence) > 600:
                continue
            world = World(Random(f"{seed} {number} {i}"), found[number], names, words)
            around = (" ".join(paragraph.sentences[max(0, i - 2) : i + 3]),)
            made = [("verbatim", sentence, True)]
            made += [(kind, new, True) for kind, change in TRUE.items() if (new := change(sentence, world))]
            made += [(kind, new, False) for kind, change in FALSE.items() if (new := change(sentence, world))]
            for kind, new, true in made:
                yield Case(kind, "alone", new, (sentence,), true)
                yield Case(kind, "with neighbours", new, around, true)
            yield from pronoun_cases(paragraph, i)
            others = paragraph.sentences[:i] + paragraph.sentences[i + 1 :]
            if others:
                yield Case("another sentence", "alone", sentence, (world.random.choice(others),), False)


def pronoun_cases(paragraph: Paragraph, i: int) -> Iterator[Case]:
    """A sentence that begins with "He", said of the name that its neighbour begins with."""
    if i == 0 or not (match := re.match(r"(?:He|She) ", paragraph.sentences[i])):
        return
    subject = re.match(r"[A-Z][a-z]+ [A-Z][a-z]+(?= (?:was|is|had|became|did|won))", paragraph.sentences[i - 1])
    if subject:
        new = f"{subject[0]} {paragraph.sentences[i][match.end() :]}"
        yield Case("name for pronoun", "with neighbours", new, (" ".join(paragraph.sentences[i - 1 : i + 1]),), True)


def claim_cases(abstracts: dict[str, tuple[str, ...]], claims: list[dict[str, str]]) -> Iterator[Case]:
    """SciFact's claims against their evidence, and against the evidence of another claim.

    A claim is judged once for each abstract, by all the evidence that is marked there: the set has a row for each
    of several evidences, and to judge each row would count such claims up to nine times. What is marked is enough
    for a reader of the abstract, whose title ("with title") and other sentences ("with neighbours") say what it
    speaks of; alone it often is not.
    """
    marked: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for row in claims:
        if row["evidence_doc_id"] in abstracts:
            sentences_marked = map(int, re.findall(r"\d+", row["evidence_sentences"]))
            marked[row["claim"], row["evidence_doc_id"], row["evidence_label"]].update(sentences_marked)
    kept = list(marked.items())
    for k, ((claim, document, label), numbers) in enumerate(kept):
        title, *sentences = abstracts[document]
        evidence = tuple(sentences[n] for n in sorted(numbers))
        if label == "SUPPORT":
            yield Case("scifact claim", "alone", claim, evidence, True)
            yield Case("scifact claim", "with title", claim, (title, *evidence), True)
            yield Case("scifact claim", "with neighbours", claim, (" ".join(abstracts[document]),), True)
            (other, elsewhere, _), _ = kept[(k + len(kept) // 2) % len(kept)]
            if elsewhere != document:
                yield Case("other source", "alone", other, evidence, False)
        else:
            yield Case("scifact contradicted", "alone", claim, evidence, False)
            yield Case("scifact contradicted", "with title", claim, (title, *evidence), False)


def question_cases(paragraph: dict[str, Any]) -> Iterator[Case]:
    """Questions that an answer turns into a statement; one with a name that its paragraph has not is left out."""
    text = paragraph["context"]
    spans = list(sentence_spans(text))
    for qa in paragraph["qas"]:
        answer = qa["answers"][0]
        statement = stated(qa["question"].strip(), answer["text"])
        if not set(re.findall(r"\b[A-Z]\w+", qa["question"][1:])) <= set(re.findall(r"\w+", text)):
            continue  # misspelt, or known from elsewhere
        home = [k for k, (start, end) in enumerate(spans) if start <= answer["answer_start"] < end]
        if statement and home:
            around = text[spans[max(0, home[0] - 2)][0] : spans[min(len(spans) - 1, home[0] + 2)][1]]
            yield Case("question and answer", "with neighbours", statement, (around,), True)


def stated(question: str, answer: str) -> str | None:
    """A question and its answer as a statement, for the forms where that is safe."""
    answer = answer.strip(" .")
    if len(answer.split()) > 6:
        return None
    who = re.fullmatch(r"(?:Who (?:is|was|[a-z]+ed|won|led|wrote)|What [a-z]+(?:ed|(?<!i)s)) .+\?", question)
    if who and not re.search(r" did | does |^What (?:was|does|has) ", question):
        return f"{answer[0].upper()}{answer[1:]} {question.split(maxsplit=1)[1][:-1]}."
    when = re.fullmatch(r"(?:When|In what year|What year|In which year) did (.+)\?", question)
    if when and re.fullmatch(r"(?:in )?\d{4}", answer):
        return f"{when[1][0].upper()}{when[1][1:]} in {answer.removeprefix('in ')}."
    return None


def judge(case: Case, reranker: Reranker | None) -> dict[str, Any]:
    """The verdict on a case, and the milliseconds of processor time it took."""
    begun = time.process_time()  # of this process alone: others share the machine
    verdict = check(case.sentence, case.sources, reranker)
    took = (time.process_time() - begun) * 1000
    return {
        "case": case,
        "supported": verdict.supported,
        "problems": verdict.problems,
        "score": verdict.score,
        "ms": took,
    }


def figures(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares by kind and form; what no one change made false stands apart from the totals."""
    apart = {"scifact contradicted", "other source", "another sentence"}
    groups: dict[tuple[bool, str, str], list[bool]] = defaultdict(list)
    for result in results:
        case = result["case"]
        groups[case.true, case.kind, case.form].append(not result["supported"])
    out: dict[str, Any] = {"false_caught": {}, "true_called_unsupported": {}}
    for (true, kind, form), flagged in sorted(groups.items()):
        share = {"n": len(flagged), "share": round(sum(flagged) / len(flagged), 4)}
        out["true_called_unsupported" if true else "false_caught"].setdefault(kind, {})[form] = share
    for true, key in ((False, "false_caught"), (True, "true_called_unsupported")):
        for form in ("alone", "with neighbours"):
            flagged = [
                f
                for (t, kind, fo), fs in groups.items()
                if t == true and fo == form and kind not in apart
                for f in fs
            ]
            out[key][f"all, {form}"] = {"n": len(flagged), "share": round(sum(flagged) / max(1, len(flagged)), 4)}
    times = sorted(r["ms"] for r in results)
    out["cpu_ms"] = {"median": round(median(times), 3), "p95": round(times[int(len(times) * 0.95)], 3)}
    return out


if __name__ == "__main__":
    main()
