"""What a deployment of several networks says of itself, at the addresses that are no network's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from pydantic import BaseModel
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from chatbot import problem
from chatbot.http.health import AliveOut, HealthOut, health_out, why_not_ready
from chatbot.http.metrics import is_near, measured
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.pages.operator import WebFiles
from chatbot.pages.page import WEB, bare_page
from chatbot.parts import find, part
from chatbot.problem import problem_response
from chatbot.settings import Settings
from chatbot.shared.follower import Follower
from chatbot.shield.faults import Faults
from chatbot.shield.headers import SecurityHeaders
from chatbot.shield.limits import client_key

Closed = Mapping[str, str]  # why each network did not open
Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]
NOBODY = "A questo indirizzo non risponde nessuna rete: controlla com'è scritto."
CLOSED = "Questa rete per ora non risponde: chi gestisce il servizio ne è avvisato."
RETRY_S = "60"


class AllOut(BaseModel):
    """`status` is degraded where any network is, or did not open: `closed` says why."""

    status: str
    networks: dict[str, HealthOut]
    closed: dict[str, str]


def watch_app(
    common: Settings, apps: Mapping[str, FastAPI], closed: Closed, lifespan: Lifespan
) -> FastAPI:
    """Life and readiness for everybody; health and figures of each network for machines that are
    near; to any other address a courteous answer that names no network."""
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    problem.install(app)
    app.mount("/web", WebFiles(directory=WEB), name="web")
    app.add_exception_handler(404, _nobody)
    _add_routes(app, apps, closed)
    app.add_middleware(_ClosedNetwork)
    app.add_middleware(Faults)
    app.add_middleware(SecurityHeaders, frame_origins=[])
    if common.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=common.trusted_proxies)
    return app


def _add_routes(app: FastAPI, apps: Mapping[str, FastAPI], closed: Closed) -> None:
    @app.get("/api/live")
    async def live() -> AliveOut:
        return AliveOut()

    @app.get("/api/ready")
    async def ready() -> AliveOut:
        """One that does not answer takes no other out: that one's own address tells."""
        if all(_not_ready(one) for one in apps.values()):
            raise HTTPException(503, "Nessuna rete risponde da ciò che è pubblicato.")
        return AliveOut()

    @app.get("/api/health", response_model_exclude_unset=True)
    async def health(request: Request) -> AllOut:
        _near(request)
        found = {name: _health(one) for name, one in apps.items()}
        well = not closed and all(one.status == "ok" for one in found.values())
        return AllOut(status="ok" if well else "degraded", networks=found, closed=dict(closed))

    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        _near(request)
        now = CollectorRegistry()
        now.register(_OfAll(apps, closed))
        return Response(generate_latest(now), media_type=CONTENT_TYPE_LATEST)


class _OfAll:
    """What each network counts, with its name as a label."""

    def __init__(self, apps: Mapping[str, FastAPI], closed: Closed) -> None:
        self._apps, self._closed = apps, closed

    def collect(self) -> Iterable[Metric]:
        found: dict[str, Metric] = {}
        for name, app in self._apps.items():
            for one in measured(app):
                whole = found.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                whole.samples += [
                    sample._replace(labels={"network": name, **sample.labels})
                    for sample in one.samples
                ]
        is_open = GaugeMetricFamily(
            "bussola_open", "Whether the network opened at the start.", labels=["network"]
        )
        for name in (*self._apps, *self._closed):
            is_open.add_metric([name], float(name in self._apps))
        return [*found.values(), is_open]


class _ClosedNetwork:
    """ASGI middleware: the address of a network that did not open says so."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and "hosted" in scope.get("state", {}):
            told = _told(Request(scope), 503, "Rete non disponibile", CLOSED)
            told.headers["Retry-After"] = RETRY_S
            await told(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _nobody(request: Request, error: Exception) -> Response:
    return _told(request, 404, "Nessuna rete a questo indirizzo", NOBODY)


def _told(request: Request, status: int, title: str, detail: str) -> Response:
    """A page for people, a problem document for programs."""
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(bare_page("nobody.html", title=title, detail=detail), status)
    return problem_response(status, detail)


def _near(request: Request) -> None:
    """Which networks there are is told to machines of the own network alone. Raises HTTPException
    404."""
    if not is_near(client_key(request.scope)):
        raise HTTPException(404)


def _health(app: FastAPI) -> HealthOut:
    return health_out(part(app, Library), find(app, Journal), find(app, Follower))


def _not_ready(app: FastAPI) -> str:
    return why_not_ready(part(app, Library), find(app, Follower))
