"""Units of two sections that give different numbers for what seems the same thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.check.duplicates import COMPARED
from index.check.measured import Measured, differ, measured, same_thing
from index.finding import Finding
from index.guide import GENERATED, Guide, Unit
from index.network import Network
from index.passage import Passage

# On the 294 guides there were (526 units with numbers) these told six pairs; of 150 units one
# of whose numbers was changed by hand, 114 of which another section says too, they told 76. At a
# cosine of 0.6 and words of 0.3: 13 pairs, 79 of the 150.
NEAR = 0.65  # cosine of two units as they read where they stand
WORDS = 0.35  # share of their stems that two units have in common (Dice), numbers left out
SHOWN = 160  # characters of a unit that a finding shows
NAMED = 3  # places that a finding names


class MeasuringUnit(NamedTuple):
    """A unit that measures something, and where it stands."""

    path: str
    passage: Passage
    unit: Unit
    measured: Measured

    @property
    def section(self) -> tuple[str, str]:
        return self.passage.guide, self.passage.anchor


def contradictions(
    guides: Sequence[Guide],
    passages: Sequence[Passage],
    units: NDArray[np.float32],
    network: Network,
) -> Iterator[Finding]:
    """A warning at a unit that nearly says what one of another section, earlier in the guides,
    says with another number of days, months, euro, per cent, or another last day.
    `units` (u, d) are the vectors of the units of `passages`, one passage after the other."""
    places, rows = _places(guides, passages, network)
    found: dict[int, list[int]] = {}
    for first, second in _apart(places, units[rows]):
        found.setdefault(second, []).append(first)
    for second, others in found.items():
        here, there = places[second], places[others[0]]
        at = ", ".join(f"{places[n].path}:{places[n].unit.line}" for n in others[:NAMED])
        message = (
            f"da confrontare con {at}: qui «{_shown(here.unit)}», là «{_shown(there.unit)}»; se "
            "parlano della stessa cosa un numero è sbagliato, se no di' meglio di che cosa"
        )
        yield Finding(here.path, here.unit.line, message, "compare", "warning")


def _apart(
    places: Sequence[MeasuringUnit], vectors: NDArray[np.float32]
) -> Iterator[tuple[int, int]]:
    """The pairs of units of two sections that give another number for the same thing, the nearest
    first. Where a section gives the number of the other too, it tells cases apart."""
    alike: list[tuple[int, int]] = []
    agreeing: set[tuple[int, tuple[str, str]]] = set()
    for pair in _near(vectors):
        one, other = places[pair[0]], places[pair[1]]
        if one.section == other.section or _share(one.measured, other.measured) < WORDS:
            continue
        kinds = same_thing(one.measured, other.measured)
        if any(not differ(one.measured, other.measured, kind) for kind in kinds):
            agreeing |= {(pair[0], other.section), (pair[1], one.section)}
        elif kinds:
            alike.append(pair)
    for first, second in alike:
        settled = {(first, places[second].section), (second, places[first].section)}
        if not settled & agreeing:
            yield first, second


def _places(
    guides: Sequence[Guide], passages: Sequence[Passage], network: Network
) -> tuple[list[MeasuringUnit], list[int]]:
    """The units that measure something, and the row of each among those of all passages."""
    paths = {guide.slug: guide.path for guide in guides}
    made = {(guide.slug, GENERATED.get(guide.kind)) for guide in guides}
    places: list[MeasuringUnit] = []
    rows: list[int] = []
    row = -1
    for passage in passages:
        looked_at = passage.role in COMPARED and (passage.guide, passage.anchor) not in made
        for unit in passage.units:
            row += 1
            if looked_at and (found := measured(unit, passage.heading_path, network)):
                places.append(MeasuringUnit(paths[passage.guide], passage, unit, found))
                rows.append(row)
    return places, rows


def _near(vectors: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The pairs of rows of `vectors` (n, d) whose cosine is NEAR or more, the nearest first."""
    cosines = np.triu(vectors @ vectors.T, k=1)
    first, second = np.nonzero(cosines >= NEAR)
    order = np.argsort(-cosines[first, second], kind="stable")
    return list(zip(first[order].tolist(), second[order].tolist(), strict=True))


def _share(one: Measured, other: Measured) -> float:
    """2 |A ∩ B| / (|A| + |B|) of their stems (Dice 1945)."""
    both = len(one.words) + len(other.words)
    return 2 * len(one.words & other.words) / both if both else 0.0


def _shown(unit: Unit) -> str:
    return unit.text if len(unit.text) <= SHOWN else f"{unit.text[: SHOWN - 1].rstrip()}…"
