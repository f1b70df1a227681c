"""The services that an answer proposes: those that do what its matter leads to, and can be reached
from where the person is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from chatbot.answer import Citation, Hit, ProposedService
from chatbot.find.admit import province_of
from chatbot.say.compose import url_of
from index.guide import Guide
from index.letters import fold
from index.publish.snapshot import Snapshot

SERVICES = 2
VERIFIED = "verificato"
NEAR_TOP = 15  # hits in which a service counts as found


@dataclass(frozen=True, slots=True)
class Matter:
    """What an answer is about: its needs, the tasks of services that its first citation leads to,
    where the network lists them, and whether that is of a card of danger."""

    needs: tuple[str, ...] = ()
    tasks: frozenset[str] = frozenset()
    danger_card: bool = False


def matter_of(citations: Sequence[Citation], hits: Sequence[Hit], snapshot: Snapshot) -> Matter:
    """Of the first passage cited, or else of the nearest one. The tasks of its section, or else of
    its guide."""
    if citations:
        slug, anchor = citations[0].guide, unquote(citations[0].url.partition("#")[2])
    elif hits:
        slug, anchor = hits[0].passage.guide, hits[0].passage.anchor
    else:
        return Matter()
    known = snapshot.network.tasks_by_place
    tasks = known.get(f"{slug}#{anchor}") or known.get(slug, frozenset())
    guide = snapshot.guides[slug]
    return Matter(guide.needs, tasks, guide.kind == "emergenza")


def services(
    hits: Sequence[Hit],
    matter: Matter,
    asked: frozenset[str],
    snapshot: Snapshot,
    danger: bool = False,
) -> list[ProposedService]:
    """Services for this matter that can be reached from the places `asked` about (folded): the one
    that the question is about, verified ones, then those found by the question, then the nearest,
    then those that do little else. One that an emergency calls is proposed only in `danger`, where
    it is what the question is about, or where a guide that is no card of danger leads to it."""
    found = [h.passage.guide for h in hits[:NEAR_TOP]]
    urgent = set() if danger else called_in_danger(snapshot)
    led = not matter.danger_card
    cards = [
        g
        for g in snapshot.guides.values()
        if g.service and _is_about(g, matter, found, asked, snapshot)
        and _is_reached(g, asked, snapshot)
        and (g.slug not in urgent or g.slug in found[:1] or (led and _does(g, matter)))
    ]  # fmt: skip
    cards.sort(
        key=lambda g: (
            g.slug not in found[:1], not (g.service and g.service.status == VERIFIED),
            _rank(g.slug, found),
            not _is_there(g, asked, snapshot), _is_wide(g, snapshot), len(g.needs), g.slug,
        )
    )  # fmt: skip
    if cards and [cards[0].slug] == found[:1]:
        return [_link(cards[0])]  # the one that was asked about
    return [_link(card) for card in cards[:SERVICES]]


def _is_about(
    guide: Guide,
    matter: Matter,
    found: Sequence[str],
    asked: frozenset[str],
    snapshot: Snapshot,
) -> bool:
    """Whether the question is about this service, or it does what the matter leads to. One that
    does not say what it does must be for the needs: found and for one of them, or in one of the
    places `asked` about and above all for the first of them."""
    if guide.slug in found[:1]:
        return True
    if guide.service and guide.service.tasks:
        return _does(guide, matter)
    if guide.slug in found:
        return bool(set(matter.needs) & set(guide.needs))
    first = matter.needs[:1]
    return bool(first) and guide.needs[:1] == first and _is_there(guide, asked, snapshot)


def _does(guide: Guide, matter: Matter) -> bool:
    return bool(guide.service and matter.tasks & set(guide.service.tasks))


def _is_wide(guide: Guide, snapshot: Snapshot) -> bool:
    """Whether a service is for the whole territory: the desk of the town comes before it."""
    area = guide.service.area if guide.service else ()
    return bool(set(map(fold, area)) & set(map(fold, snapshot.network.places.whole)))


def called_in_danger(snapshot: Snapshot) -> set[str]:
    """The services that the cards of emergencies call: by their number."""
    cards = snapshot.guides.values()
    numbers = {_digits(n.number) for card in cards for n in card.numbers}
    return {
        card.slug
        for card in cards
        if card.service and any(_digits(c.value) in numbers for c in card.service.contacts)
    }


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _rank(slug: str, found: Sequence[str]) -> int:
    return found.index(slug) if slug in found else len(found)


def _is_reached(guide: Guide, asked: frozenset[str], snapshot: Snapshot) -> bool:
    """Whether a person of one of those places gets to the service: it stands or serves there, or
    it is of no place, or for the whole territory. Without places, whether it is of none."""
    service = guide.service
    if service is None:
        return False
    tied = (service.municipality or service.area) and not _is_wide(guide, snapshot)
    return not tied or _is_there(guide, asked, snapshot)


def _is_there(guide: Guide, asked: frozenset[str], snapshot: Snapshot) -> bool:
    """Whether the service has its seat in one of the places, or says that it serves them or their
    province."""
    service, places = guide.service, snapshot.network.places
    if service is None:
        return False
    around = {*asked, *(province_of(place, places) for place in asked)}
    return fold(service.municipality or "") in asked or bool(around & set(map(fold, service.area)))


def without_services(
    matter: Matter, asked: frozenset[str], words: Mapping[str, str], snapshot: Snapshot
) -> str:
    """That the charter has none for this need in those places; nothing where no place is known, nor
    where no service would do what is asked."""
    network = snapshot.network
    if network.tasks and not matter.tasks:
        return ""
    known = network.places.municipalities
    names = sorted(known[place].name if place in known else place.title() for place in asked)
    return words["no_services"].format(place=", ".join(names)) if names else ""


def _link(guide: Guide) -> ProposedService:
    service = guide.service
    assert service is not None
    return ProposedService(
        guide.slug, guide.title, url_of(guide), service.address, service.municipality,
        service.contacts, service.status, guide.review_by,
    )  # fmt: skip
