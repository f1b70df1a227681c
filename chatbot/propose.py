"""What to do next: a script to follow, services to refer to, related questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatbot.answer import Hit, Reference
from chatbot.compose import link
from index.guide import Guide
from index.snapshot import Snapshot

SCRIPTS = 2
SERVICES = 3
QUESTIONS = 3
NEAR_TOP = 15  # hits in which a script counts as near


def scripts(hits: Sequence[Hit], cited: Sequence[Guide], snapshot: Snapshot) -> list[Reference]:
    """Scripts among the best hits, with the step that fits; then those of the same need as the
    guides cited."""
    found: dict[str, Reference] = {}
    for hit in hits[:NEAR_TOP]:
        guide = snapshot.guides.get(hit.passage.guide)
        if guide and guide.kind == "copione" and guide.slug not in found:
            step = next((s for s in guide.steps if s.id == hit.passage.anchor), None)
            detail = {"step": step.id, "step_title": step.title} if step else {}
            found[guide.slug] = link(guide, step.id if step else "", **detail)
    return list(found.values())[:SCRIPTS]


def services(
    hits: Sequence[Hit], cited: Sequence[Guide], municipality: str | None, snapshot: Snapshot
) -> list[Reference]:
    """Services for the needs of the guides cited: those found by the question first, then those
    in the person's municipality, then the national ones."""
    needs = {need for guide in cited for need in guide.needs}
    found = [h.passage.guide for h in hits[:NEAR_TOP]]
    cards = [g for g in snapshot.guides.values() if g.service and needs & set(g.needs)]
    cards.sort(key=lambda g: (_rank(g.slug, found), not _serves(g, municipality), g.slug))
    return [_service_link(card) for card in cards[:SERVICES]]


def _rank(slug: str, found: Sequence[str]) -> int:
    return found.index(slug) if slug in found else len(found)


def _serves(guide: Guide, municipality: str | None) -> bool:
    service = guide.service
    if service is None or municipality is None:
        return False
    return municipality == service.municipality or municipality in service.area


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
