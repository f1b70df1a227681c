"""How much one address, and everybody together, may ask in a time.

`limits` counts; the address is the peer's, or the one told by a proxy that the settings declare
(uvicorn's own middleware for that is put outside this one).
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.problem import problem_response
from chatbot.shield.headers import SAFE

DRAIN_S, DRAIN_BYTES = 1.0, 64_000
EVERYBODY = "*"
# Doors of other programs, beside the routes of our own pages.
WATCHED = {"/api/health", "/api/live", "/api/ready", "/metrics"}
DOORS = ("/v1/", "/mcp")
# The random name of a conversation, which its tab sends along with each question (client.js).
CONVERSATION_HEADER = "X-Bussola-Conversation"
_CONVERSATION = re.compile(rb"[0-9a-f]{32}")
TOO_MANY = "Hai fatto molte richieste in poco tempo: aspetta e riprova."


@dataclass(frozen=True, slots=True)
class Policy:
    """Rates in the words of `limits` («60 per minute»)."""

    ask_address: str
    ask_global: str
    read_address: str
    ask_program: str = "600 per minute"
    ask_conversation: str = "20 per minute"


def nobody(scope: Scope) -> None:
    """The program of a request, where none is known."""


def client_key(scope: Scope) -> str:
    """The address to count by: an IPv6 customer has a whole /64."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def conversation_of(scope: Scope) -> str:
    """The name of the conversation that a request belongs to, empty where it says none."""
    said = dict(scope["headers"]).get(CONVERSATION_HEADER.lower().encode(), b"")
    return said.decode() if _CONVERSATION.fullmatch(said) else ""


class RateLimit:
    """ASGI middleware: over a rate the answer is 429 with Retry-After, before any work is done.
    `program_of` names the program whose token a request bears: it has a rate of its own. `counts`
    are those of this process where no others are given."""

    def __init__(
        self, app: ASGIApp, policy: Policy, program_of: Callable[[Scope], str | None] = nobody,
        counts: MemoryStorage | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self._program_of = program_of
        self._ask_program = parse(policy.ask_program)
        self._counts = SlidingWindowCounterRateLimiter(counts or MemoryStorage())
        self._ask_address = parse(policy.ask_address)
        self._ask_global = parse(policy.ask_global)
        self._read_address = parse(policy.read_address)
        self._ask_conversation = parse(policy.ask_conversation)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_free(scope["path"]):
            await self._app(scope, receive, send)
        elif wait := await self._ask(scope) if _asks(scope) else self._read(scope):
            await refuse(429, TOO_MANY, wait, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _ask(self, scope: Scope) -> int:
        # the address first: one that is over its own rate takes nothing from everybody's
        program = None
        if scope["path"].startswith(DOORS) and _bears_a_token(scope):
            program = await asyncio.to_thread(self._program_of, scope)
        mine = (
            (self._ask_program, f"program {program}")
            if program
            else (self._ask_address, client_key(scope))
        )
        # one tab that asks without end takes nothing from the others of its office, whose address
        # is the same; a name is invented easily, so that the address is counted too, and first
        said = conversation_of(scope)
        return (
            self._wait(mine)
            or (self._wait((self._ask_conversation, f"conversation {said}")) if said else 0)
            or self._wait((self._ask_global, EVERYBODY))
        )

    def _read(self, scope: Scope) -> int:
        return self._wait((self._read_address, client_key(scope)))

    def _wait(self, limit: tuple[RateLimitItem, str]) -> int:
        """Seconds to wait; 0 when the request is within the limit, which then counts it."""
        item, key = limit
        if self._counts.hit(item, key):
            return 0
        return max(1, math.ceil(self._counts.get_window_stats(item, key).reset_time - time.time()))


def _bears_a_token(scope: Scope) -> bool:
    return any(name == b"authorization" for name, _ in scope["headers"])


def _is_free(path: str) -> bool:
    """Watchers, and the files of a page: one page asks for a score of them."""
    return path in WATCHED or path.startswith("/web/")


def _asks(scope: Scope) -> bool:
    """What costs work or disk: questions and feedback. The desk, where who writes is looked at
    after every pause, counts as reading: its routes open only to who has signed in."""
    path = scope["path"]
    return (
        scope["method"] not in SAFE
        and path.startswith(("/api/", *DOORS))
        and not path.startswith("/api/admin/desk/")
    )


async def refuse(
    status: int, detail: str, seconds: int, scope: Scope, receive: Receive, send: Send
) -> None:
    """Refuse, after taking what is left of a small body: a connection closed under a client that
    is still sending would be reset, and the refusal never read."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            left = DRAIN_BYTES
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    break
    await _refusal(status, detail, seconds)(scope, receive, send)


@lru_cache(maxsize=256)
def _refusal(status: int, detail: str, seconds: int) -> Response:
    """Made once: in a crowd there are hundreds a second."""
    return problem_response(status, detail, headers={"Retry-After": str(seconds)})
