"""Traces for OpenTelemetry, where a collector is named: a span for each request, and under that of
a question one for each step of its answer. Never what was asked, nor by whom.

Its packages are an extra, imported only where they are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import time_ns
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.parts import provide
from chatbot.shield.limits import WATCHED
from index.errors import BussolaError

SERVICE = "bussola"
NO_PACKAGE = (
    "BUSSOLA_TRACES_ADDRESS chiede il pacchetto {}, che non c'è: python -m pip install "
    "'opentelemetry-sdk' 'opentelemetry-exporter-otlp-proto-http'"
)
_NS = 1_000_000  # in a millisecond


class TracesError(BussolaError):
    """Traces cannot be sent; the message says what is missing, in Italian."""


class Traces:
    """What a provider of OpenTelemetry is told."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self.tracer = provider.get_tracer(SERVICE)

    @classmethod
    def to(cls, address: str) -> Traces:
        """Sent in batches to a collector's OTLP address over HTTP (`…/v1/traces`); one that is away
        holds nobody up. Raises TracesError."""
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ModuleNotFoundError as error:
            raise TracesError(NO_PACKAGE.format(error.name)) from error
        provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
        return cls(provider)

    def answered(self, outcome: str, language: str, steps_ms: Mapping[str, float]) -> None:
        """Under the span of the request: the answer just given, and its steps in their order, each
        of so many milliseconds; `total` is that of all."""
        steps = {name: ms for name, ms in steps_ms.items() if name != "total"}
        moment = time_ns() - round(steps_ms["total"] * _NS)
        said = {"bussola.outcome": outcome, "bussola.language": language}
        answer = self.tracer.start_span("answer", start_time=moment, attributes=said)
        under = _under(answer)
        for name, ms in steps.items():
            span = self.tracer.start_span(name, context=under, start_time=moment)
            moment += round(ms * _NS)
            span.end(moment)
        answer.end()

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


def install(app: Starlette, address: str) -> None:
    """Trace what `app` is asked, where there is an address. Raises TracesError."""
    if address:
        traces = Traces.to(address)
        provide(app, traces)
        app.add_middleware(Traced, traces=traces)


class Traced:
    """ASGI middleware: a span for each request, under that of who sent it (`traceparent`)."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app, self._tracer = app, traces.tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path in WATCHED or path.startswith("/web/"):
            await self._app(scope, receive, send)
            return
        from opentelemetry.propagate import extract

        came = extract({name.decode("latin-1"): said.decode("latin-1")
                        for name, said in scope["headers"]})  # fmt: skip
        with self._tracer.start_as_current_span(scope["method"], came) as span:

            async def seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            span.set_attribute("http.request.method", scope["method"])
            try:
                await self._app(scope, receive, seen)
            finally:
                if route := getattr(scope.get("route"), "path", ""):
                    span.update_name(f"{scope['method']} {route}")
                    span.set_attribute("http.route", route)


def _under(span: Any) -> Any:
    from opentelemetry.trace import set_span_in_context

    return set_span_in_context(span)
