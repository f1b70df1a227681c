"""Candidates: passages found by vector and by word, each with all its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage
from index.publish.snapshot import Snapshot

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
    if stages.dense and vector is not None:
        rows.append(snapshot.store.nearest(vector, DEPTH)[0])
        rows.append(snapshot.question_owners[snapshot.asked.nearest(vector, LED)[0]])
    if stages.lexical and stems:
        rows.append(snapshot.lexical.top(stems, DEPTH)[0])
    found = np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)
    if admit is not None:
        found = found[[admit(snapshot.passages[row]) for row in found]]
    dense = heading = asked = np.zeros(len(found), dtype=np.float32)
    if stages.dense and vector is not None and len(found):
        dense = snapshot.vectors[found] @ vector
        heading, asked = _questions(vector, snapshot, found)
    lexical = np.zeros(len(found), dtype=np.float32)
    if stages.lexical and stems:
        lexical = snapshot.lexical.scores_of(stems, found)
    return Candidates(found, dense, lexical, heading, asked)


def _questions(
    vector: NDArray[np.float32], snapshot: Snapshot, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of the questions that lead to each passage in `rows` (c,), the cosine of the first and the
    highest; zeros where none leads there."""
    heading, highest = np.zeros((2, len(rows)), dtype=np.float32)
    bounds = snapshot.question_bounds
    counts = bounds[rows + 1] - bounds[rows]
    led = counts > 0
    if led.any():
        starts, counts = bounds[rows[led]], counts[led]
        firsts = np.cumsum(counts) - counts
        theirs = np.repeat(starts - firsts, counts) + np.arange(counts.sum())
        cosines = snapshot.questions[theirs] @ vector
        heading[led], highest[led] = cosines[firsts], np.maximum.reduceat(cosines, firsts)
    return heading, highest
