"""The stems of each passage as they were cut, so that the next index does not cut them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.files import save_array, write_file

WORDS, IDS, BOUNDS = "stems.json", "stem_ids.npy", "stem_bounds.npy"


@dataclass(frozen=True, eq=False)
class Stems:
    """Passage i has the stems words[ids[bounds[i]:bounds[i + 1]]], in their order: `ids` (s,)
    int32, `bounds` (n + 1,) int64."""

    words: Sequence[str]
    ids: NDArray[np.int32]
    bounds: NDArray[np.int64]

    @classmethod
    def join(cls, passages: Iterable[Sequence[str]]) -> Stems:
        """From the stems of each passage."""
        numbers: dict[str, int] = {}
        ids: list[int] = []
        bounds = [0]
        for stems in passages:
            ids.extend([numbers.setdefault(stem, len(numbers)) for stem in stems])
            bounds.append(len(ids))
        return cls(tuple(numbers), np.array(ids, dtype=np.int32), np.array(bounds, dtype=np.int64))

    def of(self, passage: int) -> list[str]:
        first, last = self.bounds[passage : passage + 2]
        return [self.words[n] for n in self.ids[first:last].tolist()]

    def lists(self) -> list[list[int]]:
        """The numbers of the stems, a list for each passage."""
        ids, bounds = self.ids.tolist(), self.bounds.tolist()
        return [ids[first:last] for first, last in pairwise(bounds)]

    def save(self, folder: Path) -> None:
        write_file(folder / WORDS, json.dumps(list(self.words), ensure_ascii=False).encode())
        save_array(folder / IDS, self.ids)
        save_array(folder / BOUNDS, self.bounds)

    @classmethod
    def load(cls, folder: Path) -> Stems | None:
        """None of an index that an earlier version wrote."""
        if not (folder / WORDS).is_file():
            return None
        words = tuple(json.loads((folder / WORDS).read_bytes()))
        return cls(words, *(np.load(folder / n, mmap_mode="r") for n in (IDS, BOUNDS)))
