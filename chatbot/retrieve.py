"""Candidates: passages found by vector and by word, each with all its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage
from index.snapshot import Snapshot

DEPTH = 100  # candidates from each retriever
LED = 20  # questions, the nearest ones, that lead to candidates of their own

Admit = Callable[[Passage], bool]


@dataclass(frozen=True)
class Stages:
    """Which stages are on; all of them in the bot, fewer in a benchmark."""

    lexical: bool = True
    dense: bool = True
    late: bool = True


@dataclass(frozen=True)
class Candidates:
    """`rows` (c,) positions in the snapshot; `dense` and `lexical` (c,) scores, zero where the
    stage is off; `heading` (c,) the cosine with the heading each stands under and `asked` (c,) that
    with the nearest question that leads there, zero where none does."""

    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    heading: NDArray[np.float32]
    asked: NDArray[np.float32]


def retrieve(
    vector: NDArray[np.float32] | None,
    stems: Sequence[str],
    snapshot: Snapshot,
    stages: Stages = Stages(),
    admit: Admit | None = None,
) -> Candidates:
    """The union of the nearest passages, of the best by words and of those that the nearest
    questions lead to, with every score for each.

    `vector` (d,) is the question's; `admit` says which passages may be shown.
    """
    rows: list[NDArray[np.int64]] = []
    cosines = np.empty(0, dtype=np.float32)
    if stages.dense and vector is not None:
        rows.append(snapshot.store.nearest(vector, DEPTH)[0])
        cosines = snapshot.questions @ vector
        rows.append(snapshot.question_owners[_best(cosines, LED)])
    if stages.lexical and stems:
        rows.append(snapshot.lexical.top(stems, DEPTH)[0])
    found = np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)
    if admit is not None:
        found = found[[admit(snapshot.passages[row]) for row in found]]
    dense = np.zeros(len(found), dtype=np.float32)
    if stages.dense and vector is not None and len(found):
        dense = snapshot.vectors[found] @ vector
    lexical = np.zeros(len(found), dtype=np.float32)
    if stages.lexical and stems:
        lexical = snapshot.lexical.scores_of(stems, found)
    heading, asked = _questions(cosines, snapshot.question_bounds, found)
    return Candidates(found, dense, lexical, heading, asked)


def _questions(
    cosines: NDArray[np.float32], bounds: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of the `cosines` (q,) of all questions, the first and the highest of each passage in `rows`
    (c,); zeros where no question was compared."""
    if not len(cosines) or not len(rows):
        nothing = np.zeros(len(rows), dtype=np.float32)
        return nothing, nothing
    starts = bounds[rows]
    spans = np.stack([starts, bounds[rows + 1]], axis=1).ravel()
    # one more, so that the last span may end at the end
    highest = np.maximum.reduceat(np.append(cosines, cosines[-1]), spans)[::2]
    return cosines[starts], highest


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Positions of the `k` highest scores above zero, in no order."""
    k = min(k, int(np.count_nonzero(scores > 0)))
    if k == 0:
        return np.empty(0, dtype=np.int64)
    return np.argpartition(scores, -k)[-k:].astype(np.int64)
