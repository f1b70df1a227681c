"""What Prometheus collects: numbers of questions, never what they say."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import JSONResponse

from chatbot.shield.meter import Meter, Refusals


def told(meter: Meter, name: str, **labels: str) -> float | None:
    return meter.registry.get_sample_value(f"bussola_{name}", labels)


def test_answers_are_counted_by_outcome_language_and_step() -> None:
    """Milliseconds become seconds; each server counts for itself."""
    meter, other = Meter(), Meter()
    meter.answered("answered", "it", {"total": 120.0, "search": 30.0})
    meter.answered("answered", "it", {"total": 80.0})
    meter.answered("no_answer", "fr", {"total": 40.0})
    assert told(meter, "answers_total", outcome="answered", language="it") == 2
    assert told(meter, "answers_total", outcome="no_answer", language="fr") == 1
    assert told(meter, "answer_seconds_count", step="total") == 3
    assert told(meter, "answer_seconds_sum", step="total") == pytest.approx(0.24)
    assert told(meter, "answer_seconds_count", step="search") == 1
    assert told(other, "answers_total", outcome="answered", language="it") is None


def test_only_questions_that_find_no_room_are_refusals() -> None:
    """By their status; a page that is too fast, or a question that is wrong, is none."""
    app, meter = FastAPI(), Meter()

    @app.post("/api/chat")
    async def chat(status: int) -> JSONResponse:
        return JSONResponse({}, status)

    @app.get("/guide")
    async def guide() -> JSONResponse:
        return JSONResponse({}, 429)

    app.add_middleware(Refusals, meter=meter)
    client = TestClient(app)
    for status in (200, 422, 429, 429, 503):
        client.post("/api/chat", params={"status": status})
    client.get("/guide")
    assert told(meter, "refusals_total", status="429") == 2
    assert told(meter, "refusals_total", status="503") == 1
