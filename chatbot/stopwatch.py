"""How long each step takes, and which one is under way."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

Progress = Callable[[str], None]


class Stopwatch:
    """Milliseconds spent in each step; tells `progress` when a step begins."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._start = self._last = perf_counter()
        self._name = ""
        self.laps: dict[str, float] = {}

    def step(self, name: str) -> None:
        self._close()
        self._name = name
        if self._progress:
            self._progress(name)

    def _close(self) -> None:
        now = perf_counter()
        if self._name:
            self.laps[self._name] = round((now - self._last) * 1000, 3)
        self._last = now

    def stop(self) -> dict[str, float]:
        self._close()
        return {"total": round((self._last - self._start) * 1000, 3), **self.laps}
