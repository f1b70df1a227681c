"""Trains the cross-encoder: practice pages first, then the train sets of OMoS-QA.

Every page of OMoS-QA is also read by a cross-encoder that was trained without it, all the questions
of one page left out together, in every language: the reader's regressions learn from those scores.
A graphics card takes minutes, two processor cores about half a day.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.model_selection import GroupKFold
from torch import Tensor, nn
from torch.nn import functional

from eval.page_reader.cross_encoder import Scores, windows
from eval.page_reader.cross_net import CrossNet, Labelled, collate
from eval.page_reader.reading import PageQuestion
from index.encode.tokenizer import Tokenizer, load_tokenizer

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Recipe:
    """Found on train pages left out; see docs/reading.md for what else was tried."""

    rank: int = 16
    practice_epochs: int = 2
    epochs: int = 8
    folds: int = 3
    rate: float = 7e-4  # of the adapter
    head_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.06  # of the steps; then the rates fall to nothing
    batch_tokens: int = 8192
    order_weight: float = 0.3  # of the order within a page, in the loss
    page_weight: float = 0.3  # of whether the page answers
    seed: int = 1


@dataclass(frozen=True)
class Trained:
    """`net`, trained on every page, and for each page of OMoS-QA, in order, what a net trained
    without it says."""

    net: CrossNet
    left_out: list[Scores]


def train_cross(
    practice: Sequence[PageQuestion], pages: Sequence[PageQuestion], groups: Sequence[int],
    base_dir: Path, recipe: Recipe | None = None, progress: Progress | None = None,
) -> Trained:  # fmt: skip
    """Train on `practice`, then on `pages`; those of one group are left out together."""
    recipe = recipe or Recipe()
    tokenizer = load_tokenizer(base_dir)
    torch.manual_seed(recipe.seed)
    net = CrossNet(base_dir, recipe.rank).to(_device())
    examples = list(labelled(tokenizer, pages))
    told = _told(progress, recipe)
    fit(net, list(labelled(tokenizer, practice)), recipe, recipe.practice_epochs, told("esercizio"))
    start = net.trained()
    left_out: dict[int, Scores] = {}
    folds = GroupKFold(recipe.folds).split(groups, groups=groups)
    for number, (_, out) in enumerate(folds, start=1):
        held = frozenset(out.tolist())
        restore(net, start)
        learnt = [example for example in examples if example.page not in held]
        fit(net, learnt, recipe, recipe.epochs, told(f"parte {number} di {recipe.folds}"))
        left_out |= predict(net, [example for example in examples if example.page in held], recipe)
    restore(net, start)
    fit(net, examples, recipe, recipe.epochs, told("tutto"))
    return Trained(net, [left_out[page] for page in range(len(pages))])


def _told(progress: Progress | None, recipe: Recipe) -> Callable[[str], Progress]:
    def named(part: str) -> Progress:
        return lambda _, done, total: progress(part, done, total) if progress else None

    return named


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def labelled(tokenizer: Tokenizer, pages: Sequence[PageQuestion]) -> Iterator[Labelled]:
    """The windows of each page, with their gold sentences."""
    for number, page in enumerate(pages):
        for window in windows(tokenizer, page.question, page.sentences):
            places = np.arange(window.first, window.first + window.size)
            yield Labelled(window, np.isin(places, list(page.gold)), number)


def restore(net: CrossNet, trained: dict[str, Tensor]) -> None:
    """Put back what `net.trained()` copied."""
    net.load_state_dict(trained, strict=False)


def fit(
    net: CrossNet, examples: Sequence[Labelled], recipe: Recipe, epochs: int, progress: Progress
) -> None:
    """AdamW; the rates rise, then fall in a line."""
    body = [p for n, p in net.named_parameters() if p.requires_grad and n.startswith("encoder")]
    head = [p for n, p in net.named_parameters() if p.requires_grad and not n.startswith("encoder")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}],
        weight_decay=recipe.decay, betas=(0.9, 0.98),
    )  # fmt: skip
    drawn = random.Random(recipe.seed)
    plan = [batch for _ in range(epochs) for batch in batches(examples, recipe, drawn)]
    warm = recipe.warm_up * len(plan) + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / warm) * max(0.01, 1 - step / len(plan))
    )
    net.train()
    for step, batch in enumerate(plan, start=1):
        optimiser.zero_grad(set_to_none=True)
        loss(net, batch, recipe).backward()
        nn.utils.clip_grad_norm_(body + head, 1.0)
        optimiser.step()
        schedule.step()
        progress("", step, len(plan))


def loss(net: CrossNet, examples: Sequence[Labelled], recipe: Recipe) -> Tensor:
    """Cross-entropy of each sentence, of the order within a page (ListNet, Cao et al. 2007) and of
    whether the window answers. Sentences of longer pages count less, so that pages count alike."""
    batch = collate(examples, next(net.parameters()).device)
    logits, page = net(batch)
    each = functional.binary_cross_entropy_with_logits(logits, batch.gold, reduction="none")
    within = ((each * batch.kept).sum(1) / (batch.kept.sum(1) + 10)).mean()
    count = batch.gold.sum(1)
    order = -(torch.log_softmax(logits, 1) * batch.gold).sum(1) / count.clamp(min=1)
    answers = functional.binary_cross_entropy_with_logits(page, (count > 0).float())
    return 1.6 * within + recipe.order_weight * order.mean() + recipe.page_weight * answers


def batches(
    examples: Sequence[Labelled], recipe: Recipe, drawn: random.Random
) -> list[list[Labelled]]:
    """Windows of about one length together, in any order."""
    order = sorted(examples, key=lambda e: len(e.window.ids) + 60 * drawn.random())
    found: list[list[Labelled]] = [[]]
    longest = 0
    for example in order:
        longest = max(longest, len(example.window.ids))
        if found[-1] and (len(found[-1]) + 1) * longest > recipe.batch_tokens:
            found.append([])
            longest = len(example.window.ids)
        found[-1].append(example)
    drawn.shuffle(found)
    return found


@torch.no_grad()
def predict(net: CrossNet, examples: Sequence[Labelled], recipe: Recipe) -> dict[int, Scores]:
    """What the net says of each page of which there are windows, by number."""
    net.eval()
    parts: dict[int, list[tuple[int, np.ndarray, float]]] = {}
    for batch in batches(examples, recipe, random.Random(0)):
        logits, page = net(collate(batch, next(net.parameters()).device))
        for row, example in enumerate(batch):
            found = logits[row, : len(example.gold)].float().cpu().numpy()
            answer = (example.window.first, found, float(page[row]))
            parts.setdefault(example.page, []).append(answer)
    return {page: _joined(found) for page, found in parts.items()}


def _joined(parts: list[tuple[int, np.ndarray, float]]) -> Scores:
    ordered = sorted(parts, key=lambda part: part[0])
    return Scores(np.concatenate([found for _, found, _ in ordered]), max(p for *_, p in parts))
