"""Train the reader from public data: `python -m eval train-reader`.

Twice the same recipe: once without a fifth of the pages, to fit the calibration and the thresholds
on questions not learnt from; then on all pages, for the weights that are shipped.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from chatbot.reader import MANIFEST_FILE
from chatbot.reader_model import ADAPTER_FILE, HEAD_FILE
from eval.reader_calibration import Scored, calibrate
from eval.reader_data import (
    LANGUAGES,
    Mix,
    Page,
    Sampler,
    Squad,
    Translations,
    hold_out,
    read_omos,
)
from eval.reader_net import Batch, Example, ReaderNet, collate
from index.tokenizer import load_tokenizer

Report = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """What decides the weights, with the data and the seed."""

    rank: int = 16
    first_layer: int = 4
    epochs: int = 5
    adapter_rate: float = 8e-4
    head_rate: float = 1e-3
    answerable_weight: float = 0.4  # of that loss beside the units'
    batch_tokens: int = 1600
    averaging: float = 0.99  # decay of the running mean of the weights, which is what is kept
    held_out: float = 0.2
    seed: int = 11
    mix: Mix = field(default_factory=Mix)


def train(
    omos: Path, squad: Path, base_dir: Path, out: Path, recipe: Recipe | None = None,
    report: Report = print,
) -> None:  # fmt: skip
    """Write adapter, head and manifest to `out`.

    `omos` holds `de|en|fr/train.jsonl`, `squad` a BEIR folder with answers, `base_dir` the
    prepared encoder (`index.model.ensure_model`). About two hours on two idle cores.
    """
    recipe = recipe or Recipe()
    questions = read_omos(omos, "train")
    italian = Squad(squad)
    held = hold_out(questions, recipe.held_out)
    left = {name: page for name, page in questions.items() if name not in held}
    net, sampler = fit(left, italian, base_dir, recipe, report)
    pages = [questions[name][language] for name in sorted(held) for language in LANGUAGES]
    calibration = calibrate(score_pages(net, sampler, pages))
    net, _ = fit(questions, italian, base_dir, recipe, report)
    save(net, out, {"base": _base_name(base_dir), "calibration": asdict(calibration)}, recipe)


def fit(
    questions: dict[str, Translations], squad: Squad, base_dir: Path, recipe: Recipe,
    report: Report = print,
) -> tuple[ReaderNet, Sampler]:  # fmt: skip
    """The network after `recipe.epochs`, with the running mean of its weights, in eval mode."""
    torch.manual_seed(recipe.seed)
    sampler = Sampler(load_tokenizer(base_dir), questions, squad, recipe.mix, recipe.seed)
    net = ReaderNet(base_dir, recipe.rank, recipe.first_layer).train()
    trainer = _Trainer(net, recipe)
    for epoch in range(recipe.epochs):
        batches = _batches(sampler.epoch(), recipe, epoch)
        trainer.plan(len(batches) * recipe.epochs)
        for done, batch in enumerate(batches, start=1):
            units, window = trainer.step(collate(batch))
            if done % 20 == 0:
                report(f"epoch {epoch + 1} {done}/{len(batches)} {units:.3f} {window:.3f}")
    trainer.take_mean()
    return net.eval(), sampler


class _Trainer:
    """One optimiser, its rate (rising for 6 %, then falling to 3 %), the mean of the weights."""

    def __init__(self, net: ReaderNet, recipe: Recipe) -> None:
        self.net, self.recipe, self.steps, self.total = net, recipe, 0, 0
        self.learnt = {n: p for n, p in net.named_parameters() if p.requires_grad}
        self.mean = {name: value.detach().clone() for name, value in self.learnt.items()}
        head = [p for n, p in self.learnt.items() if n.startswith("head.")]
        rest = [p for n, p in self.learnt.items() if not n.startswith("head.")]
        self.rates = (recipe.adapter_rate, recipe.head_rate)
        self.optimiser = torch.optim.AdamW(
            [{"params": rest}, {"params": head}], betas=(0.9, 0.98), weight_decay=0.01
        )

    def plan(self, total: int) -> None:
        """Steps of the whole training, as the first epoch tells them."""
        self.total = self.total or total

    def step(self, batch: Batch) -> tuple[float, float]:
        """Learn from a batch; returns the two losses."""
        self.steps += 1
        part = self.steps / self.total
        factor = min(1.0, part / 0.06) * max(0.03, 1 - part)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        logits, answers = self.net(batch)
        units, window = losses(logits, answers, batch)
        self.optimiser.zero_grad()
        (units + self.recipe.answerable_weight * window).backward()
        nn.utils.clip_grad_norm_(list(self.learnt.values()), 1.0)
        self.optimiser.step()
        self._average()
        return float(units.detach()), float(window.detach())

    def _average(self) -> None:
        decay = min(self.recipe.averaging, self.steps / (9 + self.steps))
        with torch.no_grad():
            for name, value in self.learnt.items():
                self.mean[name].mul_(decay).add_(value, alpha=1 - decay)

    def take_mean(self) -> None:
        with torch.no_grad():
            for name, value in self.learnt.items():
                value.copy_(self.mean[name])


def losses(logits: Tensor, answers: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Cross-entropy of the units, the mean over each window (a question counts once, however long
    its page), and of whether the window answers."""
    each = functional.binary_cross_entropy_with_logits(logits, batch.labels, reduction="none")
    kept = batch.units.float()
    units = (each * kept).sum(1) / kept.sum(1).clamp(min=4)
    holds = (batch.labels.sum(1) > 0).float()
    window = functional.binary_cross_entropy_with_logits(answers, holds, reduction="none")
    total = batch.weight.sum()
    return (units * batch.weight).sum() / total, (window * batch.weight).sum() / total


def _batches(examples: Sequence[Example], recipe: Recipe, epoch: int) -> list[list[Example]]:
    """Windows of like length together, in random order."""
    draw = random.Random(recipe.seed * 1000 + epoch)
    ordered = sorted(examples, key=lambda e: len(e.window.ids) + 20 * draw.random())
    found: list[list[Example]] = [[]]
    for example in ordered:
        if (len(found[-1]) + 1) * len(example.window.ids) > recipe.batch_tokens and found[-1]:
            found.append([])
        found[-1].append(example)
    draw.shuffle(found)
    return found


def score_pages(net: ReaderNet, sampler: Sampler, pages: Iterable[Page]) -> list[Scored]:
    """Logits of each page, its windows merged as the reader does when it serves."""
    found = []
    for page in pages:
        total, seen, answer = np.zeros(len(page.units)), np.zeros(len(page.units)), -math.inf
        for example in sampler.examples(page):
            with torch.no_grad():
                logits, holds = net(collate([example]))
            at = list(example.window.units)
            total[at] += logits[0].numpy()
            seen[at] += 1
            answer = max(answer, float(holds[0]))
        found.append(Scored(total / seen, answer, page.gold))
    return found


def save(net: ReaderNet, out: Path, manifest: dict[str, Any], recipe: Recipe) -> None:
    """Adapter and head in half precision, manifest with the recipe."""
    out.mkdir(parents=True, exist_ok=True)
    adapter = {name: value.numpy().astype(np.float16) for name, value in net.adapter().items()}
    head = {n: v.detach().numpy().astype(np.float16) for n, v in net.head.state_dict().items()}
    np.savez_compressed(out / ADAPTER_FILE, **adapter)  # type: ignore[arg-type]
    np.savez_compressed(out / HEAD_FILE, **head)
    text = json.dumps({**manifest, "recipe": asdict(recipe)}, indent=2) + "\n"
    (out / MANIFEST_FILE).write_text(text, encoding="utf-8")


def _base_name(base_dir: Path) -> str:
    return str(json.loads((base_dir / "manifest.json").read_text(encoding="utf-8"))["name"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line of the training; every path is an argument."""
    from index.model import ensure_model

    parser = argparse.ArgumentParser(prog="python -m eval train-reader", description=__doc__)
    parser.add_argument("--omos", type=Path, required=True, help="folder of OMoS-QA")
    parser.add_argument("--squad", type=Path, required=True, help="folder of SQuAD-it")
    parser.add_argument("--out", type=Path, required=True, help="folder of the shipped weights")
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    train(chosen.omos, chosen.squad, ensure_model(chosen.models), chosen.out)


if __name__ == "__main__":
    main()
