"""Hits in their order: first by what is cheap to look at, then the top ones by all their signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.find.match import SIGNS, Match, match, nearness
from chatbot.find.retrieve import Admit, Candidates, Stages, retrieve
from chatbot.question import Query, QueryVectors
from chatbot.weights import Weights
from index.publish.snapshot import Snapshot

TOP = 30  # hits whose signs are looked at
ALL_STAGES = Stages()


@dataclass(frozen=True)
class Found:
    """`hits`, best first; `matches` of the top ones in the same order; `scores` (a, m), how well
    each match answers each thing asked; `unanswered` (1 + a,), how near the question as a whole
    and each thing asked are to a precedent that nothing answers; `read` where a reader read the
    best of them."""

    hits: Sequence[Hit]
    matches: Sequence[Match]
    scores: NDArray[np.float32]
    unanswered: NDArray[np.float32]
    read: bool = False


def find(
    query: Query,
    vectors: QueryVectors,
    snapshot: Snapshot,
    weights: Weights,
    stages: Stages = ALL_STAGES,
    admit: Admit | None = None,
) -> Found:
    """The passages that may answer, best first: by the best score for any of the things asked."""
    if query.language != "it":  # words that a foreign question shares with guides are chance
        stages = replace(stages, lexical=False)
    searched = np.concatenate([vectors.all, vectors.searches])
    candidates = retrieve(searched, query.stems, snapshot, stages, admit)
    hits = first_order(candidates, snapshot, weights, stages)
    if not stages.late or not hits:
        none = np.zeros((len(query.asks), 0), dtype=np.float32)
        return Found(hits, (), none, np.zeros(1 + len(query.asks), dtype=np.float32))
    matches = match(query, vectors, candidates, hits[:TOP], snapshot, weights)
    table = np.stack([m.signs for m in matches])  # (m, a, s)
    scores = (table @ weights.vector("passages", SIGNS)).T
    order = np.argsort(-scores.max(axis=0), kind="stable")
    ranked = [
        replace(matches[i], hit=replace(matches[i].hit, fused=float(scores[:, i].max())))
        for i in order
    ]
    open_ones = candidates.precedents[snapshot.leads.unanswered]
    unanswered = nearness(open_ones.max(axis=0, initial=0.0), weights)
    # the others follow in their order; their scores are of the order before
    return Found(
        [m.hit for m in ranked] + hits[len(ranked) :], ranked, scores[:, order], unanswered
    )


def first_order(
    found: Candidates, snapshot: Snapshot, weights: Weights, stages: Stages
) -> list[Hit]:
    """Candidates as hits: by the nearest of the passage, its units, the questions and precedents
    that lead there, for the question as a whole or any part, and by the words they share."""
    near = np.maximum(np.maximum(found.dense, found.led), found.precedent)
    near = np.maximum(near, (found.unit + found.dense) / 2).max(axis=1, initial=0.0)
    first = near + weights.numbers["first_words"] * found.lexical if stages.dense else found.lexical
    return [
        Hit(
            passage=snapshot.passages[found.rows[i]],
            lexical=float(found.lexical[i]) if stages.lexical else None,
            dense=float(found.dense[i].max()) if stages.dense else None,
            heading=float(found.heading[i].max()),
            asked=float(found.led[i].max()),
            fused=float(first[i]),
        )
        for i in np.argsort(-first, kind="stable")
    ]
