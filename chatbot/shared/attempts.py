"""Attempts that failed, counted so that who guesses must wait."""

from __future__ import annotations

import math
import time
from typing import Protocol

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Attempts(Protocol):
    """`key` says whose they are; `item` how many are let through in what time."""

    def wait(self, item: RateLimitItem, key: str) -> int:
        """Seconds until one more is let through, 0 where it is now. Raises Unavailable."""

    def failed(self, item: RateLimitItem, key: str) -> None:
        """One more. Raises Unavailable."""


class MemoryAttempts:
    """Those of this process."""

    def __init__(self) -> None:
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, item: RateLimitItem, key: str) -> int:
        if self._counts.test(item, key):
            return 0
        reset = self._counts.get_window_stats(item, key).reset_time
        return max(1, math.ceil(reset - time.time()))

    def failed(self, item: RateLimitItem, key: str) -> None:
        self._counts.hit(item, key)
