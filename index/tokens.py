"""Token vectors of passages, kept small: int8 with one scale a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEADING = -1  # unit of the tokens of title and heading path


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
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float16]
    units: NDArray[np.int16]
    bounds: NDArray[np.int64]

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
        return cls(values, scales, units, np.cumsum([0, *lengths], dtype=np.int64))

    def of(self, position: int) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
        """Token vectors (t, d) float32, unit length up to rounding, and their units (t,)."""
        rows = slice(int(self.bounds[position]), int(self.bounds[position + 1]))
        values = self.values[rows].astype(np.float32)
        return values * self.scales[rows, None].astype(np.float32), self.units[rows]

    def save(self, folder: Path) -> None:
        for name in ("values", "scales", "units", "bounds"):
            np.save(folder / f"tokens_{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> TokenStore:
        """The vectors stay on the disk, mapped into memory."""
        values, scales, units, bounds = (
            np.load(folder / f"tokens_{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("values", "scales", "units", "bounds")
        )
        return cls(values, scales, units, bounds)
