"""The editors' desk in Chromium: an editor's morning, and accessibility."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from guide_texts import BODY, PLAIN, SHEET
from playwright.sync_api import Page, expect
from serving import free_port
from small import edit

from chatbot.http.access import FILE, Keyring
from chatbot.journal.records import Cited, Entry, Feedback
from chatbot.journal.writer import Journal
from chatbot.parts import part
from chatbot.settings import Settings
from eval.suite.folder import load_suite
from server import create_app


@pytest.fixture
def desk(small_copy: Path) -> Iterator[tuple[str, str, Path]]:
    """Address of a server over a small folder, an editor's token, and the guides."""
    guides, var = small_copy / "guides", small_copy / "var"
    token, port = Keyring(var / FILE).create("redazione", "editor"), free_port()
    app = create_app(Settings(guides=guides, var=var))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    for record in (
        Entry("a1", "Dove si fa lo SPID?", "no_answer"),
        Entry(
            "c1", "Serve la residenza?", "answered", cited=(Cited(1, "conto-di-base", "x", "No."),)
        ),
        Feedback("c1", "incompleta", "manca il rinnovo"),
    ):
        part(app, Journal).put(record).result(10)
    yield f"http://127.0.0.1:{port}", token, guides
    server.should_exit = True
    thread.join(20)


def violations(page: Page) -> list[str]:
    return [v["id"] for v in Axe().run(page).response["violations"]]


def test_an_editors_morning(page: Page, desk: tuple[str, str, Path]) -> None:
    """A wrong token is told; with the right one questions, complaints and guides are there; a
    draft, a sheet to write, a renewal, a preview and a publication work; nothing breaks axe."""
    address, token, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    said = page.locator("#esito")
    page.goto(f"{address}/redazione")
    page.get_by_label("Gettone").fill("sbagliato")
    page.get_by_role("button", name="Entra").click()
    expect(said).to_have_text("Serve un gettone valido.")
    page.get_by_label("Gettone").fill(token)
    page.get_by_role("button", name="Entra").click()
    expect(page.get_by_text("Dove si fa lo SPID?")).to_be_visible()
    expect(page.get_by_text("manca il rinnovo")).to_be_visible()
    assert violations(page) == []

    with page.expect_download() as sheet:
        page.get_by_role("button", name="Crea bozza").click()
    assert '    - "Dove si fa lo SPID?"' in Path(sheet.value.path()).read_text("utf-8")
    page.locator("[data-valid=codice-fiscale]").click()
    expect(said).to_contain_text("Nuova data di revisione scritta")

    edit(guides, "bozza")
    page.get_by_role("button", name="Costruisci una bozza").click()
    expect(said).to_contain_text(re.compile("^Bozza 2.*1 cambiati"), timeout=30_000)
    page.once("dialog", lambda dialog: dialog.accept("norma nuova"))
    page.locator("[data-publish]").first.click()
    expect(said).to_contain_text(re.compile("^Pubblicata 2"), timeout=30_000)
    expect(page.get_by_text("redazione: norma nuova")).to_be_visible()

    guide = SHEET + BODY + "\n## Costa? {#costa}\n\nIl conto costa 10 euro al mese.\n" + PLAIN
    page.get_by_label("Testo della guida").fill(guide)
    page.get_by_role("button", name="Mostra come sarà").click()
    expect(page.locator("#resa")).to_contain_text("accanto a «10 euro» manca la norma")
    assert violations(page) == []
    assert broken == []


def test_an_evaluators_afternoon(page: Page, desk: tuple[str, str, Path]) -> None:
    """What operators complained of comes first; a judgement with the right passage is kept and is
    a draft of the suite at once, a wrong passage is told and nothing is lost; no axe violation."""
    address, _, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    said, var = page.locator("#esito"), guides.parent / "var"
    page.goto(f"{address}/revisione")
    page.get_by_label("Gettone").fill(Keyring(var / FILE).create("valutatrice", "evaluator"))
    page.get_by_role("button", name="Entra").click()
    first = page.locator("form.review").first
    expect(first.get_by_role("heading")).to_have_text("Serve la residenza?")
    expect(first).to_contain_text("incompleta, «manca il rinnovo»")
    assert violations(page) == []

    first.get_by_label("Pericolosa").check()
    first.get_by_label("Se non è fra questi").fill("conto-di-base#non-esiste")
    first.get_by_role("button", name="Salva").click()
    expect(said).to_contain_text("non è un passaggio delle guide")
    first.get_by_label("Se non è fra questi").fill("conto-di-base#residenza")
    first.get_by_role("button", name="Salva").click()
    expect(said).to_have_text("Giudizio salvato, bozza di caso scritta.", timeout=60_000)
    expect(page.locator("form.review")).to_have_count(1)
    expect(page.get_by_role("heading", name="Dove si fa lo SPID?")).to_be_focused()
    drafts = {case.question: case for case in load_suite(var / "eval" / "bozze")}
    judged = drafts["Serve la residenza?"]
    assert (judged.severity, judged.passages) == ("alta", {"conto-di-base#residenza": 3})
    assert broken == []
