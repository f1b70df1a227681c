"""The table of services in Chromium: a row is corrected where it stands."""

from __future__ import annotations

import os
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
from small import look_at_all_today

from chatbot.desk.drafts import Drafts
from chatbot.settings import Settings
from server import create_app

SLOW_MS = 180_000
SLUG = "antiviolenza-1522"


@pytest.fixture
def desk(small_copy: Path) -> Iterator[tuple[str, Path]]:
    """Address of a server over a small folder, and that folder."""
    name, port = person(small_copy / "var"), free_port()
    guides = look_at_all_today(small_copy / "guides")
    settings = Settings(guides=guides, var=small_copy / "var", _env_file=None)  # type: ignore[call-arg]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/redazione/servizi#{name}", small_copy
    server.should_exit = True
    thread.join(20)


def looked_at(page: Page, name: str) -> None:
    """No axe violation and nothing wider than the window; a picture, where somebody looks."""
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("BUSSOLA_SHOTS"):
        page.screenshot(path=f"{folder}/servizi-{name}.png", full_page=True)


def test_a_service_is_corrected_in_its_row(page: Page, desk: tuple[str, Path]) -> None:
    """With the keyboard: the row opens, a wrong e-mail is told at its field, the right one goes to
    a draft and is seen in the table; again, to the same draft; what was not saved is asked about.
    At 320 px and in the dark too."""
    address, _, name = desk[0].partition("#")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.set_default_timeout(SLOW_MS)
    page.goto(address)
    page.get_by_label("Nome", exact=True).fill(name)
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()
    row = page.locator(f"[data-of-service={SLUG}]")
    expect(row).to_be_visible(timeout=SLOW_MS)
    row.get_by_role("button", name="Correggi").press("Enter")
    form = page.locator("form[data-service]")
    expect(form.get_by_label("Servizio", exact=True)).to_be_focused(timeout=SLOW_MS)
    expect(form.locator("[data-checked]")).to_have_text("Nessun problema", timeout=SLOW_MS)
    form.get_by_label("Email").fill("non è un indirizzo")
    told = form.locator("[data-of=contatti] .field-finding, [data-findings] li").first
    expect(told).to_be_visible(timeout=SLOW_MS)
    looked_at(page, "errore")
    form.get_by_label("Email").fill("prova@esempio.it")
    form.get_by_label("Orari").fill("lun-ven 9-13")
    expect(told).to_have_count(0, timeout=SLOW_MS)
    form.get_by_label("Stato").select_option("da verificare")
    form.get_by_role("button", name="Salva nella bozza").press("Enter")
    expect(page.locator("#esito")).to_contain_text("Salvato nella bozza", timeout=SLOW_MS)
    expect(row).to_contain_text("prova@esempio.it")
    expect(row.get_by_role("link", name="in bozza")).to_be_visible()
    expect(row.get_by_role("button", name="Correggi")).to_be_focused()

    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="dark")
    row.get_by_role("button", name="Correggi").press("Enter")
    expect(form.get_by_label("Orari")).to_have_value("lun-ven 9-13", timeout=SLOW_MS)
    looked_at(page, "320-scuro")
    form.get_by_label("Orari").fill("lun-gio 9-12")
    answers = iter([False, True])
    page.on("dialog", lambda one: one.accept() if next(answers) else one.dismiss())
    form.get_by_role("button", name="Lascia stare").click()
    expect(form).to_have_count(1)
    form.get_by_role("button", name="Salva nella bozza").click()
    expect(form).to_have_count(0, timeout=SLOW_MS)
    (draft,) = Drafts(desk[1] / "var").open()
    (guide,) = draft.guides
    assert "orari: lun-gio 9-12" in guide.text
    assert "prova@esempio.it" in guide.text
    assert guide.text.partition("\n---\n")[2] == guide.base.partition("\n---\n")[2]
    row.get_by_role("button", name="Correggi").click()
    form.get_by_label("Orari").fill("mai")
    form.get_by_role("button", name="Lascia stare").click()
    expect(form).to_have_count(0)
    assert broken == []
