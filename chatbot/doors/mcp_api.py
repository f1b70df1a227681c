"""MCP over streamable HTTP at `/mcp`: one request, one response, no session to keep."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from chatbot.doors.mcp_server import build_server
from chatbot.http.access import program_allowed
from chatbot.http.api import reply
from chatbot.http.messages import AnswerOut, ChatIn
from chatbot.library import Library
from chatbot.parts import part, provide
from chatbot.settings import Settings
from chatbot.shield.protection import allowed_origins
from chatbot.shield.queue import Turns

PATH = "/mcp"
FOREIGN = "Una pagina di un altro sito non può usare questo indirizzo."
T = TypeVar("T")


class _InTurn:
    """Work in the turn of a question; what is asked is kept as those of `/api/chat` are."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def answer(self, body: ChatIn) -> AnswerOut:
        return await reply(self._app, body, part(self._app, Turns).take())

    async def run(self, work: Callable[[], T]) -> T:
        return await part(self._app, Turns).take().run(work)


@dataclass(frozen=True, slots=True)
class _Door:
    """What serves the requests while the application runs."""

    manager: StreamableHTTPSessionManager


@asynccontextmanager
async def door_open(app: FastAPI) -> AsyncIterator[None]:
    """Serve `/mcp` until the application stops; for its lifespan."""
    server = build_server(part(app, Library), _InTurn(app), app.version)
    # stateless: nothing to keep for who went away; JSON: nothing here takes long enough to stream
    server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True,
        max_request_body_size=part(app, Settings).max_body_bytes,
    )  # fmt: skip
    manager = server.session_manager
    manager.security_settings = None  # hosts are whatever a proxy calls us; origins: see below
    provide(app, _Door(manager))
    async with manager.run():
        yield


class _Endpoint:
    """ASGI: only programs that are let in, and pages of the sites that may hold the widget."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        _own_origin(request)
        await program_allowed(request)
        await part(request.app, _Door).manager.handle_request(scope, receive, send)


def _own_origin(request: Request) -> None:
    """A page of another site is refused. Raises HTTPException 403."""
    origin = request.headers.get("origin", "")
    own = urlsplit(origin).netloc == request.headers.get("host", "")
    if origin and not own and origin not in allowed_origins(part(request.app, Settings)):
        raise HTTPException(403, FOREIGN)


def install(app: FastAPI) -> None:
    """Add the route; `door_open` in the application's lifespan answers it."""
    app.router.routes.append(Route(PATH, endpoint=_Endpoint(), methods=["POST"]))
