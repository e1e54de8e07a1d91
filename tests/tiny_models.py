"""Folders of real models, saved by the libraries: small, and with random weights."""

from pathlib import Path


def tokenizer_in(folder: Path) -> None:
    from transformers import BertTokenizerFast

    letters = [*"abcdefghijklmnopqrstuvwxyzçğıöşü0123456789.,?:"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), strip_accents=False).save_pretrained(str(folder))


def config(**more: int) -> object:
    from transformers import BertConfig

    size = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    return BertConfig(vocab_size=200, max_position_embeddings=256, **size, **more)


def untrained_reranker(folder: Path) -> None:
    """A cross-encoder that has learnt nothing."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(2)
    tokenizer_in(folder)
    BertForSequenceClassification(config(num_labels=1)).save_pretrained(str(folder))
