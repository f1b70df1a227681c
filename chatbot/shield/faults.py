"""Faults and slowness: what breaks or never ends becomes a problem document, never a traceback."""

from __future__ import annotations

import asyncio

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chatbot.problem import DETAILS, problem_response

HEADERS_S = 10.0
FRAME_BYTES = 65_536
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


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with the limits that it does not have: headers are whole after ten
    seconds, they and all else that is no body (trailers, sizes of chunks) are bounded, and HTTP/1.1
    names one host (RFC 9112, 3.2). The parser is in C: with uvicorn's other one, in Python, a
    refusal costs half as much again."""

    _deadline: asyncio.TimerHandle | None = None
    _frame = 0  # bytes that are no body since the read in which the request began

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        self._frame += len(data)
        super().data_received(data)
        if self._frame > FRAME_BYTES:
            self._give_up()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._frame = 0
        self._expect_headers()

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        hosts = sum(name == b"host" for name, _ in self.headers)
        if length > FRAME_BYTES or hosts > 1 or (not hosts and self._speaks_1_1()):
            raise ValueError("headers")  # the parser stops, and uvicorn answers 400
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._frame -= len(body)
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _speaks_1_1(self) -> bool:
        return bool(self.parser.get_http_version() == "1.1")

    def _expect_headers(self) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(HEADERS_S, self._give_up)

    def _expect_nothing(self) -> None:
        if self._deadline:
            self._deadline.cancel()

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
