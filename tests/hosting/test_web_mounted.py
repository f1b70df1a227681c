"""Two networks under two paths of one site, as a browser has them: chat, desk, widget, copies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from serving import free_port, served
from signing_in import PASSPHRASE
from two_networks import QUESTION, WORDS, common_settings, network_folder, opened, person
from web import WITH_WORKER

from chatbot.hosting.gateway import Gateway

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
pytestmark = pytest.mark.timeout(900)
OTHER_SITE = free_port()
OF_A_PATH = "(name) => /^bussola-.(nord|sud)@/.test(name)"
WIDGET = (
    '<!doctype html><html lang="it"><title>Altro sito</title><body>'
    '<script type="module" src="{}/web/widget.js"></script>'
    '<div style="display: block; block-size: 500px"><bussola-chat></bussola-chat></div></body>'
)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    folder = tmp_path_factory.mktemp("browser")
    networks = {n: {**network_folder(folder, n), "root_path": f"/{n}"} for n in WORDS}
    networks["nord"]["allowed_origins"] = [f"http://127.0.0.1:{OTHER_SITE}"]
    return opened(common_settings(folder, networks))


@pytest.fixture(scope="module")
def site(front: Gateway) -> Iterator[str]:
    with served(front) as address:
        yield address


@contextmanager
def another_site(server: str) -> Iterator[str]:
    """A page of another origin that holds the widget."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(WIDGET.format(server).encode())

        def log_message(self, *args: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", OTHER_SITE), Site) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{OTHER_SITE}"
        running.shutdown()


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("La tua domanda").fill(question)
    page.get_by_label("La tua domanda").press("Enter")
    expect(page.locator(".card")).to_have_count(1)


def test_all_that_a_page_does_stays_under_its_path(page: Page, site: str) -> None:
    """The chat answers and cites, its link opens the guide; nothing is asked outside the path."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/nord/")
    ask(page)
    expect(page.locator(".answer")).to_contain_text(WORDS["nord"])
    page.locator(".mark").first.click()
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page).to_have_url(f"{site}/nord/guide")
    page.get_by_role("link", name=f"Scheda {WORDS['nord']}").first.click()
    expect(page).to_have_url(f"{site}/nord/guide/solo-nord")
    own = [urlsplit(url).path for url in asked if url.startswith(site)]
    assert len(own) > 20
    assert [path for path in own if not path.startswith("/nord/")] == []


@WITH_WORKER
def test_what_one_keeps_in_the_browser_the_other_does_not_show(page: Page, site: str) -> None:
    """A conversation, and the copies of pages, which each service worker keeps for its own."""
    page.goto(f"{site}/nord/")
    ask(page)
    page.goto(f"{site}/sud/")
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{site}/nord/")
    expect(page.locator(".card")).to_have_count(1)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(f"async () => (await caches.keys()).filter({OF_A_PATH}).length == 2")
    scopes = page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope)"
    )
    assert sorted(scopes) == [f"{site}/nord/", f"{site}/sud/"]


def test_the_desk_works_under_a_path(page: Page, front: Gateway, site: str) -> None:
    """Signing in, a draft, signing out; the other asks to sign in."""
    person(front, "nord", "anna-del-nord", "editor")
    page.goto(f"{site}/nord/accedi")
    page.get_by_label("Nome").first.fill("anna-del-nord")
    page.get_by_label("Frase segreta").first.fill(PASSPHRASE)
    page.locator("#entra button").click()
    expect(page).to_have_url(f"{site}/nord/redazione/da-fare")
    page.goto(f"{site}/sud/redazione/da-fare")
    expect(page.locator("#entra")).to_be_visible()
    page.goto(f"{site}/nord/redazione/bozze")
    page.locator("form[data-draft-new] input").first.fill("Una bozza")
    page.locator("form[data-draft-new] button").click()
    page.wait_for_url(f"{site}/nord/redazione/bozza/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Una bozza")


def test_the_widget_of_one_network_in_another_site(page: Page, site: str) -> None:
    """Answers where its network lets it; where the other does not, nothing comes."""
    with another_site(f"{site}/nord") as address:
        page.goto(address)
        ask(page)
        expect(page.locator(".answer")).to_contain_text(WORDS["nord"])
        expect(page.locator(".answer")).not_to_contain_text(WORDS["sud"])
    with another_site(f"{site}/sud") as address:
        page.goto(address)
        page.get_by_label("La tua domanda").fill(QUESTION)
        page.get_by_label("La tua domanda").press("Enter")
        expect(page.locator(".failure")).to_be_visible()
