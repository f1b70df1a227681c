"""The guides whose review is overdue, or expires soon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from index.guide import Guide

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """A guide and the days left to its review; below 0 it is late."""

    guide: Guide
    day: date
    left: int

    @property
    def late(self) -> bool:
        return self.left < 0


def due(guides: Iterable[Guide], today: date, within: int = SOON_DAYS) -> list[Due]:
    """The longest overdue first, then those that expire within `within` days. A day on which the
    law itself stops (`valido_fino`) counts as one to review."""
    found = []
    for guide in guides:
        days = [day for day in (guide.review_by, guide.valid_until) if day]
        if days and (left := (min(days) - today).days) <= within:
            found.append(Due(guide, min(days), left))
    return sorted(found, key=lambda one: (one.left, one.guide.title))
