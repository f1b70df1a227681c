"""One score from several, on a common scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.late import TOP, late_scores
from chatbot.retrieve import Candidates, Stages
from index.snapshot import Snapshot


@dataclass(frozen=True)
class Weights:
    """How much each standardised score counts. Fitted on the dev sets: see `docs/retrieval.md`."""

    dense: float = 0.65
    lexical: float = 0.35
    late: float = 0.5


WEIGHTS = Weights()


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Zero mean, unit deviation over the candidates; all zero where they do not differ."""
    if not len(scores):
        return scores
    deviation = scores.std()
    return (scores - scores.mean()) / deviation if deviation > 1e-9 else np.zeros_like(scores)


def fuse(
    candidates: Candidates,
    question_tokens: NDArray[np.float32],
    snapshot: Snapshot,
    stages: Stages = Stages(),  # noqa: B008 (frozen)
    weights: Weights = WEIGHTS,
) -> list[Hit]:
    """Candidates as hits, best first: weighted standard scores of dense and lexical retrieval,
    and for the top ones of late interaction too. `question_tokens` is (q, d)."""
    fused = np.zeros(len(candidates.rows), dtype=np.float32)
    if stages.dense:
        fused += weights.dense * standardise(candidates.dense)
    if stages.lexical:
        fused += weights.lexical * standardise(candidates.lexical)
    order = np.argsort(-fused, kind="stable")
    late = np.full(len(fused), np.nan, dtype=np.float32)
    if stages.late and len(question_tokens):
        top = order[:TOP]
        late[top] = late_scores(question_tokens, candidates.rows[top].tolist(), snapshot)
        reranked = fused[top] + weights.late * standardise(late[top])
        # the others keep their order below the reranked ones
        floor = reranked.min(initial=0) - 1
        fused = np.minimum(fused, floor)
        fused[top] = reranked
        order = np.argsort(-fused, kind="stable")
    return _hits(order.tolist(), candidates, late, fused, snapshot, stages)


def _hits(
    order: Sequence[int],
    candidates: Candidates,
    late: NDArray[np.float32],
    fused: NDArray[np.float32],
    snapshot: Snapshot,
    stages: Stages,
) -> list[Hit]:
    return [
        Hit(
            passage=snapshot.passages[candidates.rows[i]],
            lexical=float(candidates.lexical[i]) if stages.lexical else None,
            dense=float(candidates.dense[i]) if stages.dense else None,
            late=None if np.isnan(late[i]) else float(late[i]),
            fused=float(fused[i]),
        )
        for i in order
    ]
