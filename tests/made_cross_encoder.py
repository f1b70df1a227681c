"""A cross-encoder of a few numbers that has learnt nothing."""

from __future__ import annotations

from pathlib import Path

WORDS = ("il", "tirocinio", "dura", "sei", "mesi", "contratto", "firma", "quanto", "?", ".")


def made_cross_encoder(folder: Path, labels: int = 1, seed: int = 0) -> str:
    """Its folder, as a path; `labels` numbers to a pair."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(seed)
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))
    config = BertConfig(
        vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=128, num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(vocabulary), model_max_length=128).save_pretrained(folder)
    return str(folder)
