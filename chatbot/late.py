"""Late interaction: every word of the question looks for its best word in a passage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot

TOP = 20  # passages reranked


def late_scores(
    question: NDArray[np.float32], rows: Sequence[int], snapshot: Snapshot
) -> NDArray[np.float32]:
    """Mean over question tokens (q, d) of the best cosine with a token of the passage: (r,).

    MaxSim of Khattab and Zaharia, ColBERT, SIGIR 2020, averaged instead of summed so that long
    questions do not score higher.
    """
    if not len(question):
        return np.zeros(len(rows), dtype=np.float32)
    scores = [_max_sim(question, snapshot.tokens.of(int(row))[0]) for row in rows]
    return np.array(scores, dtype=np.float32)


def _max_sim(question: NDArray[np.float32], tokens: NDArray[np.float32]) -> float:
    return float((tokens @ question.T).max(axis=0).mean()) if len(tokens) else 0.0
