"""What to do next: a script to follow, services to refer to, related questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chatbot.answer import Hit, Reference
from chatbot.find.admit import province_of
from chatbot.say.compose import link
from index.guide import Guide
from index.letters import fold
from index.publish.snapshot import Snapshot

SCRIPTS = 2
SERVICES = 2
QUESTIONS = 3
VERIFIED = "verificato"
NEAR_TOP = 15  # hits in which a script counts as near


def scripts(hits: Sequence[Hit], snapshot: Snapshot) -> list[Reference]:
    """Scripts among the best hits, at the step that fits or else at the first."""
    steps: dict[str, str] = {}
    for hit in hits[:NEAR_TOP]:
        guide = snapshot.guides.get(hit.passage.guide)
        if guide and guide.kind == "copione":
            known = {step.id for step in guide.steps}
            anchor = hit.passage.anchor
            steps[guide.slug] = steps.get(guide.slug) or (anchor if anchor in known else "")
    found = [_script_link(snapshot.guides[slug], step) for slug, step in steps.items()]
    return found[:SCRIPTS]


def _script_link(guide: Guide, step_id: str) -> Reference:
    step = next((s for s in guide.steps if s.id == step_id), guide.steps[0])
    return link(guide, step.id, step=step.id, step_title=step.title)


def services(
    hits: Sequence[Hit],
    cited: Sequence[Guide],
    asked: frozenset[str],
    snapshot: Snapshot,
    danger: bool = False,
) -> list[Reference]:
    """Services for what the best of the guides cited is about, that can be reached from the places
    `asked` about (folded): verified ones first, then those found by the question, then the
    nearest, then those that do little else. One that is of no place is proposed only where the
    question found it, and one that an emergency calls only in `danger`, or where it is what the
    question is about."""
    needs = cited[0].needs if cited else ()
    found = [h.passage.guide for h in hits[:NEAR_TOP]]
    urgent = set() if danger else called_in_danger(snapshot)
    cards = [
        g
        for g in snapshot.guides.values()
        if g.service and _is_about(g, needs, found, asked, snapshot)
        and _is_reached(g, asked, snapshot)
        and (g.slug not in urgent or g.slug in found[:1])
    ]  # fmt: skip
    cards.sort(
        key=lambda g: (
            g.slug not in found[:1], not (g.service and g.service.status == VERIFIED),
            _rank(g.slug, found),
            not _is_there(g, asked, snapshot), _is_wide(g, snapshot), len(g.needs), g.slug,
        )
    )  # fmt: skip
    if cards and [cards[0].slug] == found[:1]:
        return [_service_link(cards[0])]  # the one that was asked about
    return [_service_link(card) for card in cards[:SERVICES]]


def _is_about(
    guide: Guide,
    needs: tuple[str, ...],
    found: Sequence[str],
    asked: frozenset[str],
    snapshot: Snapshot,
) -> bool:
    """Whether a service is for these needs: it is what the question is about, or was found and is
    for one of them, or stands in one of the places `asked` about and is above all for the first of
    them."""
    if guide.slug in found:
        return guide.slug == found[0] or bool(set(needs) & set(guide.needs))
    return bool(needs) and guide.needs[:1] == needs[:1] and _is_there(guide, asked, snapshot)


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
    it is of no place. Without places, whether it is of none."""
    service = guide.service
    if service is None:
        return False
    tied = service.municipality is not None or (service.area and not _is_wide(guide, snapshot))
    return not tied or _is_there(guide, asked, snapshot)


def _is_there(guide: Guide, asked: frozenset[str], snapshot: Snapshot) -> bool:
    """Whether the service has its seat in one of the places, or says that it serves them or their
    province."""
    service, places = guide.service, snapshot.network.places
    if service is None:
        return False
    around = {*asked, *(province_of(place, places) for place in asked)}
    return fold(service.municipality or "") in asked or bool(around & set(map(fold, service.area)))


def without_services(asked: frozenset[str], words: Mapping[str, str], snapshot: Snapshot) -> str:
    """That the charter has none for this need in those places; nothing where no place is known."""
    known = snapshot.network.places.municipalities
    names = sorted(known[place].name if place in known else place.title() for place in asked)
    return words["no_services"].format(place=", ".join(names)) if names else ""


def _service_link(guide: Guide) -> Reference:
    service = guide.service
    assert service is not None
    return link(
        guide,
        address=service.address,
        municipality=service.municipality,
        contacts=[{"kind": c.kind, "value": c.value} for c in service.contacts],
        status=service.status,
    )


def related_questions(hits: Iterable[Hit], used: set[str]) -> list[str]:
    """Headings that are questions, of the hits not used in the answer."""
    questions = []
    for hit in hits:
        heading = hit.passage.heading_path[-1] if hit.passage.heading_path else ""
        if hit.passage.role == "step":
            continue
        if hit.passage.id not in used and heading.endswith("?") and heading not in questions:
            questions.append(heading)
    return questions[:QUESTIONS]
