"""Drafts whose day has come: published as whoever chose the day wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import structlog

from chatbot.desk.approval import Schedule
from chatbot.desk.drafts import Draft, Drafts
from chatbot.desk.impact import Impact
from chatbot.desk.publications import Ground, Publisher
from index.errors import BussolaError
from index.publish.shelf import BuildUnderWay

NEEDS_REASON = (
    "Le prove non sono state fatte su questa versione, o qualcosa peggiora: scrivi perché "
    "pubblichi lo stesso. Il motivo resta scritto."
)
NEEDS_SECOND = (
    "Serve una seconda persona: qualcuno che non ha scritto in questa bozza la apre, la legge e la "
    "approva. Se la bozza cambia, va approvata di nuovo."
)
CHANGED = "La bozza è cambiata dopo che era stato scelto il giorno: guardala e scegli di nuovo."
log = structlog.get_logger()


def check_reason(impact: Impact | None, reason: str) -> None:
    """Raises BussolaError where something gets worse, or was not tried, and no reason is given."""
    if not reason.strip() and not (impact and impact.harmless):
        raise BussolaError(NEEDS_REASON)


def publish_due(
    drafts: Drafts, publisher: Publisher, ground: Callable[[], Ground], today: date
) -> list[str]:
    """Publish every draft whose day is `today` or was before; the names of those published. What
    cannot be is written in the draft, and not tried again by itself."""
    done = []
    for draft in drafts.open():
        wanted = draft.schedule
        if wanted is None or wanted.day > today or wanted.failed:
            continue
        try:
            _publish(draft, wanted, publisher, ground())
            done.append(draft.id)
            log.info("audit", actor=wanted.by, action="draft-publish", detail=draft.id)
        except BuildUnderWay:
            continue  # in a minute
        except (BussolaError, OSError) as error:
            told = str(error) or type(error).__name__
            drafts.put_off(draft.id, wanted.model_copy(update={"failed": told}))
    return done


def _publish(draft: Draft, wanted: Schedule, publisher: Publisher, ground: Ground) -> None:
    if draft.version != wanted.version:
        raise BussolaError(CHANGED)
    publisher.publish(draft, wanted.by, wanted.reason, ground, role=wanted.role)
