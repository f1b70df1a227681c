"""An encoder of random weights that is prepared in a moment, as any model of another is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def tiny_model(folder: Path, known: Iterable[str] = ("il", "permesso", "parola")) -> Path:
    """A sentence-transformers checkpoint of two layers that cuts texts into the words `known`;
    random weights from a fixed seed."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *known]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=24,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "hf")
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=24, unk_token="[UNK]", pad_token="[PAD]",
        cls_token="[CLS]", sep_token="[SEP]",
    ).save_pretrained(folder / "hf")  # fmt: skip
    transformer = Transformer(str(folder / "hf"))
    modules = [transformer, Pooling(32, "cls")]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    return folder
