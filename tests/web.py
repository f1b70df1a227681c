"""What the browser tests share: the pages, and answers the real guides do not give."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Response, Route, expect

PATIENCE_MS = 60_000  # a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE_MS)
# for a test of what is kept on the device, or of all that a page does
WITH_WORKER = pytest.mark.browser_context_args(service_workers="allow")

QUESTION = "Un richiedente asilo può già lavorare?"
SCRIPT = "/copione/verifica-diritto-al-lavoro"
PAGES = [
    "/", "/guide", "/guide/conto-di-base", "/guide/glossario", "/guide/violenza",
    "/guide/cpi-torino-nord", "/copioni", SCRIPT, "/servizi", "/servizi?comune=Cuneo",
    "/invio?bisogno=lavoro&comune=Cuneo", "/invio/cpi-torino-nord", "/stampa/conto-di-base",
    "/stampa/conto-di-base/ar",
    "/novita", "/come-va", "/accessibilita", "/privacy", "/offline", "/fermo",
    "/guide/non-esiste", "/non-esiste",
]  # fmt: skip


def answer(**changes: Any) -> dict[str, Any]:
    """An answer document such as the server sends, for what real guides do not contain."""
    whole = {
        "id": "a1", "outcome": "answered", "answer": "Sì. [1]", "answer_html": "<p>Sì. [1]</p>",
        "citations": [
            {"n": 1, "guide": "x", "title": "Titolo", "heading_path": ["Titolo", "Sezione"],
             "url": "/guide/x?cita=a#b", "quote": "Sì.", "verified_on": "2026-11-20",
             "review_by": "2099-02-20", "sources": [{"label": "legge", "url": None}]}
        ],
        "hits": [], "scripts": [], "services": [], "related_questions": [], "confidence": 0.9,
        "language": "it", "snapshot": "s", "timings_ms": {"total": 1.0}, "understood": "",
        "quick_replies": [],
    }  # fmt: skip
    return {**whole, **changes}


IDLE = "() => new Promise((done) => requestIdleCallback(() => done(), { timeout: 1000 }))"


def opened(page: Page, address: str) -> Response | None:
    """The answer to the page at `address`, once all that it fetches by itself has come and it has
    nothing to do. (`networkidle` waits half a second more, in which nothing happens.)"""
    under_way: set[Request] = set()
    page.on("request", lambda request: under_way.add(request))
    page.on("requestfinished", lambda request: under_way.discard(request))
    page.on("requestfailed", lambda request: under_way.discard(request))
    response = page.goto(address)
    rounds = 0
    while rounds < 2:  # the second after what the last answer set going
        page.evaluate(IDLE)
        rounds = 0 if under_way else rounds + 1
    return response


def serve(page: Page, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer every question with `document`; returns the list that will hold what was asked."""
    asked: list[dict[str, Any]] = []

    def reply(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "{}"))
        body = f"event: answer\ndata: {json.dumps(document)}\n\n"
        route.fulfill(status=200, content_type="text/event-stream", body=body)

    page.route("**/api/chat/stream", reply)
    return asked


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("La tua domanda").fill(question)
    page.get_by_role("button", name="Chiedi", exact=True).click()
