"""Late interaction: every word of the question looks for its best word in a passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encode.encoder import QueryTokens
from index.publish.snapshot import Snapshot
from index.search.lexical import stem, words

# Weight of a token that is no whole word, which alone says little: of a sign, that a fit weighs.
PIECE = 0.5


@dataclass(frozen=True)
class Interaction:
    """One passage: `best` (g, q), for each of its g units (and its heading) the best cosine of
    each question token; `units` (g,) says which unit, ascending, heading first."""

    best: NDArray[np.float32]
    units: NDArray[np.int16]

    def passage_score(self, weights: NDArray[np.float32]) -> float:
        """Mean over question tokens, weighted, of the best cosine anywhere in the passage.

        MaxSim of Khattab and Zaharia, ColBERT, SIGIR 2020, averaged so that long questions do
        not score higher.
        """
        if not self.best.size:
            return 0.0
        return float(self.best.max(axis=0) @ weights / weights.sum())

    def unit_scores(self) -> NDArray[np.float32]:
        """The same within each unit alone, unweighted: (g,)."""
        return self.best.mean(axis=1) if self.best.size else np.zeros(len(self.units), np.float32)

    def best_unit_score(self) -> float:
        scores = self.unit_scores()[self.units >= 0]
        return float(scores.max(initial=0.0))


def interact(
    question: NDArray[np.float32], positions: Sequence[int], snapshot: Snapshot
) -> list[Interaction]:
    """The interaction of a question's tokens (q, d) with each passage."""
    tokens = snapshot.tokens
    cosines, rows = tokens.cosines(tokens.turned(question), positions)
    if not cosines.size:
        nothing = Interaction(np.empty((0, len(question)), np.float32), np.empty(0, np.int16))
        return [nothing for _ in positions]
    lengths = [int(tokens.bounds[p + 1] - tokens.bounds[p]) for p in positions]
    passages = np.repeat(np.arange(len(positions)), lengths)
    units = np.asarray(tokens.units[rows])
    # a group is a unit of a passage: its tokens stand together
    starts = np.flatnonzero(np.diff(passages, prepend=-1) | np.diff(units, prepend=units[0]))
    best = np.maximum.reduceat(cosines, starts, axis=0)
    owners, groups = passages[starts], units[starts]
    return [Interaction(best[owners == i], groups[owners == i]) for i in range(len(positions))]


def token_weights(asked: QueryTokens, weights: Mapping[str, float]) -> NDArray[np.float32]:
    """How telling each token of the question is (q,): that of the word it is, PIECE for a piece
    of one. `weights` is by stem."""
    found = [
        max((weights.get(s, 0.0) for s in stem(words(string))), default=0.0) + PIECE
        for string in asked.strings
    ]
    return np.array(found, dtype=np.float32)
