"""The units of the best passages that answer the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from index.guide import Unit
from index.lexical import terms
from index.snapshot import Snapshot

PASSAGES = 4  # passages read
MAX_UNITS = 4
NEAR_BEST = 0.045  # units this close below the best one are read too


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit that answers: `hit` is its passage, `position` its ordinal there."""

    hit: Hit
    unit: Unit
    position: int
    score: float


def read(
    question: NDArray[np.float32],
    weights: Mapping[str, float],
    hits: Sequence[Hit],
    snapshot: Snapshot,
) -> list[Evidence]:
    """The best units first. `question` (q, d) are the question's token vectors, `weights` how
    telling each of its stems is."""
    found = []
    for rank, hit in enumerate(hits[:PASSAGES]):
        scores = _unit_scores(question, weights, hit, snapshot)
        for position, (unit, score) in enumerate(zip(hit.passage.units, scores, strict=True)):
            found.append(Evidence(hit, unit, position, float(score) - 0.01 * rank))
    found.sort(key=lambda evidence: -evidence.score)
    return _spread(found)


def _unit_scores(
    question: NDArray[np.float32], weights: Mapping[str, float], hit: Hit, snapshot: Snapshot
) -> NDArray[np.float32]:
    tokens, owners = snapshot.tokens.of(snapshot.positions[hit.passage.id])
    similar = tokens @ question.T  # (t, q)
    scores = np.zeros(len(hit.passage.units), dtype=np.float32)
    total = sum(weights.values()) or 1.0
    heading = frozenset(terms(" ".join(hit.passage.heading_path)))
    for position, unit in enumerate(hit.passage.units):
        own = similar[owners == position]
        if not len(own):
            continue
        words = frozenset(terms(f"{unit.lead} {unit.text}")) | heading
        covered = sum(w for stem, w in weights.items() if stem in words) / total
        first = 0.02 if position == 0 else 0.0
        scores[position] = own.max(axis=0).mean() + 0.08 * covered + first
    return scores


def _spread(found: Sequence[Evidence]) -> list[Evidence]:
    """The best unit and those near it, from at most two passages."""
    if not found:
        return []
    chosen = [e for e in found if e.score >= found[0].score - NEAR_BEST][:MAX_UNITS]
    passages = list(dict.fromkeys(e.hit.passage.id for e in chosen))[:2]
    return [e for e in chosen if e.hit.passage.id in passages]
