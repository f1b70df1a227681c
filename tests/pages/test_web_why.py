"""«Perché» in a browser: from a permalink to every step, and nothing without a code of access."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from axe import violations
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from serving import free_port
from signing_in import PASSPHRASE, person, signed_in

from chatbot.desk.people import Role
from chatbot.http.access import FILE, Keyring
from chatbot.journal.records import Entry
from chatbot.journal.writer import Journal
from chatbot.parts import part
from chatbot.settings import Settings
from server import create_app

SLOW_MS = 90_000
QUESTION = "Che cosa serve per aprire il conto di base?"
STEPS = (
    "Che cosa si è capito",
    "Che cosa si è trovato",
    "Che cosa si è letto",
    "Che cosa ha deciso",
)


@pytest.fixture
def served(small_copy: Path) -> Iterator[tuple[str, str]]:
    """Address of a server over a small folder, and the name of an evaluator."""
    guides, var = small_copy / "guides", small_copy / "var"
    name, port = person(var, "valutazione", "evaluator"), free_port()
    app = create_app(Settings(guides=guides, var=var))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    part(app, Journal).put(Entry("c1", "Serve la residenza?", "no_answer")).result(10)
    yield f"http://127.0.0.1:{port}", name
    server.should_exit = True
    thread.join(20)


def test_a_permalink_tells_every_step(page: Page, served: tuple[str, str]) -> None:
    """With the code asked for once: question, candidates with what sets them apart, sentences,
    probability, every rule, and what could change; no question goes into an address that the
    server sees; no axe violation, nothing wider than a narrow screen."""
    page.set_default_timeout(SLOW_MS)
    address, name = served
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/perche#domanda={quote(QUESTION)}")
    page.locator("#entra").get_by_label("Nome").fill(name)
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()
    shown = page.locator("#vista")
    for step in STEPS:
        expect(shown.get_by_role("heading", name=step)).to_be_visible()
    expect(shown.locator("#p-trovato ~ .desk-table tbody tr").first).to_contain_text(
        "Aprire un conto di base"
    )
    expect(shown.locator("#p-letto ~ .desk-table mark").first).to_be_visible()
    expect(shown.locator("#p-regole ~ ol li")).to_have_count(6)
    assert "persona" in shown.inner_text()
    assert not any("conto" in url for url in asked)
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    page.get_by_label("Domanda, senza dati").fill("grazie mille!")
    page.get_by_role("button", name="Rifai la domanda").click()
    expect(shown).to_contain_text("Il messaggio è una cortesia")
    assert "grazie" in page.url.partition("#")[2]
    page.goto(f"{address}/perche#risposta=c1")
    expect(shown).to_contain_text("Serve la residenza?")
    expect(shown).to_contain_text("Allora fu: silenzio")


def test_nothing_without_a_code(small_copy: Path) -> None:
    """The page holds nothing; the steps want an editor's or an evaluator's token, a question with
    words, and an answer that is in the journal."""
    var = small_copy / "var"
    token = Keyring(var / FILE).create("redazione", "editor")
    head = {"Authorization": f"Bearer {token}"}
    with TestClient(create_app(Settings(guides=small_copy / "guides", var=var))) as client:
        assert client.get("/perche").status_code == 200
        assert client.post("/api/admin/why", json={"turns": [QUESTION]}).status_code == 401
        assert client.get("/api/admin/why/c1").status_code == 401
        assert client.post("/api/admin/why", json={"turns": []}, headers=head).status_code == 422
        assert client.post("/api/admin/why", json={"turns": [" "]}, headers=head).status_code == 422
        assert client.get("/api/admin/why/c9", headers=head).status_code == 404
        turns = ["Che cosa serve per aprire il conto di base?", "e quanto costa?"]
        found = client.post("/api/admin/why", json={"turns": turns}, headers=head)
        assert found.status_code == 200
        assert "Turni prima" in found.text


def test_whoever_judges_or_edits_may_ask_why(small_copy: Path) -> None:
    """All to whom the desk and the review show the way to it, and nobody else."""
    var, found = small_copy / "var", {}
    roles: tuple[Role, ...] = ("editor", "reviewer", "evaluator", "operator")
    with TestClient(create_app(Settings(guides=small_copy / "guides", var=var))) as client:
        for role in roles:
            signed_in(client, person(var, role, role))
            found[role] = client.post("/api/admin/why", json={"turns": [QUESTION]}).status_code
    assert found == {"editor": 200, "reviewer": 200, "evaluator": 200, "operator": 403}
