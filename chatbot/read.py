"""The units of the best passages that answer the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.answer import Hit
from chatbot.late import Interaction
from index.guide import Unit
from index.lexical import terms

PASSAGES = 4  # passages read
MAX_UNITS = 4
QUOTED = 3  # passages quoted
NEAR_BEST = 0.15  # units this close below the best one are read too
COVERED = 0.2  # what sharing all the telling words is worth
FIRST = 0.05  # guides answer first: the first unit of a section counts more
RANK = 0.03  # and so does a better passage


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit that answers: `hit` is its passage, `position` its ordinal there."""

    hit: Hit
    unit: Unit
    position: int
    score: float


def read(
    weights: Mapping[str, float], hits: Sequence[Hit], met: Sequence[Interaction]
) -> list[Evidence]:
    """The best units first. `weights` says how telling each stem of the question is, `met` how
    the best hits meet it."""
    found = []
    for rank, (hit, interaction) in enumerate(zip(hits[:PASSAGES], met, strict=False)):
        scores = _unit_scores(weights, hit, interaction)
        for position, score in scores.items():
            unit = hit.passage.units[position]
            found.append(Evidence(hit, unit, position, score - RANK * rank))
    found.sort(key=lambda evidence: -evidence.score)
    return _spread(found)


def quotable(unit: Unit) -> bool:
    """A lead-in without its list, an end mark or a list of misspellings answers nothing."""
    text = unit.text
    return not (text.endswith(":") or text.startswith("Varianti:") or len(text.split()) < 2)


def _unit_scores(
    weights: Mapping[str, float], hit: Hit, interaction: Interaction
) -> dict[int, float]:
    """By ordinal of the unit: how it meets the question, the words it shares, its place."""
    total = sum(weights.values()) or 1.0
    heading = frozenset(terms(" ".join(hit.passage.heading_path)))
    scores = {}
    met = zip(interaction.units.tolist(), interaction.unit_scores().tolist(), strict=True)
    for position, score in met:
        if position < 0:
            continue
        unit = hit.passage.units[position]
        if not quotable(unit):
            continue
        shared = frozenset(terms(f"{unit.lead} {unit.text}")) | heading
        covered = sum(w for stem, w in weights.items() if stem in shared) / total
        scores[position] = score + COVERED * covered + (FIRST if position == 0 else 0.0)
    return scores


def _spread(found: Sequence[Evidence]) -> list[Evidence]:
    """The best unit and those near it, from at most QUOTED passages."""
    if not found:
        return []
    chosen = [e for e in found if e.score >= found[0].score - NEAR_BEST][:MAX_UNITS]
    passages = list(dict.fromkeys(e.hit.passage.id for e in chosen))[:QUOTED]
    return [e for e in chosen if e.hit.passage.id in passages]
