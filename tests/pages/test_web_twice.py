"""Two evaluators in a browser: one key each, blind, and the page where they decide together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe import violations
from playwright.sync_api import Page, expect
from serving import free_port
from signing_in import PASSPHRASE, person
from sqlalchemy import Engine

from chatbot.desk.case_drafts import CaseDrafts
from chatbot.journal import twice
from chatbot.journal.reading import find_answer
from chatbot.journal.records import Cited, Entry
from chatbot.journal.writer import Journal
from chatbot.parts import part
from chatbot.settings import Settings
from server import create_app

SLOW_MS = 90_000
DOUBLE = next(f"d{n}" for n in range(100) if twice.is_double(f"d{n}"))


@pytest.fixture
def served(
    small_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Engine, dict[str, str]]]:
    """Address, journal and the names of two evaluators; drafts of cases are not written here."""
    monkeypatch.setattr(CaseDrafts, "ask", lambda self: None)
    guides, var = small_copy / "guides", small_copy / "var"
    names = {name: person(var, name, "evaluator") for name in ("una", "altra")}
    app, port = create_app(Settings(guides=guides, var=var)), free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    entry = Entry(DOUBLE, "Serve la residenza?", "answered",
                  cited=(Cited(1, "conto-di-base", "residenza", "No."),))  # fmt: skip
    part(app, Journal).put(entry).result(10)
    yield f"http://127.0.0.1:{port}", part(app, Engine), names
    server.should_exit = True
    thread.join(20)


def enter(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.context.clear_cookies()
    page.reload()
    page.locator("#entra").get_by_label("Nome").fill(name)
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()


def test_two_people_judge_and_decide(
    page: Page, served: tuple[str, Engine, dict[str, str]]
) -> None:
    """One presses g, the other, who is shown nothing of it, s; the answer is then among those to
    decide, both judgements and the agreement beside it; what they decide is kept, and it goes."""
    page.set_default_timeout(SLOW_MS)
    address, engine, names = served
    said = page.locator("#esito")
    for name, key, verdict in (("una", "g", "giusta"), ("altra", "s", "sbagliata")):
        enter(page, f"{address}/revisione", names[name])
        card = page.locator("form.review")
        expect(card).to_have_count(1)
        assert "una:" not in card.inner_text()
        card.get_by_label("Nota").press("g")  # in a field a letter is a letter
        expect(card.get_by_label("Nota")).to_have_value("g")
        card.get_by_label("Nota").fill("")
        card.get_by_role("heading").press(key)
        expect(said).to_contain_text(f"Giudizio salvato: {verdict}.")
    enter(page, f"{address}/revisione/disaccordi", names["una"])
    card = page.locator("form.review")
    expect(card).to_contain_text("una: giusta", timeout=SLOW_MS)
    expect(card).to_contain_text("altra: sbagliata")
    expect(page.locator("#risposte")).to_contain_text("uguali 0 volte su cento")
    assert violations(page) == []
    card.get_by_label("Sbagliata").check()
    card.get_by_role("button", name="Salva la decisione").click()
    expect(said).to_contain_text("Giudizio salvato")
    kept = find_answer(engine, DOUBLE)
    assert kept is not None
    assert [(review.reviewer, review.verdict) for review in kept.reviews] == [
        ("una", "giusta"), ("altra", "sbagliata"), (twice.AGREED, "sbagliata"),
    ]  # fmt: skip
    page.reload()
    expect(page.locator("#risposte")).to_contain_text("Non c'è niente da decidere")
