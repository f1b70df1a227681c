"""Whose turn it is: how many questions are worked on at a time, how many wait, who comes back.

Longer queues answer nobody sooner. A burst (a class that presses the key together) may wait; when
somebody has been waiting all the time for a second it is no burst, and only as many may wait as
are worked on, so that who is let in has an answer about as fast as on a calm day. The two bounds
follow B. Maurer, «Fail at Scale», ACM Queue 13(8), 2015, with places instead of times.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Annotated, TypeVar

import anyio
from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.limits import refuse

BURST_S = 1.0
RETRY_S = 2
FULL = "In questo momento ci sono troppe richieste: riprova fra qualche secondo."
T = TypeVar("T")


class FullError(HTTPException):
    """No place is free: 503, with the seconds after which to come back."""

    def __init__(self) -> None:
        super().__init__(503, FULL, {"Retry-After": str(RETRY_S)})


class Turns:
    """First come, first served: `workers` at a time, at most `most` under way in a burst. Belongs
    to one event loop."""

    def __init__(self, workers: int, most: int, clock: Callable[[], float] = monotonic) -> None:
        self.limiter = anyio.CapacityLimiter(workers)
        self._workers, self._most, self._clock = workers, most, clock
        self.under_way = 0
        self._nobody_waited = clock()

    def take(self) -> Place:
        """A place among those under way. Raises FullError."""
        if self.full:
            raise FullError
        self.under_way += 1
        return Place(self)

    @property
    def full(self) -> bool:
        """Whether who comes now finds no place."""
        self._look()
        burst = self._clock() - self._nobody_waited < BURST_S
        return self.under_way >= (self._most if burst else min(self._most, 2 * self._workers))

    def release(self) -> None:
        self.under_way -= 1
        self._look()

    def _look(self) -> None:
        if self.under_way <= self._workers:
            self._nobody_waited = self._clock()


class Place:
    """Kept until its work ends, also when who asked has gone; or left without working."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._begun = False

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, from a thread, when its turn comes."""
        self._begun = True
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._turns.limiter)
        finally:
            self._turns.release()

    def leave(self) -> None:
        if not self._begun:
            self._turns.release()


async def _turn(request: Request) -> AsyncIterator[Place]:
    """The place of a request, taken when its body is whole: a slow sender holds none."""
    turns: Turns = request.app.state.turns
    place = turns.take()
    try:
        yield place
    finally:
        place.leave()


Turn = Annotated[Place, Depends(_turn)]


class EarlyRefusal:
    """ASGI middleware: with no place free a question is refused before it is read, for much less
    than an answer costs; who takes the last place in the meantime is found by `Turns.take`."""

    def __init__(self, app: ASGIApp, turns: Turns) -> None:
        self._app, self._turns = app, turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _asks(scope) and self._turns.full:
            await refuse(503, FULL, RETRY_S, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _asks(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] in ("/api/chat", "/api/chat/stream")
