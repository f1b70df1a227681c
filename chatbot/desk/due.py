"""The guides whose review is overdue, or expires soon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from index.check.deadlines import Deadline, deadlines
from index.guide import Guide
from index.network import NEUTRAL, Network

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """A guide and the days left to its review; below 0 it is late. `shown` are the words of its
    text that give the day, empty where its front matter does."""

    guide: Guide
    day: date
    left: int
    shown: str = ""

    @property
    def late(self) -> bool:
        return self.left < 0


def due(
    guides: Iterable[Guide], today: date, within: int = SOON_DAYS, network: Network = NEUTRAL
) -> list[Due]:
    """The longest overdue first, then those that expire within `within` days. A day on which the
    law itself stops (`valido_fino`) counts as one to review, as does the last day of a deadline
    that the text gives («entro il …», in the words of `network`)."""
    found = []
    for guide in guides:
        days = [Deadline("", day) for day in (guide.review_by, guide.valid_until) if day]
        units = (unit for section in guide.sections for unit in section.units)
        days += [one for unit in units for one in deadlines(unit.text, network)]
        first = min(days, key=lambda one: one.day, default=None)
        if first and (left := (first.day - today).days) <= within:
            found.append(Due(guide, first.day, left, first.shown))
    return sorted(found, key=lambda one: (one.left, one.guide.title))
