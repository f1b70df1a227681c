"""Questions that people put before, in their own words, and what in the guides answers them.

They are recognised, never shown: a question is compared with a question far better than with prose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage


@dataclass(frozen=True, slots=True)
class Lead:
    """What answers a precedent: a section, and the `key` of the unit in it, where one is named."""

    guide: str
    anchor: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A question that was put; without `leads`, no guide answers it."""

    text: str
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, eq=False)
class Leads:
    """The leads of all precedents, sorted by passage: those to passage i are
    bounds[i]:bounds[i + 1]; `questions` (l,) tells whose each is, `units` (l,) the place of the
    unit in its passage, -1 where none is named; `unanswered` (p,) which precedents have no answer
    (a precedent whose section is gone has neither)."""

    bounds: NDArray[np.int64]
    questions: NDArray[np.int64]
    units: NDArray[np.int64]
    unanswered: NDArray[np.bool_]

    @classmethod
    def of(cls, precedents: Sequence[Precedent], passages: Sequence[Passage]) -> Leads:
        places: dict[tuple[str, str], list[int]] = {}
        for row, passage in enumerate(passages):
            places.setdefault((passage.guide, passage.anchor), []).append(row)
        found = sorted(
            (row, question, unit)
            for question, precedent in enumerate(precedents)
            for lead in precedent.leads
            for row, unit in _places(lead, places.get((lead.guide, lead.anchor), ()), passages)
        )
        rows, questions, units = np.array(found, dtype=np.int64).reshape(-1, 3).T
        return cls(
            bounds=np.searchsorted(rows, np.arange(len(passages) + 1)),
            questions=questions,
            units=units,
            unanswered=np.array([not p.leads for p in precedents], dtype=bool),
        )

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The passage (l,) that each leads to."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def _places(lead: Lead, rows: Iterable[int], passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """The passages of a section, each with the place of the unit named; where one part of a long
    section has that unit, that part alone."""
    keys = [(row, [unit.key for unit in passages[row].units]) for row in rows]
    named = [(row, own.index(lead.unit)) for row, own in keys if lead.unit in own]
    return named or [(row, -1) for row, _ in keys]
