"""The best passages by words without scoring every one of them.

Scores of a term are kept with the passages that hold it, in ascending order, as bm25s writes them
(compressed sparse columns). Terms are taken one at a time, the most telling first; once those that
are left cannot lift a passage not yet met among the best, only passages met are looked at: MaxScore
(Turtle and Flood, Query evaluation: strategies and optimizations, 1995), term at a time. What is
found is what scoring every passage finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
SMALL = 5_000  # passages up to which scoring them all takes less than leaving some out
LOOK_UP = 16  # a list that many times longer than the passages left is searched, not walked
SLACK = 1 - 1e-5  # sums of floats depend on their order


@dataclass(frozen=True, eq=False)
class Postings:
    """`scores` and `rows` (p,) of all terms, one after the other: term i owns those from
    bounds[i] to bounds[i + 1]; `highest` (terms,) is the highest score of each; n passages."""

    scores: Scores
    rows: NDArray[np.int32]
    bounds: NDArray[np.integer]
    highest: Scores
    n: int

    @classmethod
    def of(
        cls, scores: Scores, rows: NDArray[np.int32], bounds: NDArray[np.integer], n: int
    ) -> Postings:
        highest = np.zeros(len(bounds) - 1, dtype=np.float32)
        held = np.flatnonzero(np.diff(bounds))
        if len(held):
            highest[held] = np.maximum.reduceat(scores, bounds[held])
        return cls(scores, rows, bounds, highest, n)

    @property
    def nbytes(self) -> int:
        return self.scores.nbytes + self.rows.nbytes + self.bounds.nbytes + self.highest.nbytes

    def count(self, term: int) -> int:
        """How many passages hold a term."""
        return int(self.bounds[term + 1] - self.bounds[term])

    def holds(self, term: int, rows: Rows) -> NDArray[np.bool_]:
        """Which of the passages `rows` (c,) hold a term: (c,)."""
        held, _ = self._list(term)
        at = np.searchsorted(held, rows)
        return np.append(held, -1)[at] == rows  # beyond the last one there is none

    def scores_of(self, terms: Sequence[int], rows: Rows) -> Scores:
        """Scores (c,) of the passages `rows` (c,), a term given twice counted twice."""
        if self.n <= SMALL:
            return self._all(terms)[rows]
        total = np.zeros(len(rows), dtype=np.float32)
        for term in terms:
            held, scores = self._list(term)
            if not len(held):
                continue
            at = np.searchsorted(held, rows)
            at[at == len(held)] = 0
            total += np.where(held[at] == rows, scores[at], np.float32(0))
        return total

    def top(self, terms: Sequence[int], k: int) -> tuple[Rows, Scores]:
        """The `k` passages of the highest scores above zero, best first, and their scores; of
        equal ones the first in the order of the passages."""
        if self.n <= SMALL:
            every = self._all(terms)
            rows = np.flatnonzero(every)
            scores = every[rows]
        else:
            rows = self._possible(sorted(terms, key=lambda term: -self.highest[term]), k)
            scores = self.scores_of(terms, rows)
        order = np.argsort(-scores, kind="stable")[:k]
        return rows[order], scores[order]

    def _all(self, terms: Sequence[int]) -> Scores:
        """Scores (n,) of every passage."""
        total = np.zeros(self.n, dtype=np.float32)
        for term in terms:
            held, scores = self._list(term)
            total[held] += scores
        return total

    def _possible(self, terms: Sequence[int], k: int) -> Rows:
        """Passages among which the best `k` are, ascending; `terms` from the most telling."""
        highest = self.highest[np.array(terms, dtype=np.int64)]
        left = np.cumsum(highest[::-1], dtype=np.float64)[::-1]
        total = np.zeros(self.n, dtype=np.float32)
        met: Rows | None = None  # once set, no other passage can be among the best
        least = 0.0  # the k-th best so far: a passage that cannot reach it is out
        for term, could in zip(terms, left, strict=True):
            if met is None and could < least:
                met = np.flatnonzero(total)
            if met is not None:
                met = met[total[met] + could >= least]
            held, scores = self._list(term)
            if met is not None and len(held) > LOOK_UP * len(met):
                total[met] += self.scores_of([term], met)
            else:
                total[held] += scores
            reached = total[held if met is None else met]
            if len(reached) >= k:
                least = max(least, float(np.partition(reached, -k)[-k]) * SLACK)
        met = np.flatnonzero(total) if met is None else met
        return met[total[met] >= least]

    def _list(self, term: int) -> tuple[NDArray[np.int32], Scores]:
        """Passages that hold a term, ascending, and its score in each."""
        held = slice(self.bounds[term], self.bounds[term + 1])
        return self.rows[held], self.scores[held]
