"""Fits what tells a danger from an ordinary question (`chatbot/judge/guard.py`) on situations that
people wrote without having seen the cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from chatbot.bot import Bot
from chatbot.judge.guard import DANGER_SIGNS
from chatbot.question import Question
from chatbot.understand.query import understand
from chatbot.weights import Weights, with_vector
from eval.beir import read_jsonl
from eval.collections.item import Item
from eval.fitting.logistic import fit_logistic
from index.publish.snapshot import Snapshot

C = 0.01  # inverse strength of the L2 penalty: the vector has hundreds of dimensions
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Situation:
    """A message, and whether somebody in it is in danger."""

    id: str
    text: str
    language: str
    danger: bool
    kind: str = ""


def read_dangers(path: Path) -> list[Situation]:
    """The situations of a JSONL file. Raises DataError."""
    return [
        Situation(str(row["id"]), str(row["text"]), str(row.get("lang", "")), bool(row["danger"]),
                  str(row.get("kind", "")))
        for row in read_jsonl(path, ("id", "text", "danger"))
    ]  # fmt: skip


def calm_of(items: Sequence[Item], snapshot: Snapshot) -> list[Situation]:
    """Ordinary questions as calm situations: those that no emergency card answers or helps with."""
    cards = {guide.slug for guide in snapshot.guides.values() if guide.kind == "emergenza"}
    return [
        Situation(item.id, " ".join(item.turns), item.language, danger=False, kind="domanda")
        for item in items
        if not cards & {section.partition("#")[0] for section in item.gold | item.partial}
    ]


def signs_of(situations: Sequence[Situation], snapshot: Snapshot, bot: Bot) -> np.ndarray:
    """(n, 4 + d): the signs of each situation."""
    prepared = bot.prepare(snapshot)
    signs = []
    for situation in situations:
        query = understand(Question(situation.text), prepared.reference)
        vector = bot.encoder.encode_query_tokens(query.text).vector
        signs.append(prepared.guard.signs(vector, query.own_stems))
    return np.array(signs)


def fit_danger(situations: Sequence[Situation], snapshot: Snapshot, bot: Bot) -> Weights:
    """The bot's weights with those of danger fitted anew; `told` has, cross-validated, how many
    dangers are found and how many calm sentences take a card at each threshold."""
    signs = signs_of(situations, snapshot, bot)
    dangers = np.array([situation.danger for situation in situations])
    names = with_vector(DANGER_SIGNS, bot.encoder.dimension)
    fitted, chances = fit_logistic(signs, dangers, names, C)
    told = {
        "n": len(dangers), "dangers": int(dangers.sum()),
        "average precision": round(float(average_precision_score(dangers, chances)), 3),
        **{str(t): {"found": int((chances[dangers] >= t).sum()),
                    "too many": int((chances[~dangers] >= t).sum())} for t in THRESHOLDS},
    }  # fmt: skip
    groups = {**bot.weights.groups, "danger": fitted}
    return replace(bot.weights, groups=groups, told={**bot.weights.told, "danger": told})
