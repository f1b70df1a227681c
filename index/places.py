"""The places of a network: its municipalities with their provinces, and the areas around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from index.letters import fold

ALIKE = 80  # of 100: a name this near is taken for a slip of the pen


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `centre` is (latitude, longitude) of its territory, in degrees."""

    name: str
    province: str
    code: str = ""  # in the country's statistics
    centre: tuple[float, float] | None = None
    population: int = 0  # at the last census known


@dataclass(frozen=True, eq=False)
class Places:
    """What a network knows of where it is: nothing, where it has no list."""

    territory: str = ""  # the region, province or town a network is of
    country: str = ""
    areas: tuple[str, ...] = ()  # other names of wide areas that guides and services may say
    rows: tuple[Municipality, ...] = ()

    @cached_property
    def municipalities(self) -> Mapping[str, Municipality]:
        """All of them, by folded name."""
        return {fold(row.name): row for row in self.rows}

    @cached_property
    def provinces(self) -> Mapping[str, str]:
        """Names of the provinces as written, by folded name."""
        return {fold(row.province): row.province for row in self.rows}

    @property
    def whole(self) -> tuple[str, ...]:
        """The widest areas, widest first: who serves one of them serves everybody."""
        return tuple(name for name in (self.country, self.territory) if name)

    @cached_property
    def wide(self) -> frozenset[str]:
        """Folded names of the areas wider than a province."""
        return frozenset(map(fold, (*self.whole, *self.areas)))

    def find(self, name: str) -> Municipality | None:
        """The municipality called `name`, whatever its accents, capitals and blanks."""
        return self.municipalities.get(fold(name))

    def has(self, name: str) -> bool:
        """Whether `name` is one of the wide areas, provinces or municipalities."""
        folded = fold(name)
        return folded in self.wide or folded in self.provinces or folded in self.municipalities

    def nearest(self, name: str) -> str | None:
        """The municipality or province that `name` was probably meant to be: of those spelt much
        alike, the one with most inhabitants."""
        known = self.municipalities
        keys = {*known, *self.provinces}
        found = process.extract(fold(name), keys, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        alike = [key for key, _, _ in found]
        best = max(alike, key=lambda k: known[k].population if k in known else 0, default=None)
        if best is None:
            return None
        return known[best].name if best in known else self.provinces[best]
