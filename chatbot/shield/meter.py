"""What this server counts of its questions, in the words of Prometheus. Never what they say."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.shield.queue import ASKING

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REFUSED = (429, 503)


class Meter:
    """Counts from the start of this process; its registry is its own, as a server's parts are."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "bussola_answers", "Questions answered, by outcome and language.",
            ["outcome", "language"], registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "bussola_answer_seconds", "Time to an answer, in all and by step.", ["step"],
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self._refusals = Counter(
            "bussola_refusals", "Questions refused: 429 over a rate, 503 with no place free.",
            ["status"], registry=self.registry,
        )  # fmt: skip
        for status in REFUSED:
            self._refusals.labels(str(status))  # told as 0, so that an alert sees the first

    def answered(self, outcome: str, language: str, steps_ms: Mapping[str, float]) -> None:
        self._answers.labels(outcome, language).inc()
        for step, ms in steps_ms.items():
            self._seconds.labels(step).observe(ms / 1000)

    def refused(self, status: int) -> None:
        self._refusals.labels(str(status)).inc()


class Refusals:
    """ASGI middleware: counts the questions that find no room."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self._app, self._meter = app, meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in ASKING:
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in REFUSED:
                self._meter.refused(message["status"])
            await send(message)

        await self._app(scope, receive, watched)
