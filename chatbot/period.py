"""When something happened, as far as it is known: a day, a month, a year, one side of a day.

Written as in EDTF (ISO 8601-2): `2031-05-03`, `2031-05`, `2030`, `../2031-06-11`, `2031-06-12/..`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Side = Literal["before", "since"]

_OPEN = ".."
_WRITTEN = re.compile(r"(\d{4}(?=.{6})|[1-9]\d{3})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """Between two days, both included; None where that end is open."""

    first: date | None
    last: date | None

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Period:
        """A year, a month or a day. Raises ValueError when there is no such day."""
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return cls(date(year, month, day), date(year, month, day))

    @classmethod
    def before(cls, day: date) -> Period:
        """The days before `day`."""
        return cls(None, day - timedelta(days=1))

    @classmethod
    def since(cls, day: date) -> Period:
        """`day` and those after it."""
        return cls(day, None)

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written as `str` gives it. Raises ValueError for anything else."""
        if text.startswith(f"{_OPEN}/"):
            return cls(None, _day(text[len(_OPEN) + 1 :]))
        if text.endswith(f"/{_OPEN}"):
            return cls(_day(text[: -len(_OPEN) - 1]), None)
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        return cls.of(year, month, day)

    def side(self, day: date) -> Side | None:
        """Of a day; None when the period stands across it."""
        if self.last is not None and self.last < day:
            return "before"
        return "since" if self.first is not None and self.first >= day else None

    def __str__(self) -> str:
        if self.first is None or self.last is None:
            return f"{self.first or _OPEN}/{self.last or _OPEN}"
        parts = (self.first.year, self.first.month, self.first.day)
        for known, length in ((1, 4), (2, 7), (3, 10)):
            if Period.of(*parts[:known]) == self:
                return self.first.isoformat()[:length]
        return f"{self.first}/{self.last}"


def _day(text: str) -> date:
    """Raises ValueError when `text` is no day."""
    found = _WRITTEN.fullmatch(text)
    if not found or not found[3]:
        raise ValueError(f"no day: {text}")
    return date.fromisoformat(text)
