"""Token vectors of passages, kept small: 256 directions of 384, four bits each.

The encoder's tokens all lean one way, and cosines tell more once that is taken away. Of what is
left the principal components that vary most are kept; turned at random among themselves they vary
alike, so that one scale a token serves them all. The turn hangs on the space that they span and not
on each of them, so that an edited guide moves the vectors of the others by next to nothing. See
`docs/retrieval.md` for what it costs: nothing that can be measured, for a third of the room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.files import save_array

HEADING = -1  # unit of the tokens of title and heading path
KEPT = 256  # directions
LEVELS = 7  # a value is a whole number from -7 to 7, in four bits
SAMPLE = 250_000  # tokens that say where the directions are
CHUNK = 1_024  # token vectors held as floats at a time: small enough to stay in the cache
_ARRAYS = ("values", "scales", "units", "bounds", "mean", "axes")

Floats = NDArray[np.float32]
# values (t, d), scales (t,) and units (t,) of the tokens of one passage
Columns = tuple[NDArray[np.int8], NDArray[np.float16], NDArray[np.int16]]


def quantise(vectors: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """(t, d) float32 to int8 of the same shape and (t,) scales: vector = int8 × scale."""
    scales = np.abs(vectors).max(axis=1, initial=0) / 127
    scales[scales == 0] = 1
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float16)


@dataclass(frozen=True)
class TokenStore:
    """All token vectors of a snapshot, one passage after the other.

    `mean` (d,) is the mean token vector and `axes` (d, k) the directions kept. `values` (t, k / 2)
    uint8 has two of a token's k values in a byte: the first half in the low four bits, the second
    in the high ones, each 8 more than it is; times `scales` (t,) float16 they are of length 1.
    `units` (t,) int16 is the ordinal of the unit in its passage, or HEADING; passage i owns rows
    bounds[i]:bounds[i + 1], `bounds` (n + 1,) int64.
    """

    values: NDArray[np.uint8]
    scales: NDArray[np.float16]
    units: NDArray[np.int16]
    bounds: NDArray[np.int64]
    mean: Floats
    axes: Floats

    @classmethod
    def join(
        cls,
        encoded: Sequence[Columns],
        dimension: int,
    ) -> TokenStore:
        """From the (values, scales, units) of each passage, as `quantise` gives the first two."""
        lengths = [len(values) for values, _, _ in encoded]
        columns = zip(*encoded, strict=True) if encoded else ((), (), ())
        nothing = (
            np.empty((0, dimension), dtype=np.int8),
            np.empty(0, dtype=np.float16),
            np.empty(0, dtype=np.int16),
        )
        wide, lengthened, units = (
            np.concatenate([empty, *column]) for empty, column in zip(nothing, columns, strict=True)
        )
        mean = _mean(wide, lengthened)
        axes = _axes(wide, lengthened, mean)
        packed = np.empty((len(wide), axes.shape[1] // 2), dtype=np.uint8)
        scales = np.empty(len(wide), dtype=np.float16)
        for rows in _chunks(len(wide)):
            vectors = _floats(wide[rows], lengthened[rows])
            packed[rows], scales[rows] = _pack(_turned(vectors, mean, axes))
        bounds = np.cumsum([0, *lengths], dtype=np.int64)
        return cls(packed, scales, units, bounds, mean, axes)

    def joined(self, encoded: Sequence[Columns], same: Sequence[int]) -> TokenStore:
        """A passage that is the `same[i]`-th here is taken over as it is; one that is none of
        them (-1) comes from `encoded`, which has the columns of these alone, in their order, and
        is laid along the axes that this store has."""
        values, scales, units, new = [], [], [], iter(encoded)
        for row in same:
            if row >= 0:
                rows = slice(self.bounds[row], self.bounds[row + 1])
                packed, lengths, own = self.values[rows], self.scales[rows], self.units[rows]
            else:
                wide, lengthened, own = next(new)
                vectors = _floats(wide, lengthened)
                packed, lengths = _pack(_turned(vectors, self.mean, self.axes))
            values.append(packed)
            scales.append(lengths)
            units.append(own)
        bounds = np.cumsum([0, *(len(packed) for packed in values)], dtype=np.int64)
        return TokenStore(
            np.concatenate([self.values[:0], *values]), np.concatenate([self.scales[:0], *scales]),
            np.concatenate([self.units[:0], *units]), bounds, self.mean, self.axes,
        )  # fmt: skip

    def turned(self, vectors: Floats) -> Floats:
        """(q, d) vectors of a question without the common lean, along the axes kept, L2-normalised:
        (q, k)."""
        return _turned(vectors, self.mean, self.axes)

    def cosines(
        self, question: Floats, positions: Sequence[int]
    ) -> tuple[Floats, NDArray[np.int64]]:
        """Cosines (t, q) of the tokens of several passages, one after the other, with those of
        `question` (q, k), itself turned; and the rows (t,) they have in the store."""
        spans = [np.arange(self.bounds[p], self.bounds[p + 1]) for p in positions]
        rows = np.concatenate([np.empty(0, dtype=np.int64), *spans])
        half = self.values.shape[1]
        low, high = (np.ascontiguousarray(part.T) for part in np.split(question, [half], axis=1))
        found = np.empty((len(rows), len(question)), dtype=np.float32)
        done = 0
        for span in spans:  # a passage at a time, so that its floats stay in the cache
            if len(span):
                pairs = self.values[span[0] : span[-1] + 1]
                part = found[done : done + len(span)]
                np.matmul((pairs & 15).astype(np.float32), low, out=part)
                part += (pairs >> 4).astype(np.float32) @ high
            done += len(span)
        found -= (LEVELS + 1) * question.sum(axis=1)
        found *= self.scales[rows, None].astype(np.float32)
        return found, rows

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


def _chunks(size: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, size, CHUNK)]


def _floats(values: NDArray[np.int8], scales: NDArray[np.float16]) -> Floats:
    """What `quantise` was given."""
    return values.astype(np.float32) * scales[:, None].astype(np.float32)


def _mean(values: NDArray[np.int8], scales: NDArray[np.float16]) -> Floats:
    """The mean vector (d,)."""
    total = np.zeros(values.shape[1], dtype=np.float64)
    for rows in _chunks(len(values)):
        total += scales[rows].astype(np.float32) @ values[rows].astype(np.float32)
    return (total / max(1, len(values))).astype(np.float32)


def _axes(values: NDArray[np.int8], scales: NDArray[np.float16], mean: Floats) -> Floats:
    """Of the space of the KEPT principal components of the centred vectors, the axes nearest to
    directions drawn at random: (d, k), orthonormal.

    What is drawn is always the same, and so are the axes of the same vectors; those of nearly the
    same vectors nearly are (the polar factor of what is drawn, projected).
    """
    dimension = len(mean)
    scatter = np.zeros((dimension, dimension), dtype=np.float64)
    sample = np.arange(0, len(values), max(1, len(values) // SAMPLE))
    for rows in _chunks(len(sample)):
        taken = sample[rows]
        centred = _unit(_floats(values[taken], scales[taken]) - mean)
        scatter += centred.T @ centred
    kept = min(KEPT, dimension) // 2 * 2
    components = np.linalg.eigh(scatter)[1][:, dimension - kept :]
    drawn = np.random.default_rng(0).standard_normal((dimension, kept))
    left, _, right = np.linalg.svd(components @ (components.T @ drawn), full_matrices=False)
    return np.asarray(left @ right, dtype=np.float32)


def _turned(vectors: Floats, mean: Floats, axes: Floats) -> Floats:
    return _unit(np.matmul(vectors - mean, axes, dtype=np.float32))


def _pack(vectors: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """(t, k) float32 to (t, k / 2) uint8 and (t,) scales, as in TokenStore."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0), 1e-12)
    levels = np.rint(vectors * (LEVELS / largest))
    lengths = np.maximum(np.linalg.norm(levels, axis=1), 1)  # 0 only where nothing is left
    low, high = np.split((levels + LEVELS + 1).astype(np.uint8), 2, axis=1)
    return low | high << 4, (1 / lengths).astype(np.float16)


def _unit(vectors: Floats) -> Floats:
    """Divided by their lengths; what is left of a token that is the mean itself stays nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)
