"""Without a network: emergency cards, scripts and handouts open though they were never seen."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect
from serving import free_port
from small import edit
from web import WITH_WORKER, ask

from chatbot.library import Library
from chatbot.parts import part
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.publish import rollback
from server import create_app

pytestmark = WITH_WORKER

NEVER_SEEN = {
    "/guide/violenza": "112", "/copione/verifica-diritto-al-lavoro": "Appunti",
    "/stampa/conto-di-base": "In parole semplici", "/stampa/conto-di-base/ar": "بكلمات",
}  # fmt: skip
# resolves when all of them are in the cache
KEPT = """async (paths) => {
  const cache = await caches.open((await caches.keys())[0]);
  while (!(await Promise.all(paths.map((path) => cache.match(path)))).every(Boolean)) {
    await new Promise((done) => setTimeout(done, 200));
  }
}"""


@pytest.fixture
def offline(page: Page, live_server: str) -> Page:
    """The chat was opened once; then the network went away."""
    page.goto(live_server)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(KEPT, list(NEVER_SEEN))
    page.reload()
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    page.context.set_offline(True)
    return page


def test_what_must_be_at_hand_opens(offline: Page, live_server: str) -> None:
    """With its own words, its style and its scripts."""
    for path in NEVER_SEEN:
        offline.goto(live_server + path)
        expect(offline.locator("h1")).not_to_have_text("Sei senza rete")
        expect(offline.locator("main a, main button").first).to_be_visible()
    offline.goto(f"{live_server}/guide/violenza?cita=x")
    expect(offline.locator('a.call[href="tel:112"]').first).to_be_visible()
    offline.goto(f"{live_server}/copione/verifica-diritto-al-lavoro")
    expect(offline.locator(".step:visible")).to_have_count(1)


def test_a_danger_told_offline_brings_the_cards(offline: Page) -> None:
    """No answer can be had, but the numbers are there to touch."""
    ask(offline, "il marito la picchia")
    failure = offline.locator(".failure")
    expect(failure).to_contain_text("senza rete")
    expect(failure.locator('a[href="tel:112"]').first).to_be_visible()
    failure.get_by_role("link").first.click()
    expect(offline.locator("a.call").first).to_be_visible()


def test_a_page_never_opened_leaves_the_numbers_at_hand(offline: Page, live_server: str) -> None:
    """Each emergency card with what to call, and the card opens."""
    offline.goto(f"{live_server}/novita?mai=vista")
    expect(offline.locator("h1")).to_have_text("Sei senza rete")
    expect(offline.locator('main a[href="tel:112"]').first).to_be_visible()
    offline.get_by_role("link", name="Una persona dice di subire violenza").click()
    expect(offline.locator("a.call").first).to_be_visible()


def test_the_stock_is_asked_for_once(page: Page, live_server: str) -> None:
    """One request, and the word that nothing changed the next time."""
    first = page.request.get(f"{live_server}/api/stock")
    assert first.status == 200
    assert set(NEVER_SEEN) <= set(first.json()["pages"])
    again = page.request.get(
        f"{live_server}/api/stock", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status == 304


def test_after_a_reload_it_asks_whether_to_go_on(page: Page, live_server: str) -> None:
    """«Riprendi» goes on where it was; «Ricomincia» leaves nothing of the person before."""
    page.goto(live_server)
    ask(page)
    expect(page.locator(".turn .outcome")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Riprendi").click()
    expect(page.locator(".resume")).to_have_count(0)
    expect(page.get_by_label("La tua domanda")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="Ricomincia").click()
    expect(page.locator(".turn, .resume")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    expect(page.locator(".turn, .resume")).to_have_count(0)


@pytest.fixture
def small_server(small_copy: Path) -> Iterator[tuple[str, Library, Path]]:
    """Address of a server over a few guides that a test may change, and its library."""
    port = free_port()
    settings = Settings(guides=small_copy / "guides", var=small_copy / "var", _env_file=None)  # type: ignore[call-arg]
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", part(app, Library), small_copy
    server.should_exit = True
    thread.join(30)


def test_web_08_a_copy_says_its_day_and_that_it_is_old(
    page: Page, small_server: tuple[str, Library, Path], encoder_of_all: Encoder
) -> None:
    """A guide is read, corrected and published; without a network the copy says of which day it
    is; with it again, that it has changed, as after a rollback; one that did not change says
    nothing."""
    address, library, folder = small_server
    guide, note = f"{address}/guide/conto-di-base", page.locator("#offline-note")
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.goto(guide)
    expect(page.locator(".guide-text")).to_contain_text("la seconda volta")
    expect(note).to_be_empty()

    edit(folder / "guides", "la terza volta")
    build(folder / "guides", folder / "var", encoder_of_all)
    library.refresh()
    page.context.set_offline(True)
    page.goto(guide)
    expect(page.locator(".guide-text")).to_contain_text("la seconda volta")
    expect(note).to_contain_text(re.compile(r"com'erano le guide il \d+ \w+ \d{4}"))
    page.context.set_offline(False)
    expect(note).to_contain_text("questa pagina è cambiata")
    note.get_by_role("link").click()
    expect(page.locator(".guide-text")).to_contain_text("la terza volta")
    expect(note).to_be_empty()

    page.context.set_offline(True)
    expect(note).to_contain_text("com'erano le guide")
    page.context.set_offline(False)
    expect(note).to_be_empty()

    page.context.set_offline(True)
    expect(note).not_to_be_empty()
    rollback(folder / "var")
    library.refresh()
    page.context.set_offline(False)
    expect(note).to_contain_text("questa pagina è cambiata")
