"""A service that stands under a path of its site, and knows nothing of it but here.

The path is taken off what comes in and put before the addresses that go out, so that every rule of
the shield and every route reads addresses as it would at the root: none can be passed by another
way of writing one. The links of pages are put under it where pages are made (`under`).
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.problem import DETAILS, problem_response

# in what our templates make a quote stands around attributes alone: in text it is escaped
_LINK = re.compile(r'(?<=\s)((?:href|src|action|data-card|data-ask)=")(?=/(?!/))')
_COOKIE_PATH = re.compile(r"(?i)(;\s*path=)(?=/)")


def under(root: str, html: str) -> str:
    """A page whose own links lead under `root`."""
    return _LINK.sub(rf"\g<1>{root}", html) if root else html


class Rooted:
    """ASGI middleware, outside all others: addresses under `root` as the application knows them,
    and no other; its redirections and the paths of its cookies under `root` again."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app, self._root = app, root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        if path == self._root:
            await RedirectResponse(f"{self._root}/", 308)(scope, receive, send)
            return
        if not path.startswith(f"{self._root}/"):
            await problem_response(404, DETAILS[404])(scope, receive, send)
            return
        inner = path.removeprefix(self._root)
        inside = {**scope, "path": inner, "raw_path": quote(inner).encode()}

        async def outside(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._out(inside, message)}
            await send(message)

        await self._app(inside, receive, outside)

    def _out(self, scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
        headers = MutableHeaders(raw=list(message["headers"]))
        if leads := headers.get("location"):
            headers["location"] = self._location(scope, leads)
        cookies = headers.getlist("set-cookie")
        if cookies:
            del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", _COOKIE_PATH.sub(rf"\g<1>{self._root}", cookie))
        return headers.raw

    def _location(self, scope: Scope, leads: str) -> str:
        """An address of our own under the root; one of another site as it is."""
        parts = urlsplit(leads)
        if not parts.netloc:
            return self._root + leads if leads.startswith("/") else leads
        here = parts.netloc == Headers(scope=scope).get("host", "")
        # starlette's own, which adds or takes a slash at the end
        same = parts.path.rstrip("/") == scope["path"].rstrip("/")
        return parts._replace(path=self._root + parts.path).geturl() if here and same else leads
