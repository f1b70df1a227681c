"""How far two municipalities are from each other."""

from __future__ import annotations

import math

from index.places import Municipality

_EARTH_KM = 6371.0


def distance_km(first: Municipality, second: Municipality) -> float | None:
    """Great-circle distance between two centres (haversine formula); None without a centre."""
    if first.centre is None or second.centre is None:
        return None
    (lat1, lon1), (lat2, lon2) = (map(math.radians, m.centre or ()) for m in (first, second))
    a = math.sin((lat2 - lat1) / 2) ** 2
    a += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(a))
