"""What a collector of OpenTelemetry is told: steps and outcomes, never what was asked."""

from __future__ import annotations

import gzip
import sys

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_httpserver import HTTPServer

from chatbot.http.traces import Traced, Traces, TracesError

STEPS = {"total": 12.0, "understand": 2.0, "find": 10.0}
CAME = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(kept: InMemorySpanExporter) -> Traces:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return Traces(provider)


def client(traces: Traces) -> TestClient:
    app = FastAPI()

    @app.post("/api/chat")
    async def chat() -> str:
        traces.answered("answered", "it", STEPS)
        return "ok"

    @app.get("/guide/{slug}")
    async def guide(slug: str) -> str:
        return slug

    @app.get("/api/health")
    async def health() -> str:
        return "ok"

    app.add_middleware(Traced, traces=traces)
    return TestClient(app)


def named(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in kept.get_finished_spans()}


def test_a_question_has_its_steps_under_it(traces: Traces, kept: InMemorySpanExporter) -> None:
    """One after the other, as long as they were, within the trace of who asked."""
    sent = {"question": "Il mio permesso?"}
    assert client(traces).post("/api/chat", json=sent, headers={"traceparent": CAME}).is_success
    spans = named(kept)
    request, answer = spans["POST /api/chat"], spans["answer"]
    assert f"{request.context.trace_id:032x}" == CAME.split("-")[1]
    assert request.attributes == {
        "http.request.method": "POST", "http.route": "/api/chat", "http.response.status_code": 200,
    }  # fmt: skip
    assert answer.parent is not None
    assert answer.parent.span_id == request.context.span_id
    first, second = spans["understand"], spans["find"]
    assert first.end_time == second.start_time
    assert first.end_time - first.start_time == 2_000_000
    assert {span.parent.span_id for span in (first, second)} == {answer.context.span_id}
    told = "".join(span.to_json() for span in spans.values())
    assert "permesso" not in told
    assert "testclient" not in told  # the address


def test_what_watches_the_server_is_not_traced(traces: Traces, kept: InMemorySpanExporter) -> None:
    """It comes every few seconds; a page is traced by its route, not by its name."""
    client(traces).get("/api/health")
    client(traces).get("/guide/conto-di-base")
    assert list(named(kept)) == ["GET /guide/{slug}"]


def test_spans_are_sent_to_the_collector(httpserver: HTTPServer) -> None:
    """As OTLP over HTTP."""
    httpserver.expect_request("/v1/traces", method="POST").respond_with_data(b"")
    traces = Traces.to(httpserver.url_for("/v1/traces"))
    client(traces).post("/api/chat")
    traces.close()
    ((request, _),) = httpserver.log
    told = ExportTraceServiceRequest.FromString(_plain(request.data))
    (resource,) = told.resource_spans
    assert resource.resource.attributes[0].value.string_value
    names = {span.name for scope in resource.scope_spans for span in scope.spans}
    assert names == {"POST /api/chat", "answer", "understand", "find"}


def _plain(data: bytes) -> bytes:
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def test_without_the_packages_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(TracesError, match="opentelemetry"):
        Traces.to("http://127.0.0.1:1/v1/traces")
