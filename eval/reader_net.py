"""The reader in torch, to train it: the frozen encoder with an adapter, and the head.

`Head` computes what `chatbot.reader_head.score_units` computes, for a padded batch of windows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from chatbot.reader_input import FEATURES, Window

SCALARS = 5  # similarities the head works out itself
PAD = 1


@dataclass(frozen=True)
class Example:
    """A window with its features (s, f), whether each unit answers, and its weight in the loss."""

    window: Window
    features: np.ndarray
    labels: tuple[bool, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Batch:
    """b windows padded to t tokens and s units."""

    ids: Tensor  # (b, t)
    mask: Tensor  # (b, t)
    owner: Tensor  # (b, t)
    features: Tensor  # (b, s, f)
    units: Tensor  # (b, s) bool: a unit, not padding
    labels: Tensor  # (b, s)
    weight: Tensor  # (b,)


def collate(examples: Sequence[Example]) -> Batch:
    """Pad examples to the longest of them."""
    tokens = max(len(e.window.ids) for e in examples)
    units = max(len(e.labels) for e in examples)
    count = len(examples)
    ids = torch.full((count, tokens), PAD)
    owner = torch.full((count, tokens), -1)
    rows = torch.zeros(count, units, FEATURES)
    labels, kept = torch.zeros(count, units), torch.zeros(count, units, dtype=torch.bool)
    for at, example in enumerate(examples):
        length, size = len(example.window.ids), len(example.labels)
        ids[at, :length] = torch.tensor(example.window.ids)
        owner[at, :length] = torch.from_numpy(example.window.owner)
        rows[at, :size] = torch.from_numpy(example.features)
        labels[at, :size] = torch.tensor(example.labels, dtype=torch.float32)
        kept[at, :size] = True
    weight = torch.tensor([example.weight for example in examples])
    return Batch(ids, (ids != PAD).long(), owner, rows, kept, labels, weight)


class Adapted(nn.Module):
    """A frozen linear layer plus a trained B A of rank `rank` (Hu et al. 2021, LoRA).

    The frozen weights are kept in bfloat16: training is twice as fast for it. B starts at zero, so
    that the reader starts as the encoder.
    """

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.weight = base.weight.detach().bfloat16()
        self.bias = base.bias.detach().bfloat16()
        self.scale = 2.0
        width = base.in_features
        self.A = nn.Parameter(torch.randn(rank, width) / math.sqrt(width)) if rank else None
        self.B = nn.Parameter(torch.zeros(base.out_features, rank)) if rank else None

    def forward(self, values: Tensor) -> Tensor:
        result = functional.linear(values, self.weight, self.bias)
        if self.A is None or self.B is None:
            return result
        return result + functional.linear(functional.linear(values, self.A), self.B) * self.scale


class Head(nn.Module):
    """Scores of units and of the window; see `chatbot.reader_head`."""

    def __init__(self, hidden: int = 384, width: int = 96) -> None:
        super().__init__()
        inputs = FEATURES + SCALARS
        self.proj = nn.Linear(3 * hidden, width)
        self.scal = nn.Linear(inputs, width)
        self.c1 = nn.Conv1d(width, width, 3, padding=1)
        self.c2 = nn.Conv1d(width, width, 3, padding=1)
        self.out = nn.Linear(width, 1)
        self.skip = nn.Linear(inputs, 1)
        self.drop = nn.Dropout(0.2)
        evidence = nn.Linear(2 * hidden + width + 4, width)
        gelu = nn.GELU(approximate="tanh")
        self.ans = nn.Sequential(evidence, gelu, nn.Dropout(0.2), nn.Linear(width, 1))

    def forward(self, hidden: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits (b, s), -9 where there is no unit, and (b,)."""
        kept = batch.units
        pooled, question = _means(hidden, batch)
        cosine = functional.cosine_similarity(pooled, question[:, None], dim=-1)
        late = _late_interaction(hidden, batch)
        inputs = torch.cat([batch.features, _scalars(cosine, late, kept)], -1)
        around = question[:, None].expand_as(pooled)
        joined = torch.cat([pooled, around, pooled * around], -1)
        state = self.drop(_gelu(self.proj(joined) + self.scal(inputs)) * kept[..., None])
        for layer in (self.c1, self.c2):
            near = _gelu(layer(state.transpose(1, 2))).transpose(1, 2)
            state = state + near * kept[..., None]
        logits = (self.out(self.drop(state)) + self.skip(inputs))[..., 0].masked_fill(~kept, -9)
        share = torch.softmax(logits, 1)
        evidence = [
            hidden[:, 0], question, (share[:, None] @ state)[:, 0],
            logits.amax(1, keepdim=True), torch.logsumexp(logits, 1, keepdim=True),
            (_best(cosine, kept) - 0.85) * 10, (_best(late, kept) - 0.7) * 5,
        ]  # fmt: skip
        return logits, self.ans(torch.cat(evidence, -1))[:, 0]


def _gelu(values: Tensor) -> Tensor:
    return functional.gelu(values, approximate="tanh")


def _best(values: Tensor, kept: Tensor) -> Tensor:
    return values.masked_fill(~kept, -9).amax(1, keepdim=True)


def _scalars(cosine: Tensor, late: Tensor, kept: Tensor) -> Tensor:
    columns = [
        (cosine - 0.85) * 10, (cosine - _best(cosine, kept)) * 10,
        (late - 0.7) * 5, (late - _best(late, kept)) * 10, kept.float(),
    ]  # fmt: skip
    return torch.stack(columns, -1)


def _means(hidden: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Mean vectors of the units (b, s, d) and of the question (b, d)."""
    number = torch.arange(1, batch.units.shape[1] + 1)
    member = (batch.owner[:, None, :] == number[None, :, None]).float()
    units = (member @ hidden) / member.sum(-1, keepdim=True).clamp(min=1)
    asked = (batch.owner == 0).float()
    return units, (asked[:, None] @ hidden)[:, 0] / asked.sum(1, keepdim=True)


def _late_interaction(hidden: Tensor, batch: Batch) -> Tensor:
    """(b, s): mean over the question's tokens of the best cosine with a token of the unit."""
    asked = (batch.owner == 0).float()
    longest = int(asked.sum(1).max())
    asked = asked[:, 1 : 1 + longest]  # the question stands right after <s>
    unit = functional.normalize(hidden, dim=-1)
    similar = unit @ unit[:, 1 : 1 + longest].transpose(1, 2)
    count, units = batch.units.shape
    place = batch.owner.clamp(min=0)[..., None].expand(-1, -1, longest)
    best = torch.full((count, units + 1, longest), -1.0)
    best = best.scatter_reduce(1, place, similar, "amax", include_self=False)[:, 1:]
    return (best * asked[:, None]).sum(-1) / asked.sum(1, keepdim=True)


class ReaderNet(nn.Module):
    """The encoder of `base_dir`, adapted from layer `first` up, and the head."""

    def __init__(self, base_dir: Path, rank: int, first: int) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder: Any = AutoModel.from_pretrained(
            base_dir, add_pooling_layer=False, attn_implementation="eager",
            attention_probs_dropout_prob=0.0,  # random numbers cost more than the attention
        )  # fmt: skip
        self.encoder.requires_grad_(False)
        for at, layer in enumerate(self.encoder.encoder.layer):
            _adapt(layer, rank if at >= first else 0)
        self.head = Head(self.encoder.config.hidden_size)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.encoder(input_ids=batch.ids, attention_mask=batch.mask)[0]
        logits: tuple[Tensor, Tensor] = self.head(hidden.float(), batch)
        return logits

    def adapter(self) -> dict[str, Tensor]:
        """A and B (with the scale) of every adapted layer, by the layer's name in the encoder."""
        found = {}
        for name, module in self.encoder.named_modules():
            if isinstance(module, Adapted) and module.A is not None and module.B is not None:
                found[f"{name}.A"] = module.A.detach()
                found[f"{name}.B"] = module.B.detach() * module.scale
        return found


def _adapt(layer: Any, rank: int) -> None:
    if not rank:  # nothing is learnt there, so nothing is dropped
        layer.attention.output.dropout.p = layer.output.dropout.p = 0.0
    for block in (layer.attention.self, layer.attention.output, layer.intermediate, layer.output):
        for name, module in list(block.named_children()):
            if isinstance(module, nn.Linear):
                setattr(block, name, Adapted(module, rank))
