"""Columns: what is read in the passages and units of a snapshot, a value for each position.

Reading all of them at once would make a server start several times as late, and at build they would
be what the words of that day made of them. So each is read the first time a question meets it, and
never again: it stays as long as its snapshot does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from index.guide import Unit
from index.passage import Passage
from index.publish.snapshot import Snapshot

T = TypeVar("T")


class _Column(Generic[T]):
    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Snapshot, list[T | None]] = WeakKeyDictionary()

    def _values(self, snapshot: Snapshot, length: int) -> list[T | None]:
        found = self._kept.get(snapshot)
        # of two threads that begin a column the later one keeps it: what the other read is reread
        return self._kept.setdefault(snapshot, [None] * length) if found is None else found


class PassageColumn(_Column[T]):
    """What `read` makes of each passage of a snapshot; never None."""

    def __init__(self, read: Callable[[Passage, Snapshot], T]) -> None:
        super().__init__()
        self._read = read

    def at(self, row: int, snapshot: Snapshot) -> T:
        """Of the passage at position `row`."""
        values = self._values(snapshot, len(snapshot.passages))
        value = values[row]
        if value is None:
            value = values[row] = self._read(snapshot.passages[row], snapshot)
        return value

    def of(self, passage: Passage, snapshot: Snapshot) -> T:
        return self.at(snapshot.positions[passage.id], snapshot)


class UnitColumn(_Column[T]):
    """What `read` makes of each unit of each passage of a snapshot; never None."""

    def __init__(self, read: Callable[[Unit, Passage, Snapshot], T]) -> None:
        super().__init__()
        self._read = read

    def of(self, passage: Passage, position: int, snapshot: Snapshot) -> T:
        """Of the unit that is the one at `position`, counted from 0, in `passage`."""
        bounds = snapshot.unit_bounds
        values = self._values(snapshot, int(bounds[-1]))
        at = int(bounds[snapshot.positions[passage.id]]) + position
        value = values[at]
        if value is None:
            value = values[at] = self._read(passage.units[position], passage, snapshot)
        return value
