"""What is answered in the place of a part that is closed for maintenance."""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.pages.page import render
from chatbot.problem import problem_response
from chatbot.shared.maintenance import Closable, Maintenance
from chatbot.shield.limits import DOORS

RETRY_S = 300
CLOSED = "Bussola è in manutenzione: per un po' non risponde a domande. Riprova più tardi."
_PASSAGES = "/api/passages"
_CHAT = ("/api/chat", "/api/chat/stream")


class Closed:
    """ASGI middleware: 503 with a page or a problem document for what is closed. Guides, the desk
    and what watches the servers stay open."""

    def __init__(self, app: ASGIApp, maintenance: Maintenance) -> None:
        self._app, self._maintenance = app, maintenance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _part_of(scope["path"]) not in self._maintenance.closed:
            await self._app(scope, receive, send)
            return
        headers = {"Retry-After": str(RETRY_S), "Cache-Control": "no-store"}
        if scope["path"] == "/":
            page = render(Request(scope), "message.html", status=503, message="paused")
            page.headers.update(headers)
            await page(scope, receive, send)
        else:
            await problem_response(503, CLOSED, headers=headers)(scope, receive, send)


def _part_of(path: str) -> Closable | None:
    if path == "/" or path in _CHAT:
        return "chat"
    return "api" if path == _PASSAGES or f"{path}/".startswith(DOORS) else None
