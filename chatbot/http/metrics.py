"""`/metrics`: what Prometheus collects, with the state of the server as it is at that moment."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.applications import Starlette

from chatbot.http.health import why_not_ready
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.parts import find, part
from chatbot.shared.follower import Follower
from chatbot.shared.rates import SharedCounts
from chatbot.shield.limits import client_key
from chatbot.shield.meter import Meter
from chatbot.shield.queue import Turns

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """For the machines of the own network: to others the address is not there."""
    if not is_near(client_key(request.scope)):
        raise HTTPException(404)
    now = CollectorRegistry()
    now.register(_State(request.app))
    counted = part(request.app, Meter).registry
    return Response(generate_latest(counted) + generate_latest(now), media_type=CONTENT_TYPE_LATEST)


def measured(app: Starlette) -> Iterable[Metric]:
    """All of it, for who puts several applications together."""
    yield from part(app, Meter).registry.collect()
    yield from _State(app).collect()


def is_near(host: str) -> bool:
    """Whether an address is of a private network."""
    try:
        return ipaddress.ip_network(host).network_address.is_private
    except ValueError:
        return False


class _State:
    """Read when it is asked for; `app` has the parts."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def collect(self) -> Iterable[Metric]:
        library, follower = part(self._app, Library), find(self._app, Follower)
        made = datetime.fromisoformat(library.snapshot.created)
        yield _gauge("snapshot_age_seconds", "Since the snapshot served was made.", _age(made))
        ready = not why_not_ready(library, follower)
        yield _gauge("ready", "Whether it answers from what is published.", ready)
        yield _gauge("questions_under_way", "Those that have a place, at work or waiting.",
                     part(self._app, Turns).under_way)  # fmt: skip
        if journal := find(self._app, Journal):
            kept = journal.status
            yield _gauge("journal_waiting", "Records that wait to be written.", kept.waiting)
            yield _gauge("journal_lost", "Records not kept since the start.",
                         kept.overflowed + kept.refused)  # fmt: skip
            yield _gauge("journal_working", "Whether the last write succeeded.", kept.working)
        if follower:
            status = follower.status
            here, newest = (one.n if one else 0 for one in (status.here, status.newest))
            yield _gauge("edition", "The edition that is served.", here)
            yield _gauge("edition_newest", "The newest edition that is known here.", newest)
            counts = find(self._app, SharedCounts)
            yield _gauge("rates_together", "Whether rates are counted with the other servers.",
                         counts is not None and counts.together)  # fmt: skip
            yield _gauge("database_reached", "Whether the shared database answers.", status.reached)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"bussola_{name}", what, value=float(value))


def _age(moment: datetime) -> float:
    return (datetime.now(UTC) - moment).total_seconds()
