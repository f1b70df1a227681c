"""Many users at once: questions answered a second by `users` together and by one alone."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from chatbot.bot import Bot
from chatbot.question import Question
from index.encode.encoder import Encoder
from index.publish.snapshot import Snapshot

USERS = 16
WARM_UP = 5


def measure_concurrent(
    model_dir: Path, snapshot: Snapshot, questions: Sequence[str], users: int = USERS
) -> dict[str, Any]:
    """Questions a second with the encoder on all cores (as served) and on one core a question,
    alone and together, and the share of one question's time that is the encoder's.

    `ratio` compares the best of what 16 users get with one user alone as served. With one core a
    question in the encoder, questions of several users run side by side; the rest is Python,
    which holds one core at a time.
    """
    cores = len(os.sched_getaffinity(0))
    asked = list(islice(cycle(questions), max(len(questions), users * 4)))
    found: dict[str, Any] = {"users": users, "cores": cores}
    for name, threads in (("all_cores", cores), ("one_core", 1)):
        bot = Bot(Encoder.load(model_dir, threads))
        _ask_all(bot, snapshot, asked[:WARM_UP], 1)
        alone = len(asked) / _ask_all(bot, snapshot, asked, 1)
        together = len(asked) / _ask_all(bot, snapshot, asked, users)
        found[name] = {
            "alone_per_s": alone, "together_per_s": together, "ratio": together / alone,
            "encoder_share": _encoder_share(bot, snapshot, asked),
        }  # fmt: skip
    best = max(found["all_cores"]["together_per_s"], found["one_core"]["together_per_s"])
    return {**found, "ratio": best / found["all_cores"]["alone_per_s"]}


def _ask_all(bot: Bot, snapshot: Snapshot, questions: Sequence[str], users: int) -> float:
    """Seconds for all of them, `users` at a time."""
    start = time.perf_counter()
    with ThreadPoolExecutor(users) as pool:
        list(pool.map(lambda text: bot.reply(Question(text), snapshot), questions))
    return time.perf_counter() - start


def _encoder_share(bot: Bot, snapshot: Snapshot, questions: Sequence[str]) -> float:
    """Part of an answer's time spent in the encoder, which does not hold Python's lock."""
    texts = questions[: WARM_UP * 4]
    start = time.perf_counter()
    for text in texts:
        bot.encoder.encode_query_tokens(text)
    encoding = time.perf_counter() - start
    return encoding / _ask_all(bot, snapshot, texts, 1)
