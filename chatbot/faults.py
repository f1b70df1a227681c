"""Faults and slowness: what breaks or never ends becomes a problem document, never a traceback."""

from __future__ import annotations

import asyncio

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatbot.problem import DETAILS, problem_response

HEADERS_S = 10.0
SLOW = "La richiesta arriva troppo lentamente: riprova."
log = structlog.get_logger()


class Faults:
    """ASGI middleware: an unexpected error is logged by its kind alone (a message may hold what
    somebody wrote) and answered with a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            log.error("unexpected_error", path=scope["path"], error=type(error).__name__)
            if not started:
                await problem_response(500, DETAILS[500])(scope, receive, send)


class BodyDeadline:
    """ASGI middleware: a body that is not whole after `seconds` is 408."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self._seconds
        whole = False

        async def timely() -> Message:
            nonlocal whole
            if whole:  # from here on it only waits for the client to leave
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, SLOW, {"Connection": "close"}) from None
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, timely, send)


class ImpatientProtocol(H11Protocol):
    """uvicorn's protocol with a limit it does not have: a connection whose first request has no
    whole headers after ten seconds is closed (later ones fall under the keep-alive limit)."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEADERS_S, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)
