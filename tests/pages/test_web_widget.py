"""The chat inside the page of another site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, expect


class _Site(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def site(folder: Path, port: int, live_server: str) -> Iterator[str]:
    """A page at `port` that embeds the widget with one script tag."""
    html = (
        '<!doctype html><html lang="it"><title>Altro sito</title><body><h1>Altro sito</h1>'
        f'<script type="module" src="{live_server}/web/widget.js" data-language="fr" '
        'data-greeting="Benvenuti" data-theme="dark"></script></body></html>'
    )
    (folder / "index.html").write_text(html, encoding="utf-8")
    handler = partial(_Site, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_widget_embeds_in_another_site(
    page: Page, live_server: str, tmp_path: Path, partner_port: int
) -> None:
    """One script tag puts a button on another site's page: it opens the chat in the language,
    theme and greeting of its attributes, answers there, and its links lead to our guides;
    Escape closes it and gives the focus back."""
    with site(tmp_path, partner_port, live_server) as address:
        page.goto(address)
        launcher = page.get_by_role("button", name="Interroger les guides")
        launcher.click()
        expect(page.get_by_text("Benvenuti")).to_be_visible()
        question = page.get_by_label("Votre question")
        expect(question).to_be_focused()
        question.fill("Si può aprire un conto senza residenza?")
        question.press("Enter")
        expect(page.get_by_text("Réponse des guides", exact=True)).to_be_visible()
        page.locator(".mark").first.click()
        opening = page.get_by_role("link", name="Ouvrir dans le guide")
        assert (opening.get_attribute("href") or "").startswith(f"{live_server}/guide/")
        page.locator(".source-button").first.press("Escape")
        question.press("Escape")
        expect(launcher).to_be_focused()
        expect(page.get_by_text("Benvenuti")).to_be_hidden()


def test_site_off_the_allow_list_gets_no_answer(
    page: Page, live_server: str, tmp_path: Path
) -> None:
    """From an origin that nobody allowed, the browser refuses the answer and the chat says that
    the server cannot be reached; the question stays."""
    with site(tmp_path, 0, live_server) as address:
        page.goto(address)
        page.get_by_role("button", name="Interroger les guides").click()
        page.get_by_label("Votre question").fill("Ciao")
        page.keyboard.press("Enter")
        expect(page.locator(".failure")).to_contain_text("Bussola ne répond pas")
        expect(page.get_by_role("heading", name="Ciao")).to_be_visible()
