"""The charter of services: which cards fit a need and a place, nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chatbot.pages.distance import distance_km
from chatbot.pages.opening import is_open
from chatbot.pages.texts import fold
from index.guide import Guide, Service
from index.places import Municipality, Places
from index.services.table import geojson, to_csv, to_xlsx


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """What a service must fit; empty fields fit everything."""

    need: str = ""
    municipality: str = ""
    language: str = ""
    area: str = ""  # a wide area or a province
    open_now: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A card that fits: km from the municipality asked about, or the wide area it serves."""

    guide: Guide
    service: Service
    place: Municipality | None
    distance: int | None
    serves: bool  # it serves the municipality asked about, though it stands elsewhere
    asked: bool  # a municipality was asked about
    whole_area: str | None
    open: bool | None
    missing: tuple[str, ...]

    @property
    def reaches(self) -> bool:
        """Whether it serves who is in the municipality asked about."""
        return self.asked and (self.distance == 0 or self.whole_area is not None)


def find_services(
    guides: Iterable[Guide], query: ServiceFilter, now: datetime, places: Places
) -> list[Found]:
    """The cards that fit `query`: those that serve the municipality asked about first, the nearest
    before the others, then those that are near, then the rest.

    `places` are the network's, `now` is local time. With `open_now`, cards known to be closed are
    left out; those whose hours cannot be read stay, because a phone call can tell.
    """
    asked = places.called(query.municipality) if query.municipality else None
    found = [
        _found(guide, guide.service, asked, now, places)
        for guide in guides
        if guide.service and _fits(guide, guide.service, query, places)
    ]
    if query.open_now:
        found = [item for item in found if item.open is not False]
    return sorted(found, key=_nearest_first)


def _fits(guide: Guide, service: Service, query: ServiceFilter, places: Places) -> bool:
    spoken = {fold(language) for language in service.languages}
    return (
        (not query.need or query.need in guide.needs)
        and (not query.language or fold(query.language) in spoken)
        and (not query.area or query.area in areas_of(service, places))
    )


def areas_of(service: Service, places: Places) -> set[str]:
    """The areas a card is found under: those it serves and the province it stands in."""
    place = places.find(service.municipality) if service.municipality else None
    return {*service.area, *([place.province] if place else [])}


def _found(
    guide: Guide, service: Service, asked: Municipality | None, now: datetime, places: Places
) -> Found:
    place = places.find(service.municipality) if service.municipality else None
    served = asked is not None and bool({asked.name, asked.province} & set(service.area))
    away = distance_km(asked, place) if asked and place else None
    distance = None if away is None else round(away)
    return Found(
        guide=guide,
        service=service,
        place=place,
        distance=0 if served else distance,
        serves=served and place != asked,
        asked=asked is not None,
        whole_area=next((area for area in places.whole if area in service.area), None),
        open=is_open(service.hours, now),
        missing=missing_facts(service),
    )


def _nearest_first(item: Found) -> tuple[bool, bool, int, bool, str]:
    far = item.distance is None
    near = far, item.distance or 0, item.whole_area is None
    return not item.reaches, *near, fold(item.guide.title)


def missing_facts(service: Service) -> tuple[str, ...]:
    """Names of what a card does not say and a person sent there would need."""
    phone = any(contact.kind in ("telefono", "whatsapp") for contact in service.contacts)
    facts = {
        "address": service.address,
        "hours": service.hours,
        "phone": phone,
        "access": service.access,
    }
    return tuple(name for name, value in facts.items() if not value)


def as_csv(found: Sequence[Found]) -> str:
    """The cards as the table that `import-services` reads."""
    return to_csv(item.guide for item in found)


def as_xlsx(found: Sequence[Found]) -> bytes:
    """The same table as a workbook, which spreadsheets open without changing a cell."""
    return to_xlsx(item.guide for item in found)


def as_geojson(found: Sequence[Found]) -> dict[str, Any]:
    """The cards for a map; a point is the centre of the municipality, not the address."""
    return geojson((item.guide, item.place) for item in found)
