"""The arrays of a snapshot that are those of the one before it, row by row.

An editor changes a guide and leaves three hundred as they are: the vectors, tokens and words of
what stays are copied, and only what is new goes through the encoder and the stemmer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encode.vectors import Encoded
from index.guide import Guide
from index.parse.questions import questions_of
from index.passage import Passage
from index.precedent import Precedent
from index.publish.snapshot import Snapshot, signals_of
from index.search.tokens import TokenStore

CARRIED = 0.95  # of the passages: with fewer of those before, the directions are found again
Rows = NDArray[np.int64]
Ask = Callable[[Sequence[str]], NDArray[Any]]


def rows_before(passages: Sequence[Passage], before: Snapshot | None) -> Rows:
    """(n,): of each passage that is the very one of `before` its row there, -1 of the others; all
    of them where too few stay: the directions of the tokens are as good for a few other sentences,
    and finding them takes longer than all the rest, but they are found for what is there."""
    rows = np.full(len(passages), -1, dtype=np.int64)
    if before is None:
        return rows
    for n, passage in enumerate(passages):
        row = before.positions.get(passage.id, -1)
        if row >= 0 and before.passages[row] is passage:
            rows[n] = row
    enough = np.count_nonzero(rows >= 0) >= CARRIED * max(len(passages), len(before.passages))
    return rows if enough and len(passages) else np.full(len(passages), -1, dtype=np.int64)


def new_passages(passages: Sequence[Passage], before: Snapshot | None) -> list[Passage]:
    """Those that have to be encoded."""
    return [
        p for p, row in zip(passages, rows_before(passages, before), strict=True) if row < 0
    ]  # fmt: skip


def joined(
    rows: Rows, encoded: Sequence[Encoded], before: Snapshot | None, dimension: int
) -> tuple[NDArray[np.float32], NDArray[np.float16], TokenStore]:
    """The vectors (n, d), unit vectors (u, d) and tokens of passages: those with a row from
    `before`, the others from `encoded`, in their order."""
    columns = [(e.tokens, e.scales, e.owners) for e in encoded]
    new = np.array([e.vector for e in encoded], dtype=np.float32).reshape(-1, dimension)
    nothing = np.empty((0, dimension), dtype=np.float16)
    if before is None or len(encoded) == len(rows):
        units = np.concatenate([nothing, *(e.units for e in encoded)])
        return new, units, TokenStore.join(columns, dimension)
    fresh, bounds = iter(encoded), before.unit_bounds
    units = np.concatenate([
        nothing,
        *(before.units[bounds[row] : bounds[row + 1]] if row >= 0 else next(fresh).units
          for row in rows.tolist()),
    ])  # fmt: skip
    return _filled(rows, before.vectors, new), units, before.tokens.joined(columns, rows.tolist())


def asked(
    guides: Sequence[Guide],
    passages: Sequence[Passage],
    precedents: Sequence[Precedent],
    before: Snapshot | None,
    ask: Ask,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The vectors of the questions that lead to passages, of the danger signals and of the
    precedents, as in Snapshot."""
    texts = _texts(guides, passages, precedents)
    if before is None:
        questions, signals, of_precedents = (ask(some) for some in texts)
        return questions, signals, of_precedents.astype(np.float16)
    known = _texts(tuple(before.guides.values()), before.passages, before.precedents)
    kept = (before.questions, before.signals, before.precedent_vectors)
    questions, signals, of_precedents = (
        _ask_new(*each, ask) for each in zip(texts, known, kept, strict=True)
    )
    return questions, signals, of_precedents


def _texts(
    guides: Sequence[Guide], passages: Sequence[Passage], precedents: Sequence[Precedent]
) -> tuple[list[str], list[str], list[str]]:
    titles = {guide.slug: guide.title for guide in guides}
    return (
        [q for p in passages if p.guide in titles for q in questions_of(p, titles[p.guide])],
        [signal for _, signal in signals_of(guides)],
        [precedent.text for precedent in precedents],
    )


def _ask_new(
    texts: Sequence[str], known: Sequence[str], rows: NDArray[Any], ask: Ask
) -> NDArray[Any]:
    """The vectors of `texts`: those that are among the `known`, whose vectors are `rows`, one each,
    are taken from there; the others are asked for."""
    row_of = {text: n for n, text in enumerate(known)}
    found = np.array([row_of.get(text, -1) for text in texts], dtype=np.int64)
    new = [text for text, row in zip(texts, found.tolist(), strict=True) if row < 0]
    return _filled(found, rows, ask(new).astype(rows.dtype, copy=False))


def _filled(rows: Rows, old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
    """(n, d): the rows of `old`, and where there is none those of `new`, in their order."""
    filled = np.empty((len(rows), new.shape[1]), dtype=new.dtype)
    stays = rows >= 0
    filled[stays], filled[~stays] = old[rows[stays]], new
    return filled
