"""Token vectors of passages, kept small: int8 with one scale a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.files import save_array

HEADING = -1  # unit of the tokens of title and heading path
CHUNK = 1_024  # token vectors held as floats at a time: small enough to stay in the cache
_ARRAYS = ("values", "scales", "units", "bounds", "mean", "norms")


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """(t, d) float32 to int8 of the same shape and (t,) scales: vector = int8 × scale."""
    scales = np.abs(vectors).max(axis=1, initial=0) / 127
    scales[scales == 0] = 1
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float16)


@dataclass(frozen=True)
class TokenStore:
    """All token vectors of a snapshot, one passage after the other.

    `values` (t, d) int8, `scales` (t,) float16, `units` (t,) int16 (ordinal of the unit in its
    passage, or HEADING), `bounds` (n + 1,) int64: passage i owns rows bounds[i]:bounds[i + 1].
    `mean` (d,) float32 is the mean token vector: the encoder's tokens all lean one way, and
    cosines tell more once that is taken away. `norms` (t,) float16 are lengths without it.
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float16]
    units: NDArray[np.int16]
    bounds: NDArray[np.int64]
    mean: NDArray[np.float32]
    norms: NDArray[np.float16]

    @classmethod
    def join(
        cls,
        encoded: Sequence[tuple[NDArray[np.int8], NDArray[np.float16], NDArray[np.int16]]],
        dimension: int,
    ) -> TokenStore:
        """From the (values, scales, units) of each passage."""
        lengths = [len(values) for values, _, _ in encoded]
        empty = (
            np.empty((0, dimension), dtype=np.int8),
            np.empty(0, dtype=np.float16),
            np.empty(0, dtype=np.int16),
        )
        columns = zip(*encoded, strict=True) if encoded else ((), (), ())
        values, scales, units = (
            np.concatenate([nothing, *column])
            for nothing, column in zip(empty, columns, strict=True)
        )
        mean, norms = _centre(values, scales)
        bounds = np.cumsum([0, *lengths], dtype=np.int64)
        return cls(values, scales, units, bounds, mean, norms)

    def centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, d) vectors of a question without the common lean, L2-normalised."""
        moved = vectors - self.mean
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-6), dtype=np.float32)

    def cosines(
        self, question: NDArray[np.float32], positions: Sequence[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Centred cosines (t, q) of the tokens of several passages, one after the other, with
        those of `question` (q, d), itself centred; and the rows (t,) they have in the store."""
        spans = [np.arange(self.bounds[p], self.bounds[p + 1]) for p in positions]
        rows = np.concatenate([np.empty(0, dtype=np.int64), *spans])
        tokens = np.ascontiguousarray(question.T)
        raw = np.empty((len(rows), tokens.shape[1]), dtype=np.float32)
        done = 0
        for span in spans:  # a passage at a time, so that its floats stay in the cache
            if len(span):
                floats = self.values[span[0] : span[-1] + 1].astype(np.float32)
                np.matmul(floats, tokens, out=raw[done : done + len(span)])
            done += len(span)
        raw *= self.scales[rows, None].astype(np.float32)
        raw -= self.mean @ question.T
        raw /= self.norms[rows, None].astype(np.float32)
        return raw, rows

    def save(self, folder: Path) -> None:
        for name in _ARRAYS:
            save_array(folder / f"tokens_{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> TokenStore:
        """The vectors stay on the disk, mapped into memory."""
        mapped = {
            # plain arrays over the mapping: memmap's own indexing is slow
            name: np.asarray(
                np.load(folder / f"tokens_{name}.npy", mmap_mode="r", allow_pickle=False)
            )
            for name in _ARRAYS
        }
        return cls(**mapped)


def _centre(
    values: NDArray[np.int8], scales: NDArray[np.float16]
) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    """Mean vector (d,) and lengths (t,) of the vectors once it is taken away, CHUNK at a time.

    With vector = s·x: |s·x - m|² = s²·|x|² - 2s·(x·m) + |m|².
    """
    total = np.zeros(values.shape[1], dtype=np.float64)
    squares = np.empty(len(values), dtype=np.float32)
    wide = scales.astype(np.float32)
    chunks = [slice(start, start + CHUNK) for start in range(0, len(values), CHUNK)]
    for rows in chunks:
        floats = values[rows].astype(np.float32)
        total += wide[rows] @ floats
        squares[rows] = np.einsum("ij,ij->i", floats, floats)
    mean = (total / max(1, len(values))).astype(np.float32)
    squares *= wide**2
    for rows in chunks:
        squares[rows] -= 2 * wide[rows] * (values[rows].astype(np.float32) @ mean)
    norms = np.sqrt(np.maximum(squares + mean @ mean, 0)).astype(np.float16)
    return mean, np.maximum(norms, np.float16(1e-3))
