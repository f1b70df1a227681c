"""What to do next: a script to follow, related questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from chatbot.answer import Hit, ProposedScript
from chatbot.say.compose import url_of
from index.guide import Guide
from index.publish.snapshot import Snapshot
from index.search.lexical import terms

SCRIPTS = 2
QUESTIONS = 3
REMEMBERED = 4_000  # headings of guides, with the titles they stand under
NEAR_TOP = 15  # hits in which a script counts as near


def scripts(hits: Sequence[Hit], snapshot: Snapshot) -> list[ProposedScript]:
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


def _script_link(guide: Guide, step_id: str) -> ProposedScript:
    step = next((s for s in guide.steps if s.id == step_id), guide.steps[0])
    return ProposedScript(guide.slug, guide.title, url_of(guide, step.id), step.id, step.title)


def related_questions(hits: Iterable[Hit], used: set[str], snapshot: Snapshot) -> list[str]:
    """Headings that are questions, of the hits not used in the answer, each with its subject."""
    questions: list[str] = []
    for hit in hits:
        heading = hit.passage.heading_path[-1] if hit.passage.heading_path else ""
        if hit.passage.role == "step" or hit.passage.id in used or not heading.endswith("?"):
            continue
        guide = snapshot.guides.get(hit.passage.guide)
        question = with_subject(heading, guide.title if guide else "")
        if question not in questions:
            questions.append(question)
    return questions[:QUESTIONS]


@lru_cache(maxsize=REMEMBERED)
def with_subject(heading: str, title: str) -> str:
    """A heading as a question that stands alone: «Come si evita che resti nel cassetto?» is of
    nothing without the title of its guide."""
    if not title or set(terms(heading)) & set(terms(title)):
        return heading
    first = heading if heading[1:2].isupper() else heading[:1].lower() + heading[1:]
    return f"{title}: {first}"
