"""Fits whether a turn goes on from the one before it (`chatbot/understand/follows.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from chatbot.bot import Bot
from chatbot.understand.follows import GROUP
from chatbot.weights import Weights
from eval.beir import DataError, read_jsonl
from eval.fitting.logistic import fit_logistic
from index.publish.snapshot import Snapshot

C = 0.01  # inverse strength of the L2 penalty: the vector has hundreds of dimensions


@dataclass(frozen=True)
class Pair:
    """Two turns, and whether the second goes on from the first."""

    topic: str
    text: str
    follows: bool


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSONL file. Raises DataError."""
    rows = read_jsonl(path, ("turns", "follow"))
    for n, row in enumerate(rows, start=1):
        if len(row["turns"]) != 2:
            raise DataError(f"{path.name}:{n}: servono due turni")
    return [Pair(str(row["turns"][0]), str(row["turns"][1]), bool(row["follow"])) for row in rows]


def told_apart(pairs: Sequence[Pair], snapshot: Snapshot, bot: Bot) -> float:
    """The part of pairs that the bot tells right."""
    follows = bot.prepare(snapshot).follows
    return float(np.mean([follows(pair.topic, pair.text) == pair.follows for pair in pairs]))


def fit_follows(pairs: Sequence[Pair], snapshot: Snapshot, bot: Bot) -> Weights:
    """The bot's weights with those of follow-ups fitted anew; `told` has the part of pairs told
    apart, cross-validated."""
    learner = bot.prepare(snapshot).follows
    signs = np.array([learner.signs(pair.topic, pair.text) for pair in pairs])
    truth = np.array([pair.follows for pair in pairs])
    fitted, chances = fit_logistic(signs, truth, learner.names, C)
    right = float(((chances >= 0.5) == truth).mean())
    told = {"n": len(pairs), "told apart": round(right, 3)}
    groups = {**bot.weights.groups, GROUP: fitted}
    return replace(bot.weights, groups=groups, told={**bot.weights.told, GROUP: told})
