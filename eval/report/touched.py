"""Which questions a draft is likeliest to move: they are asked first, and who waits sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from index.publish.diff import compare_snapshots
from index.publish.snapshot import Snapshot
from index.search.lexical import terms


def touched_first(
    texts: Sequence[str], named: Sequence[Collection[str]], before: Snapshot, after: Snapshot
) -> list[int]:
    """The positions of `texts`, each with the sections (`guide#anchor`) that it names: those that
    name a section of a guide that changes, then by the words they share with what changes."""
    changes = compare_snapshots(before, after)
    ids = {change.passage for change in changes} | {change.was for change in changes if change.was}
    guides = {name.partition("#")[0] for name in ids}
    scores = np.maximum(_scores(texts, ids, before), _scores(texts, ids, after))
    first = [any(name.partition("#")[0] in guides for name in names) for names in named]
    return sorted(range(len(texts)), key=lambda n: (not first[n], -scores[n]))


def _scores(texts: Sequence[str], ids: Collection[str], snapshot: Snapshot) -> np.ndarray:
    """The best BM25 score (n,) of each text among the passages of these ids."""
    rows = np.array([snapshot.positions[i] for i in ids if i in snapshot.positions], dtype=np.int64)
    if not len(rows):
        return np.zeros(len(texts))
    found = (snapshot.lexical.scores_of(terms(text), rows).max(initial=0.0) for text in texts)
    return np.fromiter(found, dtype=np.float64, count=len(texts))
