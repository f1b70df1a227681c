"""The decisions on single questions, the notices and the tasks of services name guides and sections
that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from index.finding import Finding
from index.guide import Guide
from index.network import Network

DECISIONS, NOTICES, TASKS = "rete/risposte.yaml", "rete/avvisi.yaml", "rete/compiti.yaml"
RULE = "network"


def decisions(
    guides: Sequence[Guide], network: Network, unread: Collection[str] = ()
) -> Iterator[Finding]:
    """Nothing is said where a file could not be read: what is named may stand in it."""
    if unread:
        return
    there = {f"{g.slug}#{s.anchor}" for g in guides for s in g.sections}
    for one in network.decisions:
        if one.section and one.section not in there:
            message = (
                f"«{one.section}» non è una sezione delle guide: scrivi guida#ancora, come "
                "nell'indirizzo della sezione"
            )
            yield Finding(DECISIONS, one.line, message, RULE)
    slugs = {guide.slug for guide in guides}
    for notice in network.notices:
        for slug in notice.guides:
            if slug not in slugs:
                message = f"«{slug}» non è una guida: togliela dall'avviso o correggi il nome"
                yield Finding(NOTICES, notice.line, message, RULE)
    places = slugs | there
    for task in network.tasks:
        for place in task.guides:
            if place not in places:
                message = f"compito «{task.id}»: «{place}» non è una guida né una sua sezione"
                yield Finding(TASKS, task.line, message, RULE)
