"""The chat inside the page of another site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect


class _Site(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


TAG = (
    '<script type="module" src="{server}/web/widget.js" data-language="fr" '
    'data-greeting="Benvenuti" data-theme="dark"></script>'
)
BARE = '<script type="module" src="{server}/web/widget.js"></script>'
INSIDE = BARE + '<div style="display: block; block-size: 500px"><bussola-chat></bussola-chat></div>'
QUESTION = "Si può aprire un conto senza residenza?"
RESETS = {
    "unset": "* { all: unset }",
    "relative": "* { position: relative }",
    "small": "html { font-size: 62.5% }",
    "important": "* { position: static !important; display: block !important; margin: 40px "
    "!important; font: 6px fantasy !important; color: red !important; background: lime !important;"
    " inset: auto !important; text-transform: uppercase }",
}
SEEN = """(chat) => {
  const root = chat.shadowRoot;
  const box = (node) => node.getBoundingClientRect().toJSON();
  const field = root.querySelector("#question");
  const style = getComputedStyle(root.querySelector(".greeting"));
  return { host: box(chat), frame: box(root.querySelector(".frame")), field: box(field),
    letters: parseFloat(getComputedStyle(field).fontSize), colour: style.color,
    transform: style.textTransform };
}"""


@contextmanager
def site(
    folder: Path, port: int, live_server: str, body: str = TAG, head: str = ""
) -> Iterator[str]:
    """Two pages at `port` that embed the widget as `body` says."""
    for name in ("index", "altra"):
        html = (
            f'<!doctype html><html lang="it"><head><title>Altro sito</title>{head}</head><body>'
            f'<h1>Altro sito</h1><a href="altra.html">Altra pagina</a>'
            f"{body.format(server=live_server)}</body></html>"
        )
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    handler = partial(_Site, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def ask_in(chat: Locator, question: str = QUESTION) -> None:
    """Ask, and wait for the answer."""
    before = chat.locator(".card").count()
    chat.get_by_label("La tua domanda").fill(question)
    chat.get_by_label("La tua domanda").press("Enter")
    expect(chat.locator(".card")).to_have_count(before + 1, timeout=60_000)


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


@pytest.mark.parametrize("reset", RESETS)
def test_styles_of_the_page_around_change_nothing(
    page: Page, live_server: str, tmp_path: Path, partner_port: int, reset: str
) -> None:
    """Whatever a page says of all its elements and of its root, the button stays in its corner, the
    panel in sight, letters and colours those of the chat."""
    style = f"<style>{RESETS[reset]}</style>"
    with site(tmp_path, partner_port, live_server, BARE, style) as address:
        page.set_viewport_size({"width": 1000, "height": 800})
        page.goto(address)
        launcher = page.get_by_role("button", name="Chiedi alle guide")
        expect(launcher).to_be_in_viewport(ratio=1)
        launcher.click()
        expect(page.get_by_label("La tua domanda")).to_be_in_viewport(ratio=1)
        seen = page.locator("bussola-chat").evaluate(SEEN)
    assert (seen["host"]["right"], seen["host"]["bottom"]) == (984, 784)
    assert 400 <= seen["frame"]["width"] <= 420
    assert seen["frame"]["top"] >= 0
    assert seen["letters"] >= 16
    assert seen["colour"] == "rgb(36, 33, 29)"
    assert seen["transform"] == "none"


@pytest.mark.parametrize("reset", ["", RESETS["unset"], RESETS["small"]])
def test_it_fills_its_container_and_no_more(
    page: Page, live_server: str, tmp_path: Path, partner_port: int, reset: str
) -> None:
    """In a box of 500 pixels it is 500 pixels high, after an answer too, and scrolls within."""
    with site(tmp_path, partner_port, live_server, INSIDE, f"<style>{reset}</style>") as address:
        page.goto(address)
        chat = page.locator("bussola-chat")
        ask_in(chat)
        seen = chat.evaluate(SEEN)
        assert page.evaluate("scrollY") == 0
    assert seen["host"]["height"] <= 500
    assert 450 <= seen["frame"]["height"] <= 500
    assert seen["field"]["bottom"] <= seen["host"]["bottom"]


def test_two_in_a_page_keep_apart(
    page: Page, live_server: str, tmp_path: Path, partner_port: int
) -> None:
    """Each has its conversation, after a reload too; a new person in one leaves the other."""
    two = INSIDE + '<bussola-chat name="sotto"></bussola-chat>'
    with site(tmp_path, partner_port, live_server, two) as address:
        page.goto(address)
        first, second = (page.locator("bussola-chat").nth(n) for n in (0, 1))
        ask_in(first, "Prima domanda sul conto")
        ask_in(second, "Seconda domanda sul tirocinio")
        page.reload()
        expect(first.locator("h3")).to_contain_text("Prima domanda")
        expect(second.locator("h3")).to_contain_text("Seconda domanda")
        first.get_by_role("button", name="Nuova persona").click()
        page.reload()
        expect(second.locator("h3")).to_contain_text("Seconda domanda")
        expect(first.locator("h3")).to_have_count(0)


def test_two_tabs_that_remember_lose_nothing(page: Page, live_server: str) -> None:
    """The second one begins from what is remembered; then each writes for itself."""
    page.goto(live_server)
    page.get_by_label("Ricorda su questo dispositivo").check()
    ask_in(page.locator("bussola-chat"), "Domanda della prima scheda")
    other = page.context.new_page()
    other.goto(live_server)
    expect(other.locator("h3")).to_contain_text("Domanda della prima scheda")
    ask_in(other.locator("bussola-chat"), "Domanda della seconda scheda")
    ask_in(page.locator("bussola-chat"), "Ancora la prima scheda")
    kept = page.evaluate(
        "Object.values({...localStorage}).filter((v) => v.includes('turns'))"
        ".map((v) => JSON.parse(v).turns.at(-1).question).sort()"
    )
    assert kept == ["Ancora la prima scheda", "Domanda della seconda scheda"]


def test_the_bare_tag_works_and_stays_open_from_page_to_page(
    page: Page, live_server: str, tmp_path: Path, partner_port: int
) -> None:
    """The script alone adds the button; opened, it is open on the next page of the site, and the
    focus stays with the page. Closed, it stays closed."""
    with site(tmp_path, partner_port, live_server, BARE) as address:
        page.goto(address)
        page.get_by_role("button", name="Chiedi alle guide").click()
        expect(page.get_by_label("La tua domanda")).to_be_visible()
        page.get_by_role("link", name="Altra pagina").click()
        page.wait_for_url("**/altra.html")
        expect(page.get_by_label("La tua domanda")).to_be_visible()
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        page.get_by_role("button", name="Chiudi").click()
        page.reload()
        expect(page.get_by_role("button", name="Chiedi alle guide")).to_be_visible()
        expect(page.get_by_label("La tua domanda")).to_be_hidden()


def test_links_open_apart_and_trusted_types_are_kept(
    page: Page, live_server: str, tmp_path: Path, partner_port: int
) -> None:
    """Under the strictest rule on text that becomes nodes the answer has its form; its links open
    another tab, as the chat says, and leave the page around where it is."""
    policy = "require-trusted-types-for 'script'; trusted-types bussola"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    with site(tmp_path, partner_port, live_server, INSIDE, head) as address:
        page.goto(address)
        chat = page.locator("bussola-chat")
        expect(chat.locator(".notice")).to_contain_text("in un'altra scheda")
        ask_in(chat)
        chat.locator(".mark").first.click()
        with page.context.expect_page() as opened:
            chat.get_by_role("link", name="Apri nella guida").first.click()
        opened.value.wait_for_load_state()
        assert opened.value.url.startswith(f"{live_server}/guide/")
        assert page.url.startswith(address)


def test_where_nothing_may_become_nodes_the_words_are_there(
    page: Page, live_server: str, tmp_path: Path, partner_port: int
) -> None:
    """A page that does not allow our name: text without its form, never an empty card."""
    policy = "require-trusted-types-for 'script'; trusted-types 'none'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    with site(tmp_path, partner_port, live_server, INSIDE, head) as address:
        page.goto(address)
        chat = page.locator("bussola-chat")
        ask_in(chat)
        expect(chat.locator(".answer")).not_to_be_empty()
        expect(chat.locator(".answer")).not_to_contain_text("<p>")
