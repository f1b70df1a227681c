"""The pages in a real browser: quiet, searchable, in every language, without a network."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from web import PAGES, QUESTION, WITH_WORKER, ask, opened

from chatbot.pages.page import WEB
from chatbot.pages.texts import LANGUAGES, load_texts


@WITH_WORKER
@pytest.mark.parametrize("path", PAGES)
def test_page_is_quiet_and_keeps_to_itself(page: Page, live_server: str, path: str) -> None:
    """No console error, no request to another origin, a policy without unsafe-inline, one h1,
    and no sideways scrolling at 320 pixels."""
    complaints: list[str] = []
    missing = path.endswith("non-esiste")
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: complaints.append(r.url)
            if not r.url.startswith((live_server, "data:")) else None)  # fmt: skip
    page.set_viewport_size({"width": 320, "height": 640})
    response = opened(page, live_server + path)
    assert response is not None
    assert response.status == (404 if missing else 200)
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    allowed = "Failed to load resource: the server responded with a status of 404"
    assert [c for c in complaints if not (missing and c.startswith(allowed))] == []


def test_instant_search_ignores_accents_and_order(page: Page, live_server: str) -> None:
    """Typing hides at once what does not fit; words match from their beginning, in any order."""
    page.goto(f"{live_server}/guide")
    everything = page.locator(".guide-card:visible").count()
    page.get_by_label("Parole da cercare").fill("base CONTO")
    expect(page.locator('.guide-card:visible a[href="/guide/conto-di-base"]')).to_be_visible()
    found = page.locator(".guide-card:visible").count()
    assert 0 < found < everything
    expect(page.locator("#count")).to_have_text(f"Guide trovate: {found}")
    page.get_by_label("Tipo").select_option("emergenza")
    expect(page.locator("#nothing")).to_be_visible()


def test_browsing_works_without_scripts(browser_name: str, page: Page, live_server: str) -> None:
    """The same filters work on the server: same address, same guides."""
    page.goto(f"{live_server}/guide?q=perche&tipo=scheda")
    with_scripts = page.locator(".guide-card:visible").count()
    assert page.context.browser is not None
    plain = page.context.browser.new_context(java_script_enabled=False)
    still = plain.new_page()
    still.goto(f"{live_server}/guide?q=perche&tipo=scheda")
    assert still.locator(".guide-card:visible").count() == with_scripts > 0
    plain.close()


def test_glossary_term_explains_itself(page: Page, live_server: str) -> None:
    """A term of the glossary shows its meaning on hover and on focus, and Escape hides it."""
    page.goto(f"{live_server}/guide/conto-di-base")
    term = page.locator("dfn.term").first
    term.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    term.focus()
    expect(page.get_by_role("tooltip")).to_be_visible()
    expect(page.get_by_role("tooltip")).not_to_be_empty()


def test_title_comes_before_the_contents_on_a_phone(page: Page, live_server: str) -> None:
    """On a phone an emergency shows title and numbers on the first screen, and its contents
    closed; on a wide window they stand open beside the text."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server}/guide/violenza")
    expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("a.call").first).to_be_in_viewport()
    contents = page.locator(".contents ol")
    expect(contents).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(contents).to_be_in_viewport()


def test_lost_citation_is_said(page: Page, live_server: str) -> None:
    """A link to a sentence that has changed since says so instead of highlighting another."""
    page.goto(f"{live_server}/guide/conto-di-base?cita=nonesiste")
    expect(page.get_by_text("Il passaggio citato non c'è più")).to_be_visible()
    expect(page.locator("mark.cited")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_address_is_a_page(live_server: str, language: str) -> None:
    """In the language of the reader; a program gets its problem document."""
    address = f"{live_server}/non-c-e?lingua={language}"
    page = httpx.get(address, headers={"Accept": "text/html,*/*"})
    assert page.status_code == 404
    assert load_texts(language)("not_found") in page.text
    assert f'lang="{language}"' in page.text
    for path, accept in (("/non-c-e", "application/json"), ("/api/non-c-e", "text/html")):
        told = httpx.get(live_server + path, headers={"Accept": accept})
        assert told.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("words", "found"), [("conto dii base", False), ("conot di base", True), ("contto", True)]
)
def test_guides_are_found_with_typing_errors(
    page: Page, live_server: str, words: str, found: bool
) -> None:
    """One error in a word of some letters, two in a long one; short words as they are. The server
    finds the same. What is found like this is said to be."""
    page.goto(f"{live_server}/guide")
    page.get_by_label("Parole da cercare").fill(words)
    card = page.locator('.guide-card:visible a[href="/guide/conto-di-base"]')
    expect(card).to_have_count(int(found))
    expect(page.locator("#count")).to_contain_text("parole simili" if found else "trovate: 0")
    html = httpx.get(f"{live_server}/guide", params={"q": words}).text
    shown = page.locator(".guide-card:visible").count()
    assert len(re.findall(r'<li class="guide-card[^>]*"(?! hidden)>', html)) == shown


def test_services_list_equals_map(page: Page, live_server: str) -> None:
    """What the map shows by municipality is in the list, under the same filters."""
    page.goto(f"{live_server}/servizi?bisogno=lavoro&comune=Torino")
    expect(page.locator("#map")).to_have_attribute("data-ready", "yes")
    page.locator(".leaflet-marker-icon").first.press("Enter")
    names = page.locator(".leaflet-popup li").all_text_contents()
    assert names
    listed = page.locator(".services h3").all_text_contents()
    assert set(names) <= {name.strip() for name in listed}
    expect(page.locator(".services li").first).to_contain_text("Nel comune")


def test_unknown_municipality_is_said(page: Page, live_server: str) -> None:
    """A municipality that does not exist is told, not silently ignored."""
    page.goto(f"{live_server}/servizi?comune=Atlantide")
    expect(page.get_by_text("Non conosco il comune «Atlantide»")).to_be_visible()


def test_referral_slip(page: Page, live_server: str, context: BrowserContext) -> None:
    """From an answer to a slip: services nearest first, what is missing said, QR code, and what
    is written in it is copied but never sent."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(live_server)
    ask(page, "Che cosa serve per iscriversi al centro per l'impiego?")
    source = page.locator(".source-title").first.text_content() or ""
    cited = source.split(" › ")[0]
    page.get_by_role("link", name="Invia a…").click()
    expect(page.get_by_label("Bisogno")).not_to_have_value("")
    page.get_by_label("Bisogno").select_option("lavoro")
    page.get_by_label("Comune").fill("Cuneo")
    page.get_by_role("button", name="Cerca").click()
    expect(page.get_by_label("Comune")).to_have_value("Cuneo")
    away = [int(found) for card in page.locator("ol.cards li").all_text_contents()
            for found in re.findall(r"circa (\d+) km", card)]  # fmt: skip
    assert away == sorted(away)
    page.get_by_role("link", name="Prepara il foglio di invio").first.click()
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    expect(page.locator(".qr svg title")).to_contain_text("/guide/")
    expect(page.get_by_label("Perché ci vai")).to_have_value(re.compile(re.escape(cited)))
    expect(page.get_by_text("La scheda non dice")).to_be_visible()
    expect(page.get_by_text("Se non funziona")).to_be_visible()
    page.get_by_label("Perché ci vai").fill("Iscrizione")
    page.get_by_role("button", name="Copia").click()
    expect(page.get_by_text("Copiato.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Perché ci vai: Iscrizione" in copied
    assert "Telefono" in copied
    assert sent == []


def test_handout_is_one_large_page(page: Page, live_server: str) -> None:
    """The plain-words box is set in large type with its QR code, and prints on one page."""
    page.goto(f"{live_server}/stampa/conto-di-base")
    size = page.locator(".large").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 20
    expect(page.locator(".qr svg")).to_be_visible()
    pages = page.pdf(format="A4").count(b"/Type /Page\n")
    assert pages == 1


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar", "uk"])
def test_interface_in_another_language(page: Page, live_server: str, language: str) -> None:
    """The footer's choice changes page and widget; Arabic runs right to left, guides do not."""
    page.goto(f"{live_server}/guide/conto-di-base")
    page.locator(".languages select").select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(page.locator(".prose")).to_have_attribute("dir", "ltr")
    assert page.url.endswith(f"/guide/conto-di-base?lingua={language}")
    page.goto(live_server)
    expect(page.locator("bussola-chat .frame")).to_have_attribute("lang", language)
    expect(page.locator("bussola-chat h2")).not_to_have_text("Chiedi alle guide")


def test_a_language_goes_from_page_to_page_without_a_cookie(page: Page, live_server: str) -> None:
    """Links and searches keep the language of the page they stand on; the choice is remembered by
    the browser, can be taken back, and no cookie is ever set."""
    page.goto(f"{live_server}/guide?lingua=fr")
    page.locator("a[href='/servizi']").first.click()
    expect(page).to_have_url(f"{live_server}/servizi?lingua=fr")
    page.wait_for_load_state()
    page.locator("[name=comune]").first.fill("Cuneo")
    page.locator("[name=comune]").first.press("Enter")
    expect(page).to_have_url(re.compile("comune=Cuneo.*lingua=fr"))
    page.goto(f"{live_server}/guide")  # a language in a link is not a choice
    expect(page.locator("html")).to_have_attribute("lang", "it")
    page.locator(".languages select").select_option("fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto(f"{live_server}/servizi?comune=Cuneo#carta")
    expect(page).to_have_url(f"{live_server}/servizi?comune=Cuneo&lingua=fr#carta")
    page.locator(".languages select").select_option("it")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    page.goto(live_server)
    expect(page.locator("html")).to_have_attribute("lang", "it")
    ask(page)
    expect(page.locator(".answer").first).to_be_visible()
    assert page.context.cookies() == []


def test_no_response_sets_a_cookie(live_server: str) -> None:
    """Every page, the choice of a language, files, the API and its refusals."""
    question = {"question": QUESTION}
    with httpx.Client(base_url=live_server, timeout=30) as client:
        paths = [*PAGES, "/lingua?lingua=ar&da=/guide", "/lingua?lingua=xx&da=//evil.example",
                 "/web/site.js", "/brand.css", "/servizi.pdf", "/openapi.json", "/api/health",
                 "/api/guides", "/api/admin/desk", "/redazione"]  # fmt: skip
        responses = [client.get(path) for path in paths]
        responses += [
            client.post(path, json=question)
            for path in ("/api/chat", "/api/chat/stream", "/api/feedback", "/api/admin/reindex")
        ]
        assert [r.url for r in responses if "set-cookie" in r.headers] == []
        assert len(client.cookies) == 0
        went = client.get("/lingua?lingua=ar&da=/servizi?comune=Cuneo%26lingua=fr")
        assert went.headers["Location"] == "/servizi?comune=Cuneo&lingua=ar"


@WITH_WORKER
def test_seen_pages_open_without_network(page: Page, live_server: str) -> None:
    """A guide already seen opens offline, one never seen says so, and the chat says it is
    offline."""
    page.goto(f"{live_server}/guide")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{live_server}/servizi?comune=Torino")
    page.goto(f"{live_server}/guide/conto-di-base")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.reload(wait_until="networkidle")
    page.context.set_offline(True)
    page.goto(f"{live_server}/guide/conto-di-base")
    expect(page.locator("h1")).to_have_text("Aprire un conto di base")
    expect(page.locator("#offline-note")).to_contain_text("senza rete")
    page.goto(f"{live_server}/servizi?comune=Alba")  # found with filters never used before
    expect(page.locator("h1")).to_have_text("Sei senza rete")
    page.goto(f"{live_server}/guide?q=conto")
    expect(page.locator('.guide-card:visible a[href="/guide/conto-di-base"]')).to_be_visible()
    expect(page.locator('a[href="/guide/violenza"]')).to_be_hidden()
    page.goto(f"{live_server}/guide/cpia")
    expect(page.locator("h1")).to_have_text("Sei senza rete")
    page.goto(f"{live_server}/")
    expect(page.locator("bussola-chat .note")).to_contain_text("Sei senza rete")


def test_every_part_of_the_widget_is_kept_for_offline() -> None:
    """A part that the list lacks would leave the chat empty without a network."""
    parts = {path.stem for path in (WEB / "widget").glob("*.js")}
    kept = set(re.findall(r'"([a-z_]+)"', (WEB / "sw.js").read_text(encoding="utf-8")))
    assert parts <= kept
