"""Which passages may be shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chatbot.find.places import places, serves
from chatbot.question import Query
from index.guide import Guide
from index.passage import Passage
from index.publish.snapshot import Snapshot


def admit(query: Query, snapshot: Snapshot) -> Callable[[Passage], bool]:
    """Which passages may be shown: plain-words boxes are handouts, not evidence, and neither a
    guide out of its dates nor a service of another place than the one asked about is shown."""
    today = date.today()
    asked = places(query.now) or places(query.text)

    def valid(guide: Guide) -> bool:
        started = guide.valid_from is None or guide.valid_from <= today
        return started and (guide.valid_until is None or today <= guide.valid_until)

    def near(guide: Guide) -> bool:
        return guide.service is None or serves(guide.service, asked)

    barred = {slug for slug, g in snapshot.guides.items() if not (valid(g) and near(g))}
    return lambda passage: passage.role != "plain" and passage.guide not in barred
