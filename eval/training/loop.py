"""Trains the upper layers of the encoder: right passages, units and tokens nearer to the question.

Four contrastive losses over the same run (InfoNCE, van den Oord et al. 2018, with in-batch and
mined negatives): the question's vector against passages; against units, each the mean of its tokens
where it stands, half and half with the cosine of its passage; late interaction of tokens (Khattab
and Zaharia 2020); and against other questions that the same unit answers, since a precedent is
recognised by its question. What answers too, or helps, is never a negative.

Half of a batch comes in groups of one topic, so that its questions are hard negatives of each other
(Hofstätter et al., 2021).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)

from eval.training.data import ON_GUIDES, Data, PracticeQuestion, keys_of
from eval.training.tower import Encoded, Tower

TEMPERATURE = 0.02
POOL = 2000  # questions of which the near ones are put together
LAST_SHARE = 0.5  # of the last layer in token vectors, as when served


@dataclass(frozen=True)
class Recipe:
    """How long and how fast: `batch` questions a step, each with one right passage and one mined
    negative; the shares of units, tokens and questions in the loss; how many questions of one topic
    stand `together` in a batch."""

    steps: int = 220
    batch: int = 40
    rate: float = 1e-4
    units: float = 0.6
    tokens: float = 0.15
    questions: float = 0.4
    together: int = 5
    warm_up: int = 10
    seed: int = 0


@dataclass
class Batch:
    """Questions and the passages they are compared with: `right` (q,) the column of each one's own,
    `never` (q, p) columns that are no negatives of it; `siblings` of some, by row, another question
    with the same answer."""

    queries: Sequence[PracticeQuestion]
    columns: list[int]
    right: torch.Tensor
    never: torch.Tensor
    siblings: Mapping[int, str]


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
    order: list[PracticeQuestion] = []
    start = monotonic()
    for step in range(recipe.steps):
        while len(order) < recipe.batch:
            order += in_groups(data.queries, recipe.together, generator)
        taken, order = order[: recipe.batch], order[recipe.batch :]
        loss = loss_of(tower, data, make_batch(taken, data, generator), recipe)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        tell(step + 1, recipe.steps, (monotonic() - start) / (step + 1))


def in_groups(
    queries: Sequence[PracticeQuestion], together: int, generator: random.Random
) -> list[PracticeQuestion]:
    """All of them in a new order, `together` that are near each other in the texts at a time."""
    places = {id(query): (query.source not in ON_GUIDES, query.right[0]) for query in queries}
    shuffled = generator.sample(queries, len(queries))
    found: list[list[PracticeQuestion]] = []
    for start in range(0, len(shuffled), POOL):
        near = sorted(shuffled[start : start + POOL], key=lambda query: places[id(query)])
        found += [near[n : n + together] for n in range(0, len(near), together)]
    generator.shuffle(found)
    return [query for group in found for query in group]


def make_batch(queries: Sequence[PracticeQuestion], data: Data, generator: random.Random) -> Batch:
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
    return Batch(queries, list(columns), right, never, _siblings(queries, data, generator))


def _siblings(
    queries: Sequence[PracticeQuestion], data: Data, generator: random.Random
) -> dict[int, str]:
    found: dict[int, str] = {}
    for row, query in enumerate(queries):
        keys = [key for key in keys_of(query) if key in data.siblings]
        if keys:
            others = [t for t in data.siblings[generator.choice(keys)] if t != query.text]
            found[row] = generator.choice(others)
    return found


def loss_of(tower: Tower, data: Data, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """The weighted sum of the three losses."""
    asked = tower.encode_queries([query.text for query in batch.queries])
    found = tower.encode_passages(batch.columns, data.passages)
    cosines = asked.pooled @ found.pooled.T
    loss = _contrast(cosines, batch)
    loss = loss + recipe.tokens * _contrast(late(asked, found), batch)
    units = _unit_loss(tower, data, batch, asked, found, cosines)
    loss = loss if units is None else loss + recipe.units * units
    alike = _question_loss(tower, data, batch, asked)
    return loss if alike is None else loss + recipe.questions * alike


def _question_loss(tower: Tower, data: Data, batch: Batch, asked: Encoded) -> torch.Tensor | None:
    """Questions against others that the same unit answers; None where there are none."""
    rows = list(batch.siblings)
    if len(rows) < 2:
        return None
    theirs = tower.encode_queries([batch.siblings[row] for row in rows]).pooled
    scores = asked.pooled[rows] @ theirs.T / TEMPERATURE
    places = [set(batch.queries[row].right) for row in rows]
    shared = torch.tensor([[bool(a & b) for b in places] for a in places])
    shared.fill_diagonal_(False)
    return F.cross_entropy(scores.masked_fill(shared, -1e4), torch.arange(len(rows)))


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
