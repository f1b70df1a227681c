"""Fits whether a turn goes on from the one before it (`chatbot/understand/follows.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatbot.bot import Bot
from chatbot.understand.follows import GROUP
from chatbot.weights import Weights
from eval.beir import DataError, read_jsonl
from index.publish.snapshot import Snapshot

C = 0.01  # inverse strength of the L2 penalty: the vector has hundreds of dimensions
FOLDS = 5


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
    model = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=2000))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    right = float((cross_val_predict(model, signs, truth, cv=folds) == truth).mean())
    scale, regression = model.fit(signs, truth)
    coefficients = regression.coef_[0] / scale.scale_
    fitted = {n: round(float(c), 4) for n, c in zip(learner.names, coefficients, strict=True)}
    fitted["intercept"] = round(float(regression.intercept_[0] - coefficients @ scale.mean_), 4)
    told = {"n": len(pairs), "told apart": round(right, 3)}
    groups = {**bot.weights.groups, GROUP: fitted}
    return replace(bot.weights, groups=groups, told={**bot.weights.told, GROUP: told})
