"""Where a snapshot is searched: in the memory of each server, or, a large one, in the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import structlog
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from chatbot.settings import Settings
from chatbot.shared.database import connect
from index.publish.snapshot import Snapshot
from index.search.table import OPTIONS, VectorTables

Over = Callable[[Snapshot], Snapshot]
log = structlog.get_logger()


def searched_by(settings: Settings) -> Over:
    """What makes of a snapshot the same one, searched as the settings say."""
    url = settings.database_url.get_secret_value()
    if not url:
        return in_memory
    tables, large = VectorTables(search_engine(url)), settings.search_in_database_from

    def over(snapshot: Snapshot) -> Snapshot:
        return in_database(snapshot, tables) if len(snapshot.passages) >= large else snapshot

    return over


def in_memory(snapshot: Snapshot) -> Snapshot:
    return snapshot


def search_engine(url: str) -> Engine:
    """An engine whose connections search as the tables are made to be."""
    address = make_url(url)
    said = address.query.get("options", "")
    options = f"{OPTIONS} {said if isinstance(said, str) else ''}".strip()
    return connect(
        address.update_query_dict({"options": options}).render_as_string(hide_password=False)
    )


def in_database(snapshot: Snapshot, tables: VectorTables) -> Snapshot:
    """The same snapshot, whose vectors are searched in the database; the first server that needs
    them there writes them, and the others wait for it. Where that does not succeed the snapshot is
    searched in memory, and the log says why."""
    matrices = {
        "passages": snapshot.vectors, "units": snapshot.units, "questions": snapshot.questions,
    }  # fmt: skip
    start = time.monotonic()
    try:
        added = tables.put(snapshot.id, matrices)
    except SQLAlchemyError as error:
        log.error("searched_in_memory", snapshot=snapshot.id, why=type(error).__name__)
        return snapshot
    log.info("searched_in_database", snapshot=snapshot.id, added=added,
             seconds=round(time.monotonic() - start, 1))  # fmt: skip
    store, units, asked = (tables.store(snapshot.id, *one) for one in matrices.items())
    return replace(snapshot, store=store, near_units=units, asked=asked)
