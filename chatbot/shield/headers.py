"""What every response says to the browser: no inline script, no other origin, no foreign frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.problem import problem_response

KEY_HEADER = "X-Bussola-Key"
ONCE_HEADER = "Idempotency-Key"  # a question asked again with the same has the same answer
SAFE = ("GET", "HEAD", "OPTIONS")
HSTS = b"max-age=31536000; includeSubDomains"
# The map library and the progress of a script set styles through the DOM, which CSP allows;
# nothing needs an inline script or style, or any other origin.
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {frames}"
)
_CSP = b"content-security-policy"
_DATA = b"default-src 'none'; frame-ancestors 'none'"
_ALWAYS = [  # as they are sent: a refusal is mostly headers, and is to cost little
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(self), geolocation=(), browsing-topics=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_ALWAYS_NAMES = {name for name, _ in _ALWAYS}
Header = tuple[bytes, bytes]


def page_policy(frame_origins: list[str]) -> str:
    """The Content-Security-Policy of a page that these origins, and ours, may frame."""
    return _PAGE.format(frames=" ".join(["'self'", *frame_origins]))


class SecurityHeaders:
    """ASGI middleware: every response carries the headers, problem documents included."""

    def __init__(self, app: ASGIApp, frame_origins: list[str]) -> None:
        self._app = app
        self._page = page_policy(frame_origins).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._with_ours(scope, message["headers"])}
            await send(message)

        await self._app(scope, receive, with_headers)

    def _with_ours(self, scope: Scope, given: Iterable[tuple[bytes, bytes]]) -> list[Header]:
        """Ours last; of those that are always sent an application's own are left out."""
        headers = [header for header in given if header[0].lower() not in _ALWAYS_NAMES]
        by_name = {name.lower(): value for name, value in headers}
        html = by_name.get(b"content-type", b"").startswith(b"text/html")
        if html or _CSP not in by_name:
            headers = [header for header in headers if header[0].lower() != _CSP]
            headers.append((_CSP, self._page if html else _DATA))
        headers += _ALWAYS
        if scope["path"].startswith(("/api/", "/v1/", "/mcp")) and b"cache-control" not in by_name:
            headers.append((b"cache-control", b"no-store"))
        if scope["scheme"] == "https":  # said by a declared proxy, or our own TLS
            headers.append((b"strict-transport-security", HSTS))
        return headers


@dataclass(frozen=True, slots=True)
class WidgetKeys:
    """Which sites may ask with which key. Without keys any site on the allow list may."""

    origins_by_key: dict[str, list[str]]

    def admit(self, key: str, origin: str) -> bool:
        return origin in self.origins_by_key.get(key, ())


class WidgetAccess:
    """ASGI middleware: a page of another origin asks only with the key of its site.

    A key is public (it stands in the page): it says which site asks, and can be taken away; what
    keeps other sites out is the origin, which a browser does not let a page choose.
    """

    def __init__(self, app: ASGIApp, keys: dict[str, list[str]]) -> None:
        self._app = app
        self._keys = WidgetKeys(keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE:
            headers = Headers(scope=scope)
            origin, key = headers.get("origin", ""), headers.get(KEY_HEADER, "")
            foreign = bool(origin) and urlsplit(origin).netloc != headers.get("host", "")
            if foreign and not self._keys.admit(key, origin):
                detail = "Questo sito non ha una chiave valida per Bussola."
                await problem_response(403, detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)
