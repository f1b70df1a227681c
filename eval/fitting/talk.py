"""Fits what tells talk from a question (`chatbot/understand/talk.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from chatbot.bot import Bot
from chatbot.understand.small_talk import LONGEST
from chatbot.understand.talk import GROUP
from chatbot.weights import Weights
from eval.beir import read_jsonl
from eval.collections.item import Item
from eval.fitting.logistic import fit_logistic
from index.publish.snapshot import Snapshot

C = 0.003  # inverse strength of the L2 penalty: the vector has hundreds of dimensions


@dataclass(frozen=True)
class Message:
    """A message, and whether it is talk alone."""

    text: str
    talk: bool


def read_messages(path: Path) -> list[Message]:
    """The messages of a JSONL file. Raises DataError."""
    return [
        Message(str(row["text"]), bool(row["smalltalk"]))
        for row in read_jsonl(path, ("text", "smalltalk"))
    ]


def asked_in(items: Sequence[Item]) -> list[Message]:
    """The questions of a collection that are short enough to be taken for talk."""
    asked = [item.turns[0] for item in items if len(item.turns) == 1]
    return [Message(text, talk=False) for text in asked if len(text.split()) <= LONGEST]


def fit_talk(messages: Sequence[Message], snapshot: Snapshot, bot: Bot) -> Weights:
    """The bot's weights with those of talk fitted anew; `told` has, cross-validated, how much talk
    is found and how many questions are taken for it."""
    learner = bot.prepare(snapshot).talk
    texts = [message.text for message in messages]
    vectors = bot.encoder.encode_queries(texts)
    signs = np.array([learner.signs(t, v) for t, v in zip(texts, vectors, strict=True)])
    truth = np.array([message.talk for message in messages])
    fitted, chances = fit_logistic(signs, truth, learner.names, C)
    told = chances >= 0.5
    figures = {
        "n": len(truth), "talk": int(truth.sum()), "found": int(told[truth].sum()),
        "too many": int(told[~truth].sum()),
    }  # fmt: skip
    groups = {**bot.weights.groups, GROUP: fitted}
    return replace(bot.weights, groups=groups, told={**bot.weights.told, GROUP: figures})
