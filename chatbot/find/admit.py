"""Which passages may be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from chatbot.question import Query
from index.guide import Guide, Service
from index.letters import fold
from index.passage import Passage
from index.places import Places
from index.publish.snapshot import Snapshot


def admit(query: Query, snapshot: Snapshot, today: date | None = None) -> Callable[[Passage], bool]:
    """Which passages may be shown: plain-words boxes are handouts, not evidence, and neither a
    guide out of its dates `today` nor one of another place than the one asked about is shown."""
    network = snapshot.network
    day = today or network.today()
    asked = query.places

    def valid(guide: Guide) -> bool:
        started = guide.valid_from is None or guide.valid_from <= day
        return started and (guide.valid_until is None or day <= guide.valid_until)

    def near(guide: Guide) -> bool:
        if guide.service:
            return serves(guide.service, asked, network.places)
        return holds(guide.territory, asked, network.places)

    barred = {slug for slug, g in snapshot.guides.items() if not (valid(g) and near(g))}
    return lambda passage: passage.role != "plain" and passage.guide not in barred


def holds(territory: str, asked: Iterable[str], places: Places) -> bool:
    """Whether what is so in a `territory` may be shown to who asks of places (folded names): it is
    the province of one, or in it, or wider than a province."""
    here = fold(territory)
    if not here or not asked or here in places.wide:
        return True
    return any(province_of(place, places) == province_of(here, places) for place in asked)


def serves(service: Service, asked: Iterable[str], places: Places) -> bool:
    """Whether a service may be shown to who asks of places (folded names): it is in the province
    of one, it serves one, or it is not tied to a place."""
    if service.municipality is None or not asked:
        return True
    here = province_of(fold(service.municipality), places)
    area = {fold(name) for name in service.area}
    everywhere = frozenset(map(fold, places.whole))
    return any(
        province_of(place, places) == here
        or area & {*everywhere, place, province_of(place, places)}
        for place in asked
    )


def province_of(place: str, places: Places) -> str:
    """The folded province of a municipality; a province is its own."""
    known = places.municipalities.get(place)
    return place if known is None or place in places.provinces else fold(known.province)
