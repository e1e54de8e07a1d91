"""The real client of OpenAI against the server."""

from pathlib import Path

import openai
import pytest
from serve_parts import build, served, write_documents

from assistant.compose import Workshop
from assistant.serve.app import create_app
from assistant.serve.completion import NOT_SUPPORTED, Content
from assistant.settings import load_settings
from assistant.types import AnswerSentence

LENGTH = {"role": "user", "content": "How long is the Georgian section of the railway?"}
STAY = "How long may Chinese citizens stay?"


def test_markers_are_found_where_they_stand_and_what_is_not_supported_is_marked() -> None:
    content = Content("http://127.0.0.1/")
    content.add("It is so [9]. [1][2]", AnswerSentence(0, 20, (1, 2), "verified"))
    content.add(" No source. [2]", AnswerSentence(21, 35, (2,), "unsupported"))
    assert [(content.text[start:end], n) for start, end, n, _, _ in sorted(content.named, key=lambda e: e[0])] == [
        ("[1]", 1),
        ("[2]", 2),
        ("[2]", 2),
    ]
    assert content.text.endswith(NOT_SUPPORTED)
    content.withdraw("the chat model does not answer")
    assert not content.named and "does not count" in content.text


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, embedder):
    place: Path = tmp_path_factory.mktemp("openai")
    workshop = Workshop(load_settings(folder=write_documents(place / "documents"), index=place / "index"))
    workshop.embedder = embedder
    build(workshop)
    with served(create_app(workshop)) as address:
        with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
            yield client


pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.mark.models
def test_the_client_gets_a_cited_answer_whole_and_in_chunks(client: openai.OpenAI) -> None:
    model = client.models.list().data[0].id
    whole = client.chat.completions.create(model=model, messages=[LENGTH], temperature=0.2)
    message = whole.choices[0].message
    assert "184 km" in message.content
    [annotation] = message.annotations
    place = annotation.url_citation
    assert message.content[place.start_index : place.end_index] == "[1]"
    assert annotation.citation["quote"] in client._client.get(place.url).json()["text"]
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens > 0
    assert (whole.answer["status"], whole.ignored) == ("answered", ["temperature"])

    chunks = [
        *client.chat.completions.create(
            model=model, messages=[LENGTH], stream=True, stream_options={"include_usage": True}
        )
    ]
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == message.content
    last = chunks[-2]
    assert last.choices[0].finish_reason == "stop"
    assert last.choices[0].delta.annotations[0]["url_citation"]["start_index"] == place.start_index
    assert chunks[-1].usage.total_tokens == whole.usage.total_tokens


@pytest.mark.models
def test_earlier_messages_are_the_history_and_a_refusal_is_content(client: openai.OpenAI) -> None:
    said = [{"role": "user", "content": STAY}, {"role": "assistant", "content": "Up to 30 days. [1]"}]
    asked = [{"role": "system", "content": "Be brief."}, *said, {"role": "user", "content": "And since when?"}]
    answer = client.chat.completions.create(model="cited-assistant", messages=asked)
    assert "20 July 2024" in answer.choices[0].message.content
    assert answer.ignored == ["messages of role system"]
    refused = client.chat.completions.create(
        model="cited-assistant", messages=[{"role": "user", "content": "Who won the chess final in Oslo?"}]
    )
    assert refused.answer["status"] == "refused"
    assert refused.choices[0].message.content == refused.answer["text"]
    assert refused.choices[0].message.annotations == []


@pytest.mark.models
@pytest.mark.parametrize(
    "changed",
    [
        {"n": 2},
        {"stop": ["."]},
        {"response_format": {"type": "json_object"}},
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        {"messages": [LENGTH, {"role": "assistant", "content": "184 km."}]},
    ],
)
def test_what_would_change_an_answer_is_refused_in_the_form_of_openai(client: openai.OpenAI, changed) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(**{"model": "cited-assistant", "messages": [LENGTH], **changed})
    assert refused.value.body["type"] == "invalid_request_error"


@pytest.mark.models
def test_another_model_is_not_there(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="the one model is cited-assistant"):
        client.chat.completions.create(model="gpt-4o", messages=[LENGTH])
