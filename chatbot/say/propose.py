"""What to do next: a script to follow, services to refer to, related questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatbot.answer import Hit, Reference
from chatbot.find.admit import serves
from chatbot.say.compose import link
from index.guide import Guide
from index.letters import fold
from index.publish.snapshot import Snapshot

SCRIPTS = 2
SERVICES = 3
QUESTIONS = 3
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
    hits: Sequence[Hit], cited: Sequence[Guide], asked: frozenset[str], snapshot: Snapshot
) -> list[Reference]:
    """Services for the needs of the guides cited: those found by the question first, then those of
    the places `asked` about (folded), then those whose first need it is, and that do little else.
    None of another place; where no place is known, none that is tied to one but was not found."""
    needs = {need for guide in cited for need in guide.needs}
    found = [h.passage.guide for h in hits[:NEAR_TOP]]
    cards = [
        g
        for g in snapshot.guides.values()
        if g.service and needs & set(g.needs) and (g.slug in found or _fits(g, asked, snapshot))
    ]
    cards.sort(
        key=lambda g: (
            _rank(g.slug, found), not _is_there(g, asked), g.needs[0] not in needs,
            -len(needs & set(g.needs)) / len(g.needs), g.slug,
        )
    )  # fmt: skip
    return [_service_link(card) for card in cards[:SERVICES]]


def _rank(slug: str, found: Sequence[str]) -> int:
    return found.index(slug) if slug in found else len(found)


def _fits(guide: Guide, asked: frozenset[str], snapshot: Snapshot) -> bool:
    """Whether the service serves those places; without any, whether it is tied to none."""
    service = guide.service
    if service is None:
        return False
    places = snapshot.network.places
    if not asked:
        everywhere = set(map(fold, places.whole)) & set(map(fold, service.area))
        return service.municipality is None or bool(everywhere)
    return serves(service, asked, places)


def _is_there(guide: Guide, asked: frozenset[str]) -> bool:
    """Whether the service has its seat in one of the places, or names it in its area."""
    service = guide.service
    if service is None:
        return False
    return bool(asked & {fold(name) for name in (service.municipality or "", *service.area)})


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
