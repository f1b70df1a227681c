"""Whose turn it is: how many questions are worked on at a time, how many wait, who comes back.

Longer queues answer nobody sooner. A burst (a class that presses the key together) may wait; for a
second after somebody was refused it is no burst: one is worked on and one waits, so that who is let
in has an answer about as fast as on a calm day. The two bounds follow B. Maurer, «Fail at Scale»,
ACM Queue 13(8), 2015, with places instead of times.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Annotated, TypeVar

import anyio
from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.parts import part
from chatbot.shield.limits import refuse

# One is worked on in Python while the others are with the encoder: more would wait for either.
# See docs/adr/0011-one-answer-at-a-time.md
ANSWERS = 4
PRINTS, PRINTS_UNDER_WAY = 1, 4  # each half a second, and not among the questions
# The paths of questions.
ASKING = frozenset({"/api/chat", "/api/chat/stream", "/api/passages", "/v1/chat/completions"})
CROWD, CROWDED_S = 2, 1.0
RETRY_S = 2  # more than CROWDED_S: who comes back in time finds room
FULL = "In questo momento ci sono troppe richieste: riprova fra qualche secondo."
T = TypeVar("T")


class FullError(HTTPException):
    """No place is free: 503, with the seconds after which to come back."""

    def __init__(self) -> None:
        super().__init__(503, FULL, {"Retry-After": str(RETRY_S)})


class Turns:
    """First come, first served: `workers` at a time (one in a crowd), at most `most` under way in a
    burst. Belongs to one event loop."""

    def __init__(self, workers: int, most: int, clock: Callable[[], float] = monotonic) -> None:
        self.limiter = anyio.CapacityLimiter(workers)
        self._workers = workers
        self._calm, self._crowded = most, min(most, CROWD)
        self._clock = clock
        self._refused = -math.inf  # when somebody last was
        self.under_way = 0

    def take(self) -> QueuePlace:
        """A place among those under way. Raises FullError."""
        if self.refuses():
            raise FullError
        self.under_way += 1
        return QueuePlace(self)

    def refuses(self) -> bool:
        """Whether who comes now finds no place, which is remembered."""
        now = self._clock()
        crowded = now - self._refused < CROWDED_S
        self.limiter.total_tokens = 1 if crowded else self._workers
        full = self.under_way >= (self._crowded if crowded else self._calm)
        if full:
            self._refused = now
        return full

    def release(self) -> None:
        self.under_way -= 1


class PrintTurns(Turns):
    """Those of what is printed, which takes no place of a question."""


class QueuePlace:
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


def _place_among(kind: type[Turns]) -> Callable[[Request], AsyncIterator[QueuePlace]]:
    """The place of a request among the turns of a kind, taken when its body is whole: a slow sender
    holds none."""

    async def place_of(request: Request) -> AsyncIterator[QueuePlace]:
        place = part(request.app, kind).take()
        try:
            yield place
        finally:
            place.leave()

    return place_of


QueueTurn = Annotated[QueuePlace, Depends(_place_among(Turns))]
PrintTurn = Annotated[QueuePlace, Depends(_place_among(PrintTurns))]


class EarlyRefusal:
    """ASGI middleware: with no place free a question is refused before it is read, for much less
    than an answer costs; who takes the last place in the meantime is found by `Turns.take`."""

    def __init__(self, app: ASGIApp, turns: Turns) -> None:
        self._app, self._turns = app, turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _asks(scope) and self._turns.refuses():
            await refuse(503, FULL, RETRY_S, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _asks(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] in ASKING
