"""Candidates: passages found by vector and by word, each with all its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage
from index.publish.snapshot import Snapshot

# How many are looked at: bounds of time. What answers is decided among them, by the weights.
DEPTH = 60  # candidates of each vector and of the words
LED = 20  # questions, the nearest ones, that lead to candidates of their own
PRECEDENTS = 20  # precedents, the nearest ones, whose passages are candidates
UNITS = 30  # units, the nearest ones, whose passages are candidates

Floats = NDArray[np.float32]
Admit = Callable[[Passage], bool]


@dataclass(frozen=True)
class Stages:
    """Which stages are on; all of them in the bot, fewer in a benchmark."""

    lexical: bool = True
    dense: bool = True
    late: bool = True


@dataclass(frozen=True)
class Candidates:
    """`rows` (c,) positions in the snapshot; of each and for each vector of the question, (c, v):
    `dense` the cosine with the passage, `heading` with the heading it stands under, `led` with the
    nearest of the questions that lead to it (its own cosine where none does), `unit` with its
    nearest unit, `precedent` with the nearest of the precedents that lead to it (zero where none
    does); `lexical` (c,) its BM25 score. Zero where the stage is off. `precedents` (p, v) are the
    cosines of all of them."""

    rows: NDArray[np.int64]
    dense: Floats
    heading: Floats
    led: Floats
    unit: Floats
    precedent: Floats
    lexical: Floats
    precedents: Floats


def retrieve(
    vectors: Floats | None,
    stems: Sequence[str],
    snapshot: Snapshot,
    stages: Stages = Stages(),
    admit: Admit | None = None,
) -> Candidates:
    """The union of the nearest passages, of those of the nearest units, of the best by words and of
    those that the nearest questions lead to, with every score for each.

    `vectors` (v, d) are the question's: as a whole, then each thing asked; `admit` says which
    passages may be shown.
    """
    rows: list[NDArray[np.int64]] = []
    count = 1 if vectors is None else len(vectors)
    precedents = np.zeros((len(snapshot.precedents), count), dtype=np.float32)
    if stages.dense and vectors is not None:
        precedents = snapshot.precedent_matrix @ vectors.T
        rows.append(_rows_led_to(precedents, snapshot))
        units = _Units.of(vectors, snapshot)
        for n, vector in enumerate(vectors):
            rows.append(snapshot.unit_owners[units.nearest(n)])
            rows.append(snapshot.store.nearest(vector, DEPTH)[0])
            rows.append(snapshot.question_owners[snapshot.asked.nearest(vector, LED)[0]])
    if stages.lexical and stems:
        rows.append(snapshot.lexical.top(stems, DEPTH)[0])
    found = np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)
    if admit is not None:
        found = found[[admit(snapshot.passages[row]) for row in found]]
    dense = heading = led = unit = precedent = np.zeros((len(found), count), dtype=np.float32)
    if stages.dense and vectors is not None and len(found):
        dense = snapshot.vectors[found] @ vectors.T
        heading, led = _questions(vectors, snapshot, found, dense)
        unit = units.best(found)
        precedent = _nearest_precedents(precedents, snapshot, found)
    lexical = np.zeros(len(found), dtype=np.float32)
    if stages.lexical and stems:
        lexical = snapshot.lexical.scores_of(stems, found)
    return Candidates(found, dense, heading, led, unit, precedent, lexical, precedents)


@dataclass(frozen=True)
class _Units:
    """How near the units are to `vectors` (v, d): `cosines` (u, v) of all of them; None where they
    are searched elsewhere, and only those of the candidates are compared."""

    vectors: Floats
    snapshot: Snapshot
    cosines: Floats | None

    @classmethod
    def of(cls, vectors: Floats, snapshot: Snapshot) -> _Units:
        every = snapshot.unit_vectors @ vectors.T if snapshot.near_units is None else None
        return cls(vectors, snapshot, every)

    def nearest(self, n: int) -> NDArray[np.int64]:
        """Rows of the units nearest to the n-th vector, in no order."""
        if self.cosines is not None:
            return _largest(self.cosines[:, n], UNITS)
        assert self.snapshot.near_units is not None
        return self.snapshot.near_units.nearest(self.vectors[n], UNITS)[0]

    def best(self, rows: NDArray[np.int64]) -> Floats:
        """The highest cosines in each passage of `rows`: (c, v)."""
        bounds = self.snapshot.unit_bounds
        best = [self._of(bounds[row], bounds[row + 1]).max(axis=0, initial=0.0) for row in rows]
        return np.array(best, dtype=np.float32).reshape(len(rows), len(self.vectors))

    def _of(self, start: int, end: int) -> Floats:
        if self.cosines is not None:
            return self.cosines[start:end]
        own = self.snapshot.units[start:end].astype(np.float32)
        return np.asarray(own @ self.vectors.T, dtype=np.float32)


def _largest(values: Floats, count: int) -> NDArray[np.int64]:
    """Places of the `count` largest, in no order."""
    count = min(count, len(values))
    return np.argpartition(-values, count - 1)[:count] if count else np.empty(0, dtype=np.int64)


def _rows_led_to(precedents: Floats, snapshot: Snapshot) -> NDArray[np.int64]:
    """The passages that the nearest precedents lead to, for each vector of the question."""
    near = np.concatenate([_largest(cosines, PRECEDENTS) for cosines in precedents.T])
    return snapshot.leads.rows[np.isin(snapshot.leads.questions, near)]


def _nearest_precedents(precedents: Floats, snapshot: Snapshot, rows: NDArray[np.int64]) -> Floats:
    """Of the cosines of all `precedents` (p, v), the highest among those that lead to each passage
    of `rows`: (c, v)."""
    leads, bounds = snapshot.leads.questions, snapshot.leads.bounds
    best = [
        precedents[leads[bounds[row] : bounds[row + 1]]].max(axis=0, initial=0.0) for row in rows
    ]
    return np.array(best, dtype=np.float32).reshape(len(rows), precedents.shape[1])


def _questions(
    vectors: Floats, snapshot: Snapshot, rows: NDArray[np.int64], dense: Floats
) -> tuple[Floats, Floats]:
    """Of the questions that lead to each passage in `rows` (c,), the cosines (c, v) of the first
    and the highest; those of the passage itself where none leads there."""
    heading, highest = dense.copy(), dense.copy()
    bounds = snapshot.question_bounds
    counts = bounds[rows + 1] - bounds[rows]
    led = counts > 0
    if led.any():
        starts, counts = bounds[rows[led]], counts[led]
        firsts = np.cumsum(counts) - counts
        theirs = np.repeat(starts - firsts, counts) + np.arange(counts.sum())
        cosines = snapshot.questions[theirs] @ vectors.T
        heading[led] = cosines[firsts]
        highest[led] = np.maximum.reduceat(cosines, firsts, axis=0)
    return heading, highest
