"""Passages that say the same thing in two guides: one of them will be forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.encode.vectors import Encoded
from index.finding import Finding
from index.guide import GENERATED, Guide
from index.passage import Passage

# Cosine of multilingual-e5-small: on 1,226 passages of these guides the median of the nearest
# neighbours is 0.94; from 0.98 up two passages differ by a few words.
ALIKE = 0.98
BLOCK = 512  # rows compared at a time: memory stays small with 100,000 passages
COMPARED = {"body", "step", "term"}


def near_identical(
    guides: Sequence[Guide],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    alike: float = ALIKE,
) -> Iterator[Finding]:
    """A warning at the later of two passages of different guides whose vectors (n, d), of
    length 1, have a cosine of `alike` or more. Plain words and generated sections are left out."""
    paths = {guide.slug: guide.path for guide in guides}
    made = {(guide.slug, GENERATED.get(guide.kind)) for guide in guides}
    kept = [
        i for i, p in enumerate(passages) if p.role in COMPARED and (p.guide, p.anchor) not in made
    ]
    for first, second, cosine in _pairs(vectors[kept], alike):
        a, b = passages[kept[first]], passages[kept[second]]
        if a.guide != b.guide:
            message = (
                f"«{b.heading_path[-1]}» dice quasi la stessa cosa di «{a.heading_path[-1]}» "
                f"({paths[a.guide]}:{a.line}, somiglianza {cosine:.2f}): tienine una e metti un "
                "collegamento"
            )
            yield Finding(paths[b.guide], b.line, message, "duplicate", "warning")


def stack(encoded: Sequence[Encoded], dimension: int) -> NDArray[np.float32]:
    """The passage vectors of `encoded`, (n, dimension)."""
    rows = np.array([e.vector for e in encoded], dtype=np.float32)
    return rows.reshape(len(encoded), dimension)


def stack_units(encoded: Sequence[Encoded], dimension: int) -> NDArray[np.float32]:
    """The vectors (u, dimension) of the units of `encoded`, one text after the other."""
    none = np.empty((0, dimension), dtype=np.float16)
    return np.concatenate([none, *(e.units for e in encoded)]).astype(np.float32)


def _pairs(vectors: NDArray[np.float32], alike: float) -> Iterator[tuple[int, int, float]]:
    for start in range(0, len(vectors), BLOCK):
        cosines = vectors[start : start + BLOCK] @ vectors[start:].T
        rows, columns = np.nonzero(np.triu(cosines, k=1) >= alike)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield start + row, start + column, float(cosines[row, column])
