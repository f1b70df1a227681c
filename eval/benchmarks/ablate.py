"""Each rule and each sign left out in turn: what earns nothing there should go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from chatbot.bot import Bot
from chatbot.find.match import SIGNS
from chatbot.judge.judgement import ANSWER_SIGNS
from chatbot.judge.rules import RULES
from chatbot.read.evidence import UNIT_SIGNS
from chatbot.weights import Weights
from eval.benchmarks import people
from eval.collections.item import Item
from index.publish.snapshot import Snapshot

GROUPS = {"passages": SIGNS, "units": UNIT_SIGNS, "answers": ANSWER_SIGNS}
SHOWN = ("right", "some", "wrong_given", "units", "hit@1", "hit@3")

Progress = Callable[[str, int, int], None]


def ablate(
    items: Sequence[Item], bot: Bot, snapshot: Snapshot, signs: bool, progress: Progress
) -> list[dict[str, Any]]:
    """A row for the bot as it is, for each rule left out and, where `signs`, for each sign that
    counts nothing (the others keep their weights)."""
    rows = []
    variants = list(_variants(bot, signs))
    for done, (name, variant) in enumerate(variants, start=1):
        figures = people.benchmark(items, variant, snapshot)
        shown = {key: figures["answerable"][key] for key in SHOWN}
        rows.append({"without": name, **shown, "silent": figures["unanswerable"]["silent"]})
        progress("senza " + (name or "nulla"), done, len(variants))
    return rows


def _variants(bot: Bot, signs: bool) -> Iterator[tuple[str, Bot]]:
    yield "", bot
    for rule in RULES:
        others = tuple(other for other in RULES if other is not rule)
        yield f"regola {rule.__name__}", Bot(bot.encoder, bot.weights, others)
    for group, names in GROUPS.items() if signs else ():
        for name in names:
            if bot.weights.groups[group].get(name):
                yield f"{group}.{name}", Bot(bot.encoder, without(bot.weights, group, name))


def without(weights: Weights, group: str, name: str) -> Weights:
    """The same weights, of which one sign counts nothing."""
    kept = {sign: value for sign, value in weights.groups[group].items() if sign != name}
    return replace(weights, groups={**weights.groups, group: kept})
