"""The municipalities of Piemonte, from the list of ISTAT."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

FILE = Path(__file__).parent / "data" / "comuni_piemonte.csv"
ALIKE = 80  # of 100: a name this near is taken for a slip of the pen


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `centre` is (latitude, longitude) of its territory, in degrees."""

    istat: str
    name: str
    province: str
    centre: tuple[float, float] | None
    population: int  # at the census of 2011


@cache
def municipalities() -> Mapping[str, Municipality]:
    """All of them, by folded name. Source: ISTAT through openpolis, CC BY 4.0."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Municipality(row["istat"], row["nome"], row["provincia"], _centre(row), _number(row))
            for row in csv.DictReader(file)
        ]
    return {fold(row.name): row for row in rows}


def _centre(row: Mapping[str, str]) -> tuple[float, float] | None:
    latitude, longitude = row["lat_centroide"], row["lon_centroide"]
    return (float(latitude), float(longitude)) if latitude and longitude else None


def _number(row: Mapping[str, str]) -> int:
    return int(row["popolazione_2011"] or 0)


def fold(name: str) -> str:
    """`name` without accents, capitals and typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def find_municipality(name: str) -> Municipality | None:
    """The municipality called `name`, whatever its accents, capitals and blanks."""
    return municipalities().get(fold(name))


@cache
def provinces() -> Mapping[str, str]:
    """Names of the provinces as written, by folded name."""
    return {fold(m.province): m.province for m in municipalities().values()}


def find_area(name: str) -> bool:
    """Whether `name` is Italia, Piemonte, one of its provinces or municipalities."""
    folded = fold(name)
    wide = {"italia", "piemonte", "citta metropolitana di torino"}
    return folded in wide or folded in provinces() or folded in municipalities()


def nearest_name(name: str) -> str | None:
    """The municipality or province that `name` was probably meant to be: of those spelt much
    alike, the one with most inhabitants."""
    known = municipalities()
    keys = {*known, *provinces()}
    found = process.extract(fold(name), keys, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
    alike = [key for key, _, _ in found]
    best = max(alike, key=lambda k: known[k].population if k in known else 0, default=None)
    if best is None:
        return None
    return known[best].name if best in known else provinces()[best]
