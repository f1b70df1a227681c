"""Trains the upper layers of the encoder: right passages, units and tokens nearer to the question.

Three contrastive losses over the same run (InfoNCE, van den Oord et al. 2018, with in-batch and
mined negatives): the question's vector against passages; against units, each the mean of its tokens
where it stands, half and half with the cosine of its passage; and late interaction of tokens
(Khattab and Zaharia 2020). What answers too, or helps, is never a negative.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)

from eval.training.data import Data, Query
from eval.training.tower import Encoded, Tower

TEMPERATURE = 0.02
LAST_SHARE = 0.5  # of the last layer in token vectors, as when served


@dataclass(frozen=True)
class Recipe:
    """How long and how fast: `batch` questions a step, each with one right passage and one mined
    negative; the shares of units and tokens in the loss."""

    steps: int = 220
    batch: int = 40
    rate: float = 1e-4
    units: float = 0.6
    tokens: float = 0.15
    warm_up: int = 10
    seed: int = 0


@dataclass
class Batch:
    """Questions and the passages they are compared with: `right` (q,) the column of each one's own,
    `never` (q, p) columns that are no negatives of it."""

    queries: Sequence[Query]
    columns: list[int]
    right: torch.Tensor
    never: torch.Tensor


def train(
    tower: Tower, data: Data, recipe: Recipe, tell: Callable[[int, int, float], None]
) -> None:
    """Train `tower` in place; `tell(step, steps, seconds a step)` after each."""
    generator = random.Random(recipe.seed)
    torch.manual_seed(recipe.seed)
    parameters = tower.trainable()
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: min(1, (s + 1) / recipe.warm_up) * max(0.15, 1 - s / recipe.steps),
    )
    order: list[Query] = []
    start = monotonic()
    for step in range(recipe.steps):
        while len(order) < recipe.batch:
            order += generator.sample(data.queries, len(data.queries))
        taken, order = order[: recipe.batch], order[recipe.batch :]
        loss = loss_of(tower, data, make_batch(taken, data, generator), recipe)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        tell(step + 1, recipe.steps, (monotonic() - start) / (step + 1))


def make_batch(queries: Sequence[Query], data: Data, generator: random.Random) -> Batch:
    """One right passage of each question (with labelled units, where there are), one wrong one."""
    columns: dict[int, int] = {}
    own = [generator.choice(list(query.units) or query.right) for query in queries]
    wrong = [generator.choice(query.wrong) for query in queries if query.wrong]
    for passage in (*own, *wrong):
        columns.setdefault(passage, len(columns))
    right = torch.tensor([columns[passage] for passage in own])
    never = torch.zeros(len(queries), len(columns), dtype=torch.bool)
    for row, query in enumerate(queries):
        fine = {*query.right, *query.partial}
        sections = {data.passages[n].section for n in query.right}
        for passage, column in columns.items():
            same = data.passages[passage].section in sections
            never[row, column] = column != right[row] and (passage in fine or same)
    return Batch(queries, list(columns), right, never)


def loss_of(tower: Tower, data: Data, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """The weighted sum of the three losses."""
    asked = tower.encode_queries([query.text for query in batch.queries])
    found = tower.encode_passages(batch.columns, data.passages)
    cosines = asked.pooled @ found.pooled.T
    loss = _contrast(cosines, batch)
    loss = loss + recipe.tokens * _contrast(late(asked, found), batch)
    units = _unit_loss(tower, data, batch, asked, found, cosines)
    return loss if units is None else loss + recipe.units * units


def _contrast(scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    return F.cross_entropy((scores / TEMPERATURE).masked_fill(batch.never, -1e4), batch.right)


def late(asked: Encoded, found: Encoded) -> torch.Tensor:
    """(q, p): the mean over a question's tokens of their best cosine in each passage."""
    (questions, theirs), (passages, inside) = asked.tokens(LAST_SHARE), found.tokens(LAST_SHARE)
    flat, counts = questions[theirs], theirs.sum(1)
    cosines = (flat @ passages.flatten(0, 1).T).view(len(flat), *inside.shape)
    best = cosines.masked_fill(~inside[None], -1).amax(2)
    owners = torch.repeat_interleave(torch.arange(len(counts)), counts)
    mean = torch.zeros(len(counts), len(flat))
    mean[owners, torch.arange(len(flat))] = 1 / counts[owners].float()
    return mean @ best


def _unit_loss(
    tower: Tower, data: Data, batch: Batch, asked: Encoded, found: Encoded, cosines: torch.Tensor
) -> torch.Tensor | None:
    """Units that answer against all units of the batch; None where none is labelled."""
    rows = [n for n, query in enumerate(batch.queries) if query.units]
    if not rows:
        return None
    vectors, owners, ordinals = tower.units(batch.columns, data.passages, found)
    scores = (asked.pooled[rows] @ vectors.T + cosines[rows][:, owners]) / 2 / TEMPERATURE
    good = torch.zeros(len(rows), len(owners), dtype=torch.bool)
    for n, row in enumerate(rows):
        for passage, units in batch.queries[row].units.items():
            if passage in batch.columns:
                own = owners == batch.columns.index(passage)
                good[n] |= own & torch.isin(ordinals, torch.tensor(sorted(units)))
    kept = good.any(1)
    if not kept.any():
        return None
    unlabelled = batch.never[rows][:, owners] & ~good
    scores = scores.masked_fill(unlabelled, -1e4)[kept]
    right = torch.logsumexp(scores.masked_fill(~good[kept], -1e4), 1)
    return (torch.logsumexp(scores, 1) - right).mean()


def state_of(model: Any) -> dict[str, Any]:
    """The tensors of a model as float32 arrays, by name."""
    return {name: tensor.detach().float().numpy() for name, tensor in model.state_dict().items()}
