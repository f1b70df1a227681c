"""The cross-encoder in torch, to train it: the frozen encoder with an adapter, and the head.

`CrossNet` computes what `eval.page_reader.cross_encoder` computes, for a padded batch of windows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from eval.page_reader.cross_encoder import EPSILON, NO_SENTENCE, Window
from eval.page_reader.cross_model import BASE, HEAD

SCALE = 16  # of the adapter, divided by its rank (Hu et al. 2021, alpha / r)
PAD = 1
NO_LOGIT = -12.0  # where a window has no sentence
DROPOUT = 0.1


@dataclass(frozen=True)
class Labelled:
    """A window of page number `page`, and whether each of its sentences answers (n,)."""

    window: Window
    gold: NDArray[np.bool_]
    page: int


@dataclass(frozen=True)
class Batch:
    """b windows padded to t tokens and s sentences."""

    ids: Tensor  # (b, t)
    mask: Tensor  # (b, t)
    owners: Tensor  # (b, t)
    kept: Tensor  # (b, s) bool: a sentence, not padding
    gold: Tensor  # (b, s) float


def collate(examples: Sequence[Labelled], device: torch.device) -> Batch:
    """Pad examples to the longest of them."""
    shape = len(examples), max(len(e.window.ids) for e in examples)
    most = max(len(e.gold) for e in examples)
    ids, owners = torch.full(shape, PAD), torch.full(shape, NO_SENTENCE)
    mask = torch.zeros(shape, dtype=torch.long)
    gold = torch.zeros(len(examples), most)
    kept = torch.zeros(len(examples), most, dtype=torch.bool)
    for row, example in enumerate(examples):
        length, size = len(example.window.ids), len(example.gold)
        ids[row, :length] = torch.tensor(example.window.ids)
        owners[row, :length] = torch.tensor(example.window.owners)
        mask[row, :length] = 1
        gold[row, :size] = torch.from_numpy(example.gold.astype(np.float32))
        kept[row, :size] = True
    return Batch(*(part.to(device) for part in (ids, mask, owners, kept, gold)))


class Adapted(nn.Module):
    """A frozen linear layer plus a trained B A of rank `rank` (Hu et al. 2021, LoRA).

    B starts at zero, so that the cross-encoder starts as the encoder.
    """

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scale = SCALE / rank

    def forward(self, values: Tensor) -> Tensor:
        changed = functional.linear(functional.linear(values, self.A), self.B) * self.scale
        added: Tensor = self.base(values) + changed
        return added


class CrossNet(nn.Module):
    """The encoder of `base_dir`, adapted in every linear layer, and the head."""

    def __init__(self, base_dir: Path, rank: int, dropout: float = DROPOUT) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder: Any = AutoModel.from_pretrained(
            base_dir, add_pooling_layer=False, attn_implementation="sdpa",
            attention_probs_dropout_prob=dropout, hidden_dropout_prob=dropout,
        )  # fmt: skip
        self.encoder.requires_grad_(False)
        for layer in self.encoder.encoder.layer:
            _adapt(layer, rank)
        hidden = self.encoder.config.hidden_size
        self.base, self.drop = base_dir.name, nn.Dropout(dropout)
        self.norm = nn.LayerNorm(hidden, eps=EPSILON)
        self.unit, self.page = nn.Linear(hidden, 1), nn.Linear(2 * hidden, 1)
        self.lift = nn.Parameter(torch.tensor([0.5, 0.0, 0.0]))
        for line in (self.unit, self.page):
            nn.init.zeros_(line.weight)
            nn.init.zeros_(line.bias)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits of sentences (b, s), NO_LOGIT where there is none, and of windows (b,)."""
        with torch.autocast(batch.ids.device.type, dtype=torch.bfloat16, enabled=self.training):
            hidden = self.encoder(input_ids=batch.ids, attention_mask=batch.mask)[0]
        hidden = hidden.float()
        number = torch.arange(batch.kept.shape[1], device=batch.ids.device)
        member = (batch.owners[:, None] == number[None, :, None]).float()
        means = self.norm(member @ hidden / member.sum(-1, keepdim=True).clamp(min=1))
        logits = self.unit(self.drop(means))[..., 0].masked_fill(~batch.kept, NO_LOGIT)
        share = torch.softmax(logits, 1)
        evidence = torch.cat([(share[:, None] @ means)[:, 0], hidden[:, 0]], 1)
        best = torch.stack([logits.amax(1), torch.logsumexp(logits, 1)], 1)
        page = self.page(self.drop(evidence))[:, 0] + best @ self.lift[:2] + self.lift[2]
        return logits, page

    def trained(self) -> dict[str, Tensor]:
        """A copy of what training changes."""
        return {name: p.detach().clone() for name, p in self.named_parameters() if p.requires_grad}

    def weights(self) -> dict[str, NDArray[Any]]:
        """What `eval.page_reader.cross_model` merges and `eval.page_reader.cross_encoder` reads."""
        found: dict[str, NDArray[Any]] = {BASE: np.array(self.base)}
        for name, module in self.encoder.named_modules():
            if isinstance(module, Adapted):
                found[f"{name}.A"] = _half(module.A)
                found[f"{name}.B"] = _half(module.B * module.scale)
        for part in ("norm", "unit", "page"):
            for kind, value in getattr(self, part).named_parameters():
                found[f"{HEAD}{part}_{kind}"] = value.detach().cpu().numpy()
        return found | {f"{HEAD}lift": self.lift.detach().cpu().numpy()}


def _half(values: Tensor) -> NDArray[np.float16]:
    return values.detach().cpu().numpy().astype(np.float16)


def _adapt(layer: Any, rank: int) -> None:
    for block in (layer.attention.self, layer.attention.output, layer.intermediate, layer.output):
        for name, module in list(block.named_children()):
            if isinstance(module, nn.Linear):
                setattr(block, name, Adapted(module, rank))
