"""Settings: where they come from, which wins, and what is said of a bad one."""

from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import Settings, load_settings


def test_defaults_stand_without_file_and_environment():
    settings = load_settings()
    assert settings.folder == Path("docs")
    assert settings.index == Path("index")
    assert settings.host == "127.0.0.1"
    assert settings.model_downloads is False
    assert settings.threads >= 1


def test_file_is_read_the_environment_beats_it_and_arguments_beat_both(monkeypatch):
    Path("assistant.toml").write_text("port = 1001\ncandidates = 21\nmax_sentences = 2\n")
    monkeypatch.setenv("ASSISTANT_PORT", "1002")
    monkeypatch.setenv("ASSISTANT_CANDIDATES", "22")
    settings = load_settings(port=1003, candidates=None)
    assert (settings.port, settings.candidates, settings.max_sentences) == (1003, 22, 2)


def test_patterns_are_a_list_in_the_file_and_have_commas_in_the_environment(monkeypatch):
    assert (load_settings().include, load_settings().exclude) == ((), ())
    Path("assistant.toml").write_text('include = ["*.md", "a, b.txt"]\nexclude = "drafts/, *.tmp"\n')
    assert load_settings().include == ("*.md", "a, b.txt") and load_settings().exclude == ("drafts/", "*.tmp")
    monkeypatch.setenv("ASSISTANT_INCLUDE", " *.pdf ,, *.docx")
    assert load_settings().include == ("*.pdf", "*.docx")


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("ASSISTANT_REFUSAL_THRESHOLD", "")
    assert load_settings().refusal_threshold is None


def test_unknown_variable_is_named(monkeypatch):
    monkeypatch.setenv("ASSISTANT_CANDIDATE", "5")
    with pytest.raises(InputError, match="unknown setting ASSISTANT_CANDIDATE in the environment"):
        load_settings()


def test_unknown_key_in_the_file_is_named():
    Path("assistant.toml").write_text("candidate = 5\n")
    with pytest.raises(InputError, match="unknown setting candidate in assistant.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "65536"),
        ("port", "http"),
        ("candidates", "0"),
        ("target_tokens", "31"),
        ("refusal_threshold", "1.5"),
        ("threads", "0"),
        ("keep_generations", "0"),
        ("embedder", 0),
    ],
)
def test_bad_value_is_one_line_that_names_the_setting(name, value):
    with pytest.raises(InputError, match=f"^setting {name}: ") as caught:
        load_settings(**{name: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["port = ", "= 1", "[[["])
def test_broken_file_is_one_line(text):
    Path("assistant.toml").write_text(text)
    with pytest.raises(InputError, match="^assistant.toml cannot be read: ") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_file_that_is_not_utf8_is_one_line():
    Path("assistant.toml").write_bytes(b'embedder = "\xff"\n')
    with pytest.raises(InputError, match="^assistant.toml cannot be read: "):
        load_settings()


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1


def test_every_setting_is_described():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_collections_are_a_table_in_the_file_and_pairs_in_the_environment(monkeypatch):
    Path("assistant.toml").write_text('[collections]\nlegal = "/srv/legal"\nhr = "people"\n')
    assert load_settings().collections == {"legal": Path("/srv/legal"), "hr": Path("people")}
    monkeypatch.setenv("ASSISTANT_COLLECTIONS", " legal=/a, hr=/b=c,")
    assert load_settings().collections == {"legal": Path("/a"), "hr": Path("/b=c")}
    assert load_settings(collections={}).collections == {}
    monkeypatch.setenv("ASSISTANT_COLLECTIONS", "legal=/a,legal=/b")
    with pytest.raises(InputError, match="setting collections: .*a name is there twice"):
        load_settings()
