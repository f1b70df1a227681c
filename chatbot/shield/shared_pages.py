"""A page that many ask for in the same second is worked out once.

The list of guides costs twice an answer: in a crowd the pages would take the time of those who
ask. A second is short enough that nobody sees an old page, and a new snapshot is seen at once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEEP_S = 1.0
MOST = 32  # pages kept, 300 kB at the most each
_APART = ("/api/", "/web/", "/v1/", "/mcp")  # each asked for itself
_PERSONAL = {b"authorization", b"cookie", b"range"}
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """The messages of a response, at hand or under way; new until a time of the event loop."""

    response: asyncio.Task[list[Message]]
    until: float


class SharedPages:
    """ASGI middleware over the pages: requests that differ in nothing a page depends on have the
    same response, until `keep_s` seconds after it was begun or `version` (the snapshot) changes.
    Belongs to one event loop."""

    def __init__(self, app: ASGIApp, version: Callable[[], str], keep_s: float = KEEP_S) -> None:
        self._app, self._version, self._keep_s = app, version, keep_s
        self.pages: OrderedDict[Key, _Page] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_shared(scope):
            await self._app(scope, receive, send)
            return
        key = (*_differing(scope), self._version())
        # shielded: who leaves does not take the page from the others
        for message in await asyncio.shield(self._page(key, scope).response):
            await send(dict(message))  # the middlewares outside change it

    def _page(self, key: Key, scope: Scope) -> _Page:
        now = asyncio.get_running_loop().time()
        page = self.pages.get(key)
        if page is None or (page.response.done() and page.until <= now):
            response = asyncio.create_task(self._work_out(dict(scope)))
            response.add_done_callback(_seen)
            page = self.pages[key] = _Page(response, now + self._keep_s)
            self.pages.move_to_end(key)
            if len(self.pages) > MOST:
                self.pages.popitem(last=False)
        return page

    async def _work_out(self, scope: Scope) -> list[Message]:
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, _nothing_sent, collect)
        return messages


def _seen(response: asyncio.Task[list[Message]]) -> None:
    """An error is told by whoever waits; when all have left it is not to be printed."""
    if not response.cancelled():
        response.exception()


async def _nothing_sent() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _is_shared(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return (
        scope["method"] == "GET"
        and not scope["path"].startswith(_APART)
        and names.isdisjoint(_PERSONAL)
    )


def _differing(scope: Scope) -> tuple[str, ...]:
    """What of a request its page depends on."""
    headers = Headers(scope=scope)
    compressed = str("gzip" in headers.get("accept-encoding", ""))
    page = str("text/html" in headers.get("accept", ""))  # of an address that leads nowhere
    query = scope["query_string"].decode("latin-1")
    return scope["path"], query, compressed, page, scope["scheme"], headers.get("host", "")
