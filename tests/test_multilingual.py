"""Models of the user's own in the settings: real folders, saved by the libraries, small and with random weights."""

from pathlib import Path

import numpy as np
import pytest
from tiny_models import config, tokenizer_in, untrained_reranker

from assistant.compose import Workshop
from assistant.errors import ModelError
from assistant.models.reranker import SentenceTransformerReranker
from assistant.models.weights import ENGLISH, RERANKER, languages_of
from assistant.settings import load_settings
from assistant.types import Question

pytestmark = pytest.mark.models

TEXT = "Hat yenilendi ve ilk tren 25 Mayıs 2024 tarihinde hareket etti. Yolcular yeni istasyonu çok beğendi."
QUESTION = "İlk tren ne zaman hareket etti?"
CARD = "---\nlanguage:\n- en\n- tr\n- pt-br\nlicense: mit\n---\n# A model\n"


@pytest.fixture(scope="module")
def embedder_folder(tmp_path_factory) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(1)
    base, folder = tmp_path_factory.mktemp("base") / "model", tmp_path_factory.mktemp("embedder") / "model"
    tokenizer_in(base)
    BertModel(config()).save_pretrained(str(base))
    words = Transformer(str(base), max_seq_length=256)
    prompts = {"query": "query: ", "document": "passage: "}
    SentenceTransformer(modules=[words, Pooling(32)], prompts=prompts, device="cpu").save(str(folder))
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reranker_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reranker") / "model"
    untrained_reranker(folder)
    (folder / "README.md").write_text(CARD.replace("- en\n", "- en\n- de\n"), encoding="utf-8")
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "demiryolu.txt").write_text(TEXT, encoding="utf-8")
    (folder / "vize.txt").write_text("Çin vatandaşları için vizesiz giriş 20 Temmuz 2024 tarihinde başladı.")
    return folder


def workshop(documents: Path, **given: object) -> Workshop:
    workshop = Workshop(load_settings(folder=documents, index=documents.parent / "index", **given))
    workshop.build(rebuild=True, progress=lambda stage, done, total: None)
    return workshop


def test_named_models_answer_in_their_languages_without_a_note(
    documents: Path, embedder_folder: Path, reranker_folder: Path
) -> None:
    named = {"embedder": str(embedder_folder), "reranker": str(reranker_folder), "refusal_threshold": 0.0}
    made = workshop(documents, **named)
    assert made.languages == {"en", "tr", "pt"}
    answer = made.chain().invoke(QUESTION)
    assert answer.note is None and answer.status == "answered"
    assert answer.models.embedder == str(embedder_folder) and answer.models.reranker == str(reranker_folder)
    assert all(s.support == "verified" for s in answer.sentences)
    again = made.chain().invoke(QUESTION)
    assert (again.text, again.confidence) == (answer.text, answer.confidence)
    assert "German" in str(made.chain().invoke("Wann wurde die Eisenbahn gebaut?").note)
    assert made.unread() is None


def test_an_embedder_speaks_the_prompts_of_its_own_configuration(documents: Path, embedder_folder: Path) -> None:
    embedder = Workshop(load_settings(embedder=str(embedder_folder))).embedder
    plain = embedder.model.encode([f"query: {QUESTION}", f"passage: {TEXT}"], normalize_embeddings=True, prompt="")
    assert np.allclose(embedder.embed_query(QUESTION), plain[0], atol=1e-5)
    assert np.allclose(embedder.embed_passages([TEXT])[0], plain[1], atol=1e-5)


def test_a_score_is_of_its_pair_alone(reranker_folder: Path) -> None:
    reranker = Workshop(load_settings(reranker=str(reranker_folder))).reranker
    assert isinstance(reranker, SentenceTransformerReranker)
    texts = [TEXT, "kısa", TEXT * 40]
    assert reranker.score(QUESTION, texts) == [reranker.score(QUESTION, [text])[0] for text in texts]
    assert reranker.score(QUESTION, []) == []


def test_what_is_no_cross_encoder_of_one_score_is_refused_in_one_line(tmp_path: Path) -> None:
    from transformers import BertForSequenceClassification

    folder = tmp_path / "model"
    tokenizer_in(folder)
    BertForSequenceClassification(config(num_labels=3)).save_pretrained(str(folder))
    with pytest.raises(ModelError, match="gives 3 scores a pair"):
        Workshop(load_settings(reranker=str(folder))).reranker.score("a", ["b"])
    with pytest.raises(ModelError, match="no model 'nowhere/there' on this machine"):
        _ = Workshop(load_settings(reranker="nowhere/there")).reranker


def test_a_folder_for_onnxruntime_is_run_by_it(tmp_path: Path) -> None:
    from assistant.models.weights import verified

    packaged = Workshop(load_settings()).reranker
    named = Workshop(load_settings(reranker=str(verified(RERANKER).path))).reranker
    assert named.score("When was it?", ["It was in 2024."]) == packaged.score("When was it?", ["It was in 2024."])


@pytest.mark.parametrize(
    ("card", "told"),
    [
        ("---\nlanguage: tr\n---\n", {"tr"}),
        ("---\nlanguage: multilingual\n---\n", None),
        ("---\nlanguage: [multilingual, en, zh-cn]\n---\n", {"en", "zh"}),
        ("# No card\n", ENGLISH),
        ("---\nlanguage: [\n---\n", ENGLISH),
        ("---\n- a list\n---\n", ENGLISH),
        ("---\n", ENGLISH),
    ],
)
def test_languages_are_read_from_a_models_card(tmp_path: Path, card: str, told: set[str] | None) -> None:
    (tmp_path / "README.md").write_text(card)
    found = languages_of(str(tmp_path))
    assert found == told if told else len(found) > 30


def test_the_setting_wins_over_the_cards(reranker_folder: Path) -> None:
    assert Workshop(load_settings(languages="en, ru")).languages == {"en", "ru"}
    assert "tr" in Workshop(load_settings(languages="all")).languages
    assert Workshop(load_settings(reranker=str(reranker_folder))).languages == ENGLISH  # the embedder reads no other


def test_the_packaged_models_leave_a_turkish_folder_to_its_words(documents: Path) -> None:
    made = workshop(documents)
    assert made.unread() == (
        "the models do not read most of the documents (2 in Turkish): these are searched by words alone"
    )
    answer = made.chain().invoke(QUESTION)
    assert answer.note == "the models do not read Turkish: the documents were searched by words alone"
    assert "25 Mayıs 2024" in answer.text and answer.status == "answered"
    assert all(s.support == "verified" for s in answer.sentences)
    assert made.search(3)(Question(QUESTION))[0].passage.document == "demiryolu.txt"
    english = made.chain().invoke("When did the first train leave?")
    assert english.note is None
