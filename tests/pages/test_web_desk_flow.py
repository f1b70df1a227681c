"""The desk in Chromium, from end to end: nobody here has ever seen a terminal."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
import uvicorn
from axe import violations
from playwright.sync_api import Browser, Page, expect
from serving import free_port
from signing_in import PASSPHRASE, person
from writing import write, written

from chatbot.settings import Settings
from server import create_app

SLOW_MS = 120_000


@pytest.fixture
def desk(small_copy: Path) -> Iterator[tuple[str, Path]]:
    """Address of a server that wants a second person, and the guides."""
    guides, var = small_copy / "guides", small_copy / "var"
    person(var, "redazione")
    person(var, "ufficio legale", "reviewer")
    port = free_port()
    app = create_app(Settings(guides=guides, var=var, four_eyes=True, _env_file=None))  # type: ignore[call-arg]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", guides
    server.should_exit = True
    thread.join(20)


def sign_in(page: Page, name: str) -> None:
    page.set_default_timeout(SLOW_MS)
    page.get_by_label("Nome", exact=True).fill(name)
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()
    expect(page.locator("#vista h1").first).to_be_visible(timeout=SLOW_MS)


def looked_at(page: Page, name: str) -> None:
    """No axe violation; a picture of it, where somebody wants to look."""
    assert violations(page) == [], name
    if folder := os.environ.get("BUSSOLA_SHOTS"):
        page.screenshot(path=f"{folder}/flow-{name}.png", full_page=True)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A page of a word processor with a table."""
    made = docx.Document()
    made.add_heading("Il bonus trasporti", 0)
    made.add_paragraph("Il bonus trasporti paga una parte dell'abbonamento.")
    made.add_heading("Chi può chiedere il bonus trasporti?", 1)
    made.add_paragraph("Lo chiede chi viaggia per lavoro e ha un reddito basso.")
    table = made.add_table(rows=2, cols=2)
    texts = ("Situazione", "Che cosa si fa", "Abbonamento scaduto", "Si rinnova allo sportello")
    for cell, text in zip((c for row in table.rows for c in row.cells), texts, strict=True):
        cell.text = text
    path = tmp_path / "Bonus trasporti.docx"
    made.save(path)
    return path


def test_from_a_correction_to_its_undoing(
    page: Page, browser: Browser, desk: tuple[str, Path], document: Path
) -> None:
    """A sentence is corrected, a guide made of a document with a table, the draft asked; a second
    person reads and approves; published, it answers; undone, all is as it was."""
    address, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    corrected = guides / "schede/conto-di-base.md"
    before = corrected.read_text("utf-8")
    page.goto(f"{address}/redazione/guide")
    sign_in(page, "redazione")

    # a document with a table becomes a guide
    page.get_by_text("Porta qui un documento").click()
    page.get_by_label("Documento (").set_input_files(document)
    looked_at(page, "documento")
    page.get_by_role("button", name="Fanne una guida").click()
    text = page.locator("#testo")
    expect(text).to_have_value(re.compile("Abbonamento scaduto . Si rinnova"), timeout=SLOW_MS)
    page.locator("[data-checks=per_chi]").get_by_label("tutti", exact=False).first.check()
    page.locator("[data-checks=bisogni] input").first.check()
    page.get_by_label("Responsabile").fill("redazione")
    page.get_by_label("Da rivedere entro").fill(f"{date.today() + timedelta(days=150)}")
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)
    expect(page.locator("[data-look] table")).to_be_visible(timeout=SLOW_MS)
    looked_at(page, "guida-da-documento")
    draft = page.url.partition("bozza=")[2]

    # a sentence of another guide, into the same draft
    page.goto(f"{address}/redazione/guida/conto-di-base?bozza={draft}")
    expect(page.locator("[data-look] h1")).to_be_visible(timeout=SLOW_MS)
    write(page, written(page).replace("Sì, la seconda volta:", "Sì, da oggi:"))
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)

    # the draft is asked, and waits for somebody else
    page.get_by_role("link", name="Prova e pubblica").click()
    page.get_by_label("Domanda", exact=True).fill("Chi può chiedere il bonus trasporti?")
    page.get_by_role("button", name="Chiedi a tutte e due").click()
    sides = page.locator(".desk-sides")
    expect(sides).to_contain_text("chi viaggia per lavoro", timeout=SLOW_MS)
    looked_at(page, "bozza")
    page.get_by_label("Motivo").fill("circolare di novembre")
    page.get_by_role("button", name="Pubblica la bozza").click()
    expect(page.locator("#esito")).to_contain_text("seconda persona", timeout=SLOW_MS)
    assert corrected.read_text("utf-8") == before

    # the second person
    other = browser.new_page()
    other.goto(f"{address}/redazione/da-fare")
    sign_in(other, "ufficio legale")
    expect(other.get_by_text("aspetta che tu la legga")).to_be_visible(timeout=SLOW_MS)
    other.locator("section[aria-labelledby=bozze] li a").first.click()
    other.get_by_role("button", name="Ho letto: approvo").click()
    expect(other.locator("#esito")).to_have_text("Approvata.", timeout=SLOW_MS)
    looked_at(other, "approvata")

    # published, and undone
    page.reload()
    expect(page.get_by_text("approvata", exact=True)).to_be_visible(timeout=SLOW_MS)
    page.get_by_label("Motivo").fill("circolare di novembre")
    page.get_by_role("button", name="Pubblica la bozza").click()
    expect(page).to_have_url(f"{address}/redazione/storia", timeout=SLOW_MS)
    assert "Sì, da oggi:" in corrected.read_text("utf-8")
    new = guides / "schede/il-bonus-trasporti.md"
    assert "Abbonamento scaduto" in new.read_text("utf-8")
    expect(page.locator("#vista ol a").first).to_be_visible(timeout=SLOW_MS)
    looked_at(page, "storia")
    page.locator("#vista ol a").first.click()
    page.get_by_role("button", name="Annulla la pubblicazione").click()
    expect(page.get_by_text("annullata", exact=True)).to_be_visible(timeout=SLOW_MS)
    assert corrected.read_text("utf-8") == before
    assert not new.exists()
    assert broken == []


def test_a_question_is_decided_in_a_form(page: Page, desk: tuple[str, Path]) -> None:
    """The page of the network: an item is added to a form, saved in a draft, asked there; a notice
    with a day; every file opens, and none breaks axe or a phone of 320 pixels."""
    address, _ = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{address}/redazione/rete/risposte")
    sign_in(page, "redazione")
    page.get_by_role("button", name="Aggiungi").click()
    page.get_by_label("Domande").fill("Come si apre un conto di base?")
    page.get_by_label("Rivolgersi a").fill("l'ufficio postale")
    looked_at(page, "rete-risposte")
    page.get_by_role("button", name="Salva").click()
    expect(page.locator("#esito")).to_have_text("Salvato nella bozza.", timeout=SLOW_MS)
    page.get_by_role("link", name="Prova e pubblica").click()
    expect(page.locator("ins").filter(has_text="ufficio postale")).to_be_visible(timeout=SLOW_MS)
    page.get_by_label("Domanda", exact=True).fill("come si apre un conto di base")
    page.get_by_role("button", name="Chiedi a tutte e due").click()
    expect(page.locator(".desk-sides")).to_contain_text("rivolgiti a", timeout=SLOW_MS)
    page.goto(f"{address}/redazione/rete")
    links = page.locator("#vista .desk-list > li > a:first-child")
    expect(links.first).to_be_visible(timeout=SLOW_MS)
    looked_at(page, "rete")
    places = [link.get_attribute("href") for link in links.all()]
    assert len(places) == 12
    for place in places:
        page.goto(f"{address}{place}")
        expect(page.locator("#rete")).to_be_visible(timeout=SLOW_MS)
        looked_at(page, str(place).rpartition("/")[2])
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (place, wide)
    assert broken == []
