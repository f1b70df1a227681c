"""The places of a network: its municipalities with their provinces, and the areas around them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from index.letters import fold

SHORTEST = 4  # letters of a name that can be told from others when cut short
ALIKE = 80  # of 100: a name this near is taken for a slip of the pen


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `centre` is (latitude, longitude) of its territory, in degrees."""

    name: str
    province: str
    code: str = ""  # in the country's statistics
    centre: tuple[float, float] | None = None
    population: int = 0  # at the last census known
    also: tuple[str, ...] = ()  # what people call it beside its name


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

    def called(self, name: str) -> Municipality | None:
        """The municipality that people call `name`: by another name of it, without a hyphen, or
        with words cut short at a full stop («S. Mauro T.se»), where only one can be meant."""
        known = self.find(name)
        if known or sum(map(str.isalpha, name)) < SHORTEST:
            return known
        pattern, folded = _cut_short(name), fold(name)
        found = [
            row
            for row in self.rows
            if folded in map(fold, row.also) or pattern.fullmatch(fold(row.name))
        ]
        return found[0] if len(found) == 1 else None

    def has(self, name: str) -> bool:
        """Whether `name` is one of the wide areas, provinces or municipalities."""
        folded = fold(name)
        return folded in self.wide or folded in self.provinces or folded in self.municipalities

    def nearest(self, name: str) -> str | None:
        """The municipality or province that `name` was probably meant to be: what people call so,
        or of those spelt much alike the one with most inhabitants."""
        called = self.called(name)
        return called.name if called else next(iter(self.alike(name)), None)

    def alike(self, name: str) -> list[str]:
        """The municipalities and provinces spelt much like `name`, those with most inhabitants
        first."""
        known = self.municipalities
        keys = sorted({*known, *self.provinces})
        found = process.extract(fold(name), keys, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        keys = [key for key, _, _ in found]
        keys.sort(key=lambda k: -known[k].population if k in known else 0)
        return [known[key].name if key in known else self.provinces[key] for key in keys]


def _cut_short(name: str) -> re.Pattern[str]:
    """What fits the folded name of a municipality that `name` may stand for: after the letters
    before a full stop come any others, hyphens and apostrophes are blanks."""
    parts = re.split(r"(\.)\s*|[\s'-]+", fold(name).strip(" '-"))
    return re.compile("".join(
        "[a-z]*[ '-]*" if part == "." else re.escape(part) if part else "[ '-]+" if part is None
        else "" for part in parts
    ))  # fmt: skip
