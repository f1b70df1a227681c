"""The middlewares between the network and the routes, in their order."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from chatbot.library import Library
from chatbot.parts import find, provide
from chatbot.settings import Settings
from chatbot.shared.rates import SharedCounts
from chatbot.shield.body import BodyLimit
from chatbot.shield.faults import BodyDeadline, Faults
from chatbot.shield.headers import KEY_HEADER, ONCE_HEADER, SecurityHeaders, WidgetAccess
from chatbot.shield.limits import CONVERSATION_HEADER, Policy, RateLimit, nobody
from chatbot.shield.meter import Meter, Refusals
from chatbot.shield.queue import ANSWERS, PRINTS, PRINTS_UNDER_WAY, EarlyRefusal, PrintTurns, Turns
from chatbot.shield.shared_pages import SharedPages


def protect(
    app: FastAPI, settings: Settings, program_of: Callable[[Scope], str | None] = nobody
) -> None:
    """Add them; the last one added sees a request first. `program_of` names the program whose
    token a request bears."""
    app.add_middleware(GZipMiddleware, compresslevel=6)  # streams of events are left alone
    app.add_middleware(SharedPages, version=lambda: _snapshot_id(app))
    app.add_middleware(BodyDeadline, seconds=settings.body_seconds)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, of_files=settings.max_file_bytes)
    turns = Turns(ANSWERS, settings.max_in_flight)
    provide(app, turns, PrintTurns(PRINTS, PRINTS_UNDER_WAY))
    app.add_middleware(EarlyRefusal, turns=turns)
    policy = Policy(settings.ask_rate, settings.global_rate, settings.read_rate,
                    settings.program_rate, settings.conversation_rate)  # fmt: skip
    together = find(app, SharedCounts)
    app.add_middleware(RateLimit, policy=policy, program_of=program_of, counts=together)
    meter = Meter()
    provide(app, meter)
    app.add_middleware(Refusals, meter=meter)
    if settings.widget_keys:
        app.add_middleware(WidgetAccess, keys=settings.widget_keys)
    app.add_middleware(Faults)
    if origins := allowed_origins(settings):
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Content-Type", KEY_HEADER, ONCE_HEADER, CONVERSATION_HEADER],
            expose_headers=["Retry-After"],
            max_age=3600,
        )
    app.add_middleware(SecurityHeaders, frame_origins=settings.frame_origins)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)


def _snapshot_id(app: FastAPI) -> str:
    """Empty for an application without guides."""
    library = find(app, Library)
    return library.snapshot.id if library else ""


def allowed_origins(settings: Settings) -> list[str]:
    """The sites that may hold the widget: on the list, or with a key."""
    keyed = [origin for origins in settings.widget_keys.values() for origin in origins]
    return sorted({*settings.allowed_origins, *keyed})
