"""The municipalities of Piemonte: their names, provinces and distances."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import index
from chatbot.interface import fold

_FILE = Path(index.__file__).parent / "data" / "comuni_piemonte.csv"
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and the centre of its territory, in degrees where the source has it."""

    istat: str
    name: str
    province: str  # in full
    sign: str  # of the province, two letters
    centre: tuple[float, float] | None  # latitude, longitude


@cache
def municipalities() -> dict[str, Municipality]:
    """All of them by folded name. Source: ISTAT through openpolis, CC BY 4.0."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Municipality(row["istat"], row["nome"], row["provincia"], row["sigla_prov"],
                         _centre(row["lat_centroide"], row["lon_centroide"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return {fold(row.name): row for row in rows}


def find_municipality(name: str) -> Municipality | None:
    """The municipality called `name`, whatever its accents and capitals."""
    return municipalities().get(fold(name.strip()).replace("’", "'"))


def distance_km(first: Municipality, second: Municipality) -> float | None:
    """Great-circle distance between two centres (haversine formula); None without a centre."""
    if first.centre is None or second.centre is None:
        return None
    (lat1, lon1), (lat2, lon2) = (map(math.radians, m.centre or ()) for m in (first, second))
    a = math.sin((lat2 - lat1) / 2) ** 2
    a += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(a))


def _centre(latitude: str, longitude: str) -> tuple[float, float] | None:
    return (float(latitude), float(longitude)) if latitude and longitude else None
