"""From question to cited answer, with the real weights and a real index."""

import json
import re
from pathlib import Path

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableLambda

from assistant.answer.retriever import PassageRetriever
from assistant.answer.verify import Rules
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.events import CitationEvent, DoneEvent, QueryEvent, SentenceEvent
from assistant.models.chat import ChatUnavailable
from assistant.render import answer_json
from assistant.settings import load_settings
from assistant.types import Answer, Question, Turn

pytestmark = pytest.mark.models

DOCUMENTS = {
    "railway.md": "# The railway\n\nThe Georgian section of the railway is 184 km long. It was modernised, and the "
    "first train left on 25 May 2024.\n\n## Capacity\n\nCapacity rose from 1 to 5 million tons a year.\n",
    "trade.csv": "Year,Trade (billion USD),Rank\n2019,2.18,5\n2021,1.78,4\n2022,2.15,4\n",
    "visas.txt": "Visa-free entry for Chinese citizens began on 20 July 2024. A stay may last up to 30 days.\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def workshop(folder: Path, tmp_path_factory, embedder) -> Workshop:
    workshop = Workshop(load_settings(folder=folder, index=tmp_path_factory.mktemp("index")))
    workshop.embedder = embedder
    workshop.build(rebuild=True, progress=lambda stage, done, total: None)
    return workshop


@pytest.fixture(scope="module")
def chain(workshop: Workshop) -> AnswerChain:
    return workshop.chain()


QUESTIONS = {
    "When did the first train leave?": "25 May 2024",
    "How long is the Georgian section?": "184 km",
    "How long may a Chinese visitor stay?": "30 days",
    "What was the trade in 2021?": "1.78",
}


def test_a_year_that_no_document_speaks_of_is_refused(chain: AnswerChain) -> None:
    asked = {year: chain.invoke(f"What was the trade in {year}?") for year in ("2021", "1995")}
    assert [answer.status for answer in asked.values()] == ["answered", "refused"]
    assert asked["1995"].missing_terms == ("1995",)


@pytest.mark.parametrize(("question", "expected"), QUESTIONS.items())
def test_an_answer_holds_the_fact_in_its_first_sentence(chain: AnswerChain, question: str, expected: str) -> None:
    answer = chain.invoke(question)
    assert answer.status == "answered" and answer.mode == "extractive"
    first = answer.sentences[0]
    assert expected in answer.text[first.start : first.end]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_is_verified_and_every_citation_verbatim(chain: AnswerChain, question: str) -> None:
    answer = chain.invoke(question)
    assert {s.support for s in answer.sentences} == {"verified"}
    for citation in answer.citations:
        document = chain.index.catalog.document(citation.document)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.sha256 == citation.document_sha256
    cited = [n for sentence in answer.sentences for n in sentence.citations]
    assert sorted(set(cited)) == [c.n for c in answer.citations]
    assert re.findall(r"\[(\d+)\]", answer.text) == [str(n) for n in cited]


def test_a_row_is_said_with_its_header_and_quoted_as_it_stands(chain: AnswerChain) -> None:
    answer = chain.invoke("What was the trade in 2021?")
    assert answer.text.startswith("Year: 2021; Trade (billion USD): 1.78; Rank: 4 [1]")
    assert answer.citations[0].quote == "2021 | 1.78 | 4"


@pytest.mark.parametrize(
    "question",
    ["What is the capital of Brazil?", "Who wrote Hamlet?", "How many parking spaces does the museum have?"],
)
def test_what_the_documents_do_not_say_is_refused_with_the_closest_passages(
    chain: AnswerChain, question: str
) -> None:
    answer = chain.invoke(question)
    assert answer.status == "refused"
    assert answer.sentences == () and answer.citations == ()
    assert answer.near and answer.missing_terms
    for near in answer.near:
        document = chain.index.catalog.document(near.document)
        assert document is not None and document.text[near.start : near.end] == near.quote


def test_the_same_question_has_the_same_answer(chain: AnswerChain, workshop: Workshop) -> None:
    def same_part(answer: Answer) -> str:
        fields = answer_json(answer)
        del fields["id"], fields["timings_ms"]
        return json.dumps(fields)

    question = "When did the first train leave?"
    assert same_part(chain.invoke(question)) == same_part(workshop.chain().invoke(question))


def test_a_follow_up_is_searched_with_the_question_before(chain: AnswerChain) -> None:
    history = (Turn("user", "When was the railway modernised?"), Turn("assistant", "In 2024 [1]"))
    answer = chain.invoke(Question("And what is its capacity?", history))
    assert answer.question == "And what is its capacity?"
    assert "railway" in answer.query
    assert "5 million tons" in answer.text


@pytest.mark.parametrize(("question", "message"), [("", "empty"), (" ?! ", "empty"), ("a" * 100_000, "100,000")])
def test_a_question_that_cannot_be_asked_is_an_error(chain: AnswerChain, question: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        chain.invoke(question)


def test_the_chain_is_a_runnable(chain: AnswerChain) -> None:
    class Count(BaseCallbackHandler):
        started = 0

        def on_chain_start(self, *args, **kwargs) -> None:
            self.started += 1

    count = Count()
    text = (chain | RunnableLambda(lambda answer: answer.text)).invoke(
        "When did the first train leave?", {"callbacks": [count]}
    )
    assert "25 May 2024" in text and count.started >= 2
    assert [a.status for a in chain.batch(["When did the first train leave?", "Who wrote Hamlet?"])] == [
        "answered",
        "refused",
    ]
    assert [a.status for a in chain.stream("When did the first train leave?")] == ["answered"]


def test_the_retriever_works_in_another_chain(workshop: Workshop) -> None:
    retriever = PassageRetriever(
        index=workshop.open_index(), embedder=workshop.embedder, reranker=workshop.reranker, limit=2
    )
    join = RunnableLambda(lambda found: [(d.metadata["document"], d.page_content) for d in found])
    found = (retriever | join).invoke("visa-free entry of Chinese citizens")
    assert len(found) == 2
    assert found[0][0] == "visas.txt" and "20 July 2024" in found[0][1]


class _Scripted:
    name = "scripted:one"
    limit = 60.0

    def __init__(self, reply: str) -> None:
        self.reply = reply

    def write(self, system: str, user: str, seconds: float):
        if not self.reply:
            raise ChatUnavailable("chat model scripted:one does not answer: down")
        number = re.search(r"\[(\d+)\] .*184 km", user)
        assert number is not None
        yield self.reply.replace("[n]", f"[{number[1]}]")


@pytest.mark.parametrize(
    ("reply", "strict", "mode", "verdicts", "note"),
    [
        ("The Georgian section is 184 km long [n].", False, "generative", ["verified"], None),
        ("The Georgian section is 190 km long [n].", False, "generative", ["unsupported"], None),
        ("The section is 184 km long.", False, "generative", ["verified"], None),
        ("The section is 190 km long.", False, "generative", ["unsupported"], None),
        ("The Georgian section is 190 km long [n].", True, "extractive", None, "support no sentence"),
        ("", False, "extractive", None, "does not answer"),
    ],
)
def test_a_chat_model_writes_and_the_sources_judge(chain, reply, strict, mode, verdicts, note) -> None:
    written = AnswerChain(
        chain.index, chain.embedder, chain.reranker, chain.refusal, chain.limits, _Scripted(reply), Rules(strict)
    )
    answer = written.invoke("How long is the Georgian section?")
    assert (answer.status, answer.mode) == ("answered", mode)
    assert answer.models.chat == ("scripted:one" if mode == "generative" else None)  # who wrote it
    assert (note is None and answer.note is None) or note in answer.note
    found = [s.support for s in answer.sentences]
    assert found == verdicts if verdicts else set(found) == {"verified"}


def test_a_paraphrase_is_verified_unless_the_words_of_a_source_are_asked_for(chain) -> None:
    free = _Scripted("The length of the Georgian section is 184 km [n].")
    verdicts = {}
    for paraphrases in (True, False):
        written = AnswerChain(
            chain.index,
            chain.embedder,
            chain.reranker,
            chain.refusal,
            chain.limits,
            free,
            Rules(paraphrases=paraphrases),
        )
        [verdicts[paraphrases]] = written.invoke("How long is the Georgian section?").sentences
    assert verdicts[True].support == "verified"
    assert verdicts[False].support == "unsupported"
    assert verdicts[False].problems == ("not in the words and order of its source",)


def test_a_chat_model_that_finds_nothing_in_the_sources_refuses(chain) -> None:
    refusing = AnswerChain(
        chain.index, chain.embedder, chain.reranker, chain.refusal, chain.limits, _Scripted("NOT IN SOURCES")
    )
    answer = refusing.invoke("How long is the Georgian section?")
    assert answer.status == "refused" and answer.near and not answer.citations and not answer.sentences
    assert (answer.mode, answer.models.chat) == ("generative", "scripted:one")


@pytest.mark.parametrize("question", [*QUESTIONS, "Who wrote Hamlet?"])
def test_the_events_of_a_question_add_up_to_its_answer(chain: AnswerChain, question: str) -> None:
    first, *events, done = chain.events(question)
    assert isinstance(done, DoneEvent)
    answer = done.answer
    assert first == QueryEvent(answer.query)
    said = [event for event in events if isinstance(event, SentenceEvent)]
    assert tuple(event.sentence for event in said) == answer.sentences
    assert "".join(event.text for event in said) == (answer.text if answer.sentences else "")
    assert tuple(event.citation for event in events if isinstance(event, CitationEvent)) == answer.citations
    assert {type(event) for event in events} <= {SentenceEvent, CitationEvent}
