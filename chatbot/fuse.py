"""One score from several, on a common scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.late import Interaction
from chatbot.retrieve import Candidates, Stages
from index.snapshot import Snapshot


@dataclass(frozen=True)
class Weights:
    """How much each standardised score counts. `dense` and `lexical` rank the candidates; the
    other four rank the top ones again. Fitted on the dev sets: see `docs/retrieval.md`."""

    dense: float = 0.65
    lexical: float = 0.35
    top_dense: float = 0.24
    top_lexical: float = 0.57
    late_unit: float = 0.46
    late_passage: float = 0.71


WEIGHTS = Weights()


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Zero mean, unit deviation; all zero where they do not differ."""
    deviation = scores.std() if len(scores) else 0.0
    if deviation < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def fuse(
    candidates: Candidates,
    snapshot: Snapshot,
    stages: Stages = Stages(),  # noqa: B008 (frozen)
    weights: Weights = WEIGHTS,
) -> list[Hit]:
    """Candidates as hits, best first by the weighted standard scores of both retrievers."""
    dense, lexical = standardise(candidates.dense), standardise(candidates.lexical)
    fused = weights.dense * dense + weights.lexical * lexical
    return [
        Hit(
            passage=snapshot.passages[candidates.rows[i]],
            lexical=float(candidates.lexical[i]) if stages.lexical else None,
            dense=float(candidates.dense[i]) if stages.dense else None,
            fused=float(fused[i]),
            standard=(float(dense[i]), float(lexical[i])),
        )
        for i in np.argsort(-fused, kind="stable")
    ]


def rerank(
    hits: Sequence[Hit],
    interactions: Sequence[Interaction],
    token_weights: NDArray[np.float32],
    weights: Weights = WEIGHTS,
) -> list[Hit]:
    """The top hits, one for each of `interactions`, ordered anew; the others follow as they
    were. `token_weights` (q,) says how telling each question token is."""
    top, rest = hits[: len(interactions)], hits[len(interactions) :]
    passage = np.array([i.passage_score(token_weights) for i in interactions], dtype=np.float32)
    unit = np.array([i.best_unit_score() for i in interactions], dtype=np.float32)
    first = np.array([hit.standard for hit in top], dtype=np.float32).reshape(-1, 2)
    scores = (
        first @ np.array([weights.top_dense, weights.top_lexical], dtype=np.float32)
        + weights.late_unit * standardise(unit)
        + weights.late_passage * standardise(passage)
    )
    order = np.argsort(-scores, kind="stable")
    ranked = [replace(top[i], fused=float(scores[i]), late=float(passage[i])) for i in order]
    floor = ranked[-1].fused - 1 if ranked else 0.0
    return ranked + [replace(hit, fused=min(hit.fused, floor)) for hit in rest]

