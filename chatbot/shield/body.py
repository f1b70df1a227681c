"""A limit on what a request may send, whatever its headers say."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.problem import problem_response

FILES = ("/documents", "/services")  # of a draft
CASES = "/api/admin/cases/sheet"
DETAIL = "La richiesta è troppo grande: accorciala e riprova."


class BodyTooLarge(HTTPException):
    """The body went over the limit while it was being read; FastAPI lets only this kind of
    exception through when it reads a body."""

    def __init__(self) -> None:
        super().__init__(413, DETAIL)


class BodyLimit:
    """ASGI middleware: over `limit` bytes the answer is 413, and the rest is not read. Files that
    who has signed in brings in may be of `of_files` bytes; their routes read the body last."""

    def __init__(self, app: ASGIApp, limit: int, of_files: int | None = None) -> None:
        self._app = app
        self._small, self._large = limit, max(limit, of_files or limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._large if _brings_a_file(scope["path"]) else self._small
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > limit:
            await problem_response(413, DETAIL)(scope, receive, send)
            return
        read = 0
        started = False

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, limited, watched)
        except BodyTooLarge:
            if not started:
                await problem_response(413, DETAIL)(scope, receive, send)


def _brings_a_file(path: str) -> bool:
    of_draft = path.startswith("/api/admin/desk/drafts/") and path.endswith(FILES)
    return of_draft or path == CASES
