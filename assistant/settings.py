"""Settings from the environment (`ASSISTANT_*`) and `assistant.toml`; the environment wins."""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from assistant.errors import InputError

ENV_PREFIX = "ASSISTANT_"


class Settings(BaseSettings):
    """Every setting, with its default. README's table of settings is made from these descriptions."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, toml_file="assistant.toml", extra="forbid", frozen=True, env_ignore_empty=True
    )

    folder: Path = Field(Path("docs"), description="The folder of documents to index.")
    collections: Annotated[dict[str, Path], NoDecode] = Field(
        default_factory=dict,
        description="Instead, several folders by name, as in legal=/srv/legal, hr=/srv/hr; in the file a table.",
    )
    index: Path = Field(Path("index"), description="Where the built index lives.")
    embedder: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="Embedding model: a packaged name, a folder, or the hub name of a sentence-transformers one.",
    )
    reranker: str = Field(
        "ms-marco-MiniLM-L-12-v2-int8",
        min_length=1,
        description="Cross-encoder: the packaged name, a folder, or the hub name of a sentence-transformers one.",
    )
    languages: str | None = Field(
        None,
        pattern="^(all|[a-z]{2}(, ?[a-z]{2})*)$",
        description="Languages that both models read, as in en,tr or all; unset: those that both models' cards name.",
    )
    model_downloads: bool = Field(
        False, description="Allow a model named by its hub name to be fetched from the hub, once."
    )
    target_tokens: int = Field(160, ge=32, le=512, description="Passage length aimed at, in word pieces.")
    candidates: int = Field(
        10, ge=1, le=200, description="Passages taken from each of the dense and the lexical search."
    )
    max_sentences: int = Field(3, ge=1, le=10, description="Most sentences in an extractive answer.")
    refusal_threshold: float | None = Field(
        None, ge=0.0, le=1.0, description="Refuse below this confidence; unset: the calibrated threshold."
    )
    chat_model: str | None = Field(
        None, min_length=1, description="Chat model that writes the answers, as in ollama:llama3.2; unset: none does."
    )
    chat_base_url: str | None = Field(
        None, pattern="^https?://", description="Its server; with openai:NAME any OpenAI-compatible one."
    )
    chat_api_key: SecretStr | None = Field(None, description="Key for that server, if it wants one.")
    chat_timeout: float = Field(60.0, gt=0, le=3600, description="Seconds a chat model may take for one question.")
    strict: bool = Field(False, description="Drop sentences of the chat model that their sources do not support.")
    paraphrases: bool = Field(
        True, description="Verify sentences of the chat model in words of its own, too; off for a small model."
    )
    threads: int = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        ge=1,
        le=256,
        description="Processor threads for the models, and up to 8 files read at a time; unset: all it may use.",
    )
    keep_generations: int = Field(
        2, ge=1, le=100, description="Index generations kept, the one that answers included."
    )
    max_file_mb: int = Field(64, ge=1, le=4096, description="Larger files are reported and not indexed.")
    ocr: bool = Field(False, description="Recognise text on pages of PDFs that have none; needs the extra ocr.")
    include: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Index only files that fit one of these patterns, as in .gitignore, with commas between.",
    )
    exclude: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Leave out files and folders that fit one of these patterns."
    )
    feedback: bool = Field(True, description="Thumbs below the answers of the chat page; kept beside the index.")
    host: str = Field("127.0.0.1", min_length=1, description="Address that `assistant serve` listens on.")
    port: int = Field(7860, ge=1, le=65535, description="Port that `assistant serve` listens on.")

    answer_timeout: float = Field(
        180.0, gt=0, le=3600, description="Seconds that the server works on one question, its waiting included."
    )
    questions_per_minute: int = Field(
        600, ge=1, le=100_000, description="Questions and searches of one client that the HTTP API takes in a minute."
    )
    parallel_questions: int = Field(
        16, ge=1, le=1000, description="Questions and searches of one client that the HTTP API works on at a time."
    )

    @field_validator("collections", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        """A mapping as it is, pairs, or NAME=FOLDER with commas between them."""
        if not isinstance(value, str):
            return dict(value) if isinstance(value, tuple) else value
        pairs = [each.strip().partition("=") for each in value.split(",") if each.strip()]
        if len({name for name, _, _ in pairs}) < len(pairs):
            raise ValueError("a name is there twice")
        return {name: folder for name, _, folder in pairs}

    @field_validator("include", "exclude", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """A list as it is, or patterns with commas between them."""
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: Any) -> Settings:
    """Settings with `given` (those that are not None) on top of environment and file.

    Raises:
        InputError: a key is unknown, or a value cannot be used.
    """
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(k for k in os.environ if k.upper().startswith(ENV_PREFIX) and k.upper() not in known)
    if unknown:
        raise InputError(f"unknown setting {unknown[0]} in the environment; README lists the settings")
    try:
        # As pairs: the mappings of two sources would be put together, and what is given here is to stand alone.
        alone: dict[str, Any] = {
            k: tuple(v.items()) if isinstance(v, dict) else v for k, v in given.items() if v is not None
        }
        return Settings(**alone)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"])) or "settings"
        if first["type"] == "extra_forbidden":
            raise InputError(f"unknown setting {name} in assistant.toml; README lists the settings") from error
        raise InputError(f"setting {name}: {first['msg']}; README lists the settings") from error
    except (SettingsError, ValueError) as error:
        raise InputError(f"assistant.toml cannot be read: {str(error).splitlines()[0]}") from error
