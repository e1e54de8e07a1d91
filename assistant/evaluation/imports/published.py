"""Public sets that have a form of their own: CLAPNQ, SciFact, and the documentation of Anthropic's products."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import InputError
from assistant.evaluation.gold import places
from assistant.evaluation.imports.made import Made
from assistant.evaluation.imports.reading import Form, lines, members, one_of, rows, rows_of, valid, whole

OWN_WORDS = "written by people in words of their own, which no answer has to say"

# -- CLAPNQ (S. Rosenthal and others, 2024) -----------------------------------------------------------------------


class Passage(Form):
    """A passage of Wikipedia."""

    title: str
    text: str


class Output(Form):
    """The answer of a person, empty where the passage has none, and the sentences that it is made of."""

    answer: str
    selected_sentences: list[str] = []


class Natural(Form):
    """A question, its passage, and the answers of one person or several."""

    id: str
    input: str
    passages: list[Passage]
    output: list[Output]


def clapnq(files: Sequence[Path], into: Made) -> None:
    """Each passage becomes a document; a question's gold are the sentences that its answer was written from.

    Where none is marked, it is the passage. A question whose answer is empty is expected to be refused. Questions on
    one title are a cluster.

    Raises:
        InputError: a file is of another form.
    """
    for path in files:
        for where, asked in lines(path, Natural):
            written = [(into.document(p.title, f"{p.title}\n\n{p.text}\n", once=True), p) for p in asked.passages]
            answers = [output for output in asked.output if output.answer.strip()]
            sources: list[dict[str, str]] = []
            for sentence in dict.fromkeys(s for output in answers for s in output.selected_sentences):
                file = next((name for name, p in written if places(sentence, p.text)), None)
                if file is None:
                    into.leave("sources", "no passage has the sentence", where)
                else:
                    sources.append({"file": file, "quote": sentence})
            if answers and not sources:  # no sentence is marked
                sources = [{"file": name} for name, _ in written]
            for _ in answers:
                into.leave("answers", OWN_WORDS, where)
            cluster = asked.passages[0].title if asked.passages else None
            into.case(where, asked.id, asked.input, sources=sources, answerable=bool(answers), cluster=cluster)


# -- SciFact (D. Wadden and others, 2020) -------------------------------------------------------------------------

_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")  # a list as numpy writes it, without commas
_NUMBER = re.compile(r"\d+")


class Abstract(Form):
    """A row of the corpus."""

    doc_id: str
    title: str
    abstract: str


class Claim(Form):
    """A row of the claims: one for each abstract with evidence and each set of sentences that is enough."""

    id: str
    claim: str
    evidence_doc_id: str = ""
    evidence_label: str = ""
    evidence_sentences: str = ""
    cited_doc_ids: str = ""


def scifact(files: Sequence[Path], into: Made, split: str | None = None) -> None:
    """Each abstract becomes a document; a claim's gold are its sentences of evidence, and the abstracts it cites.

    A claim that no abstract supports or contradicts is expected to be refused; what it cites counts for retrieval.

    Args:
        files: the zip archive of the tables, or the table of the corpus and that of the claims.
        into: takes what is made.
        split: which claims of an archive, as in validation.

    Raises:
        InputError: a file is missing or of another form.
    """
    corpus, claims = _tables(files, split)
    written: dict[str, tuple[str, list[str]]] = {}
    for where, row in corpus:
        abstract = valid(Abstract, row, where)
        sentences = [_unescaped(a or b) for a, b in _LITERAL.findall(abstract.abstract)]
        text = f"{' '.join(abstract.title.split())}\n\n{' '.join(sentences)}\n"
        written[abstract.doc_id] = into.document(abstract.doc_id, text), sentences
    evidence: dict[str, list[tuple[str, Claim]]] = {}
    for where, row in claims:
        claim = valid(Claim, row, where)
        evidence.setdefault(claim.id, []).append((where, claim))
    for found in evidence.values():
        _claim(found, written, into)


def _claim(found: list[tuple[str, Claim]], written: dict[str, tuple[str, list[str]]], into: Made) -> None:
    where, claim = found[0]
    sources: dict[tuple[str, str | None], None] = {}
    for place, row in found:
        if row.evidence_doc_id:
            file, sentences = _of(row.evidence_doc_id, written, place)
            for number in map(int, _NUMBER.findall(row.evidence_sentences)):
                if number >= len(sentences):
                    raise InputError(f"{place}: abstract {row.evidence_doc_id} has no sentence {number}")
                sources[file, sentences[number]] = None
    with_evidence = {file for file, _ in sources}
    for cited in _NUMBER.findall(claim.cited_doc_ids):
        file, _ = _of(cited, written, where)
        if file not in with_evidence:
            sources[file, None] = None
    tags = list(dict.fromkeys(row.evidence_label.lower() for _, row in found if row.evidence_label))
    gold = [{"file": file, **({"quote": quote} if quote else {})} for file, quote in sources]
    tags = tags or ["no evidence"]
    into.case(where, claim.id, claim.claim, sources=gold, answerable=bool(with_evidence), tags=tags)


def _of(identity: str, written: dict[str, tuple[str, list[str]]], where: str) -> tuple[str, list[str]]:
    if identity not in written:
        raise InputError(f"{where}: there is no abstract {identity} in the corpus")
    return written[identity]


def _tables(
    files: Sequence[Path], split: str | None
) -> tuple[Iterator[tuple[str, dict[str, str]]], Iterator[tuple[str, dict[str, str]]]]:
    if len(files) == 1 and files[0].suffix.lower() == ".zip":
        inside = {Path(name): data for name, data in members(files[0]).items()}
        wanted = f"claims_{split}.csv" if split else "claims_*.csv"
        names = (
            one_of([*inside], "abstracts", "corpus*.csv"),
            one_of([*inside], "claims; name one with --split", wanted),
        )
        corpus, claims = (rows_of(inside[name], f"{files[0]}/{name}") for name in names)
        return corpus, claims
    return rows(one_of(files, "abstracts", "corpus*.csv")), rows(one_of(files, "claims", "claims*.csv"))


def _unescaped(literal: str) -> str:
    """The text of a literal of Python, on one line."""
    return " ".join(re.sub(r"\\(.)", lambda m: " " if m[1] in "nrt" else m[1], literal).split())


# -- The documentation of Anthropic's products, as its evaluation of retrieval has it ------------------------------


class Chunk(Form):
    """A section of a page."""

    chunk_link: str
    text: str


class About(Form):
    """A question, and the sections that answer it."""

    id: str
    question: str
    correct_chunks: list[str]
    correct_answer: str = ""


def anthropic_docs(files: Sequence[Path], into: Made) -> None:
    """Each section of a page becomes a document, as the published evaluation retrieves them; those are the gold.

    Raises:
        InputError: a file is missing or of another form.
    """
    chunks = one_of(files, "sections", "*anthropic_docs*.json")
    questions = one_of(files, "questions", "*evaluation_dataset*.json")
    written = {}
    for chunk in whole(chunks, list[Chunk]):
        address = urlsplit(chunk.chunk_link)
        name = f"{address.path.strip('/').removeprefix('en/docs/')}/{address.fragment}"
        written[chunk.chunk_link] = into.document(name, chunk.text)
    for number, asked in enumerate(whole(questions, list[About]), start=1):
        where = f"{questions}, item {number}"
        missing = [link for link in asked.correct_chunks if link not in written]
        if missing:
            raise InputError(f"{where}: there is no section {missing[0]}")
        if asked.correct_answer.strip():
            into.leave("answers", OWN_WORDS, where)
        sources = [{"file": written[link]} for link in dict.fromkeys(asked.correct_chunks)]
        into.case(where, asked.id, asked.question, sources=sources)
