"""A document of ten pages in the browser: brought in, checked, published, asked."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import uvicorn
from intake_files import ten_pages
from playwright.sync_api import Page, expect
from serving import free_port
from signing_in import PASSPHRASE, person
from web import ask

from chatbot.settings import Settings
from server import create_app

SLOW_MS = 180_000


@pytest.fixture
def desk(small_copy: Path) -> Iterator[tuple[str, Path]]:
    """Address of a server whose editors publish alone, and the guides, of a network whose house
    rules tell and refuse nothing."""
    guides, var = small_copy / "guides", small_copy / "var"
    network = guides / "rete/rete.yaml"
    rules = re.sub(r"(?m)^(  \w+): errore", r"\1: avviso", network.read_text("utf-8"))
    network.write_text(rules, encoding="utf-8")
    person(var, "redazione")
    port = free_port()
    app = create_app(Settings(guides=guides, var=var, _env_file=None))  # type: ignore[call-arg]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", guides
    server.should_exit = True
    thread.join(30)


def test_ten_pages_are_brought_in_checked_published_and_asked(
    page: Page, desk: tuple[str, Path], tmp_path: Path
) -> None:
    """Tables, notes and lists come along; comments, boxes, changes and merged cells are told; what
    the check asks for is filled in; then an operator is answered with the document's sentence."""
    address, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_default_timeout(SLOW_MS)
    page.goto(f"{address}/redazione/guide")
    page.get_by_label("Nome", exact=True).fill("redazione")
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()
    page.get_by_text("Porta qui un documento").click()
    page.get_by_label("Documento (").set_input_files(ten_pages(tmp_path / "Il tirocinio.docx"))
    page.get_by_role("button", name="Fanne una guida").click()

    text = page.locator("#testo")
    expect(text).to_have_value(re.compile("Passo 11"), timeout=SLOW_MS)
    brought = text.input_value()
    for number in range(2, 12):
        assert f"Il passo {number} dura sessanta giorni" in brought
        assert f"Così dice la circolare {number}." in brought
        assert f"| unita {number} |" in brought
    told = page.locator(".desk-notes")
    for what in ("Chiedere conferma 7", "Nel riquadro 7", "celle unite", "Bozza interna"):
        expect(told).to_contain_text(what)

    page.locator("[data-checks=per_chi]").get_by_label("tutti", exact=False).first.check()
    page.locator("[data-checks=bisogni] input").first.check()
    page.get_by_label("Responsabile").fill("redazione")
    later = date.today() + timedelta(days=180)
    page.get_by_label("Da rivedere entro").fill(str(later))
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)
    look = page.locator("[data-look]")
    expect(look.locator("table").first).to_be_visible(timeout=SLOW_MS)
    expect(look).not_to_contain_text("Chiedere conferma")
    expect(told).to_be_visible()
    expect(page.locator("[data-findings] li").first).to_be_visible(timeout=SLOW_MS)

    page.get_by_role("link", name="Prova e pubblica").click()
    page.get_by_label("Motivo").fill("guida del documento")
    page.get_by_role("button", name="Pubblica la bozza").click()
    expect(page).to_have_url(f"{address}/redazione/storia", timeout=SLOW_MS)
    assert any("Passo 11" in path.read_text("utf-8") for path in guides.rglob("*.md"))

    page.goto(address)
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    ask(page, "Quanto dura il passo 7 del tirocinio?")
    expect(page.locator(".answer, .sources").first).to_contain_text(
        "Il passo 7 dura sessanta giorni", timeout=SLOW_MS
    )
    assert broken == []
