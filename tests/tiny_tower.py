"""An encoder of random weights that can be trained in a moment, and texts for it."""

from __future__ import annotations

from typing import Any

from eval.training.data import Data, PracticeQuestion, PracticeText
from eval.training.tower import Tower
from index.search.lexical import words

HIDDEN = 32
TOPICS = ("banca", "scuola", "medico", "casa", "patente", "tirocinio", "bollo", "mensa")
ASKED = "come funziona {0} e quanto costa"


def small_data() -> Data:
    """For each topic two passages of one section, each of two units, and a question; the first
    unit of the first passage answers it."""
    data = Data()
    for n, topic in enumerate(TOPICS):
        for part in ("prima", "seconda"):
            first, second = f"la {topic} {part} apre oggi .", f"il modulo {part} serve ."
            text = f"{topic} \n{first} {second}"
            start = text.index(first)
            spans = ((start, start + len(first)), (text.index(second), len(text)))
            data.passages.append(PracticeText(text, f"guida#{topic}", spans))
        right = (2 * n, 2 * n + 1)
        units = {2 * n: frozenset({0})}
        data.queries.append(PracticeQuestion(ASKED.format(topic), "pratica", right, units))
    data.bounds["guide"] = (0, len(data.passages))
    return data


def tower_for(data: Data, frozen: int = 1) -> Tower:
    """Two layers, of which those below `frozen` do not learn; each word is a token."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    texts = [*(p.text for p in data.passages), *(q.text for q in data.queries), "query passage"]
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ":", "."]
    known += sorted({word for text in texts for word in words(text)})
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(known)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    fast: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=64, unk_token="[UNK]", pad_token="[PAD]",
        cls_token="[CLS]", sep_token="[SEP]",
    )  # fmt: skip
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(known), hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64, initializer_range=0.2,
    )  # fmt: skip
    return Tower(BertModel(config, add_pooling_layer=False), fast, frozen)
