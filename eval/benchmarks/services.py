"""Whether the services proposed beside an answer are of use: questions labelled by hand, each with
the place it is asked from and the services that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chatbot.bot import Bot
from chatbot.question import Profile, Question
from index.publish.snapshot import Snapshot

LABELLED = Path(__file__).parent / "services.yaml"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, where it is asked from (empty where it is not said), and the cards that fit."""

    question: str
    place: str
    fitting: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed beside the answer to it, in order."""

    case: Labelled
    services: tuple[str, ...]
    outcome: str
    subject: str  # the service that the question was about, if any: the first thing found
    note: str

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(slug for slug in self.services if slug not in self.case.fitting)


def read_labelled(path: Path = LABELLED) -> list[Labelled]:
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Labelled(r["domanda"], r.get("comune") or "", frozenset(r["adatti"])) for r in rows]


def propose(
    cases: Sequence[Labelled],
    bot: Bot,
    snapshot: Snapshot,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> list[Proposed]:
    """Every question asked alone."""
    found = []
    for done, case in enumerate(cases, start=1):
        asked = Question(case.question, profile=Profile(municipality=case.place or None))
        answer = bot.reply(asked, snapshot)
        slugs = tuple(service.guide for service in answer.services)
        first = answer.hits[0].passage.guide if answer.hits else ""
        found.append(Proposed(case, slugs, answer.outcome, first, answer.services_note))
        progress(done, len(cases))
    return found


def figures(proposed: Sequence[Proposed]) -> dict[str, Any]:
    """`precision`: the part of what was proposed that fits. `served`: the part of the questions
    for which some card fits that had one proposed. `wrong`: the others, by question."""
    given = sum(len(one.services) for one in proposed)
    wrong = {one.case.question: list(one.wrong) for one in proposed if one.wrong}
    right = given - sum(map(len, wrong.values()))
    fitting = [one for one in proposed if one.case.fitting]
    served = sum(bool(one.case.fitting & set(one.services)) for one in fitting)
    return {
        "n": len(proposed), "proposed": given,
        "precision": round(right / given, 3) if given else 0.0,
        "fitting": len(fitting), "served": round(served / len(fitting), 3) if fitting else 0.0,
        "wrong": wrong,
    }  # fmt: skip
