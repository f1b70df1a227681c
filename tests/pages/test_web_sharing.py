"""An answer is shared by the passages it cites; the question goes along only when it is ticked."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from playwright.sync_api import BrowserContext, Page, expect
from web import QUESTION, WITH_WORKER, answer, ask, serve

from chatbot.question import MAX_QUESTION


def test_an_address_asks(page: Page, live_server: str) -> None:
    """`/?q=` and `/#q=` ask; the question leaves the address, so that a reload asks nothing and
    the history does not keep it."""
    asked = serve(page, answer())
    for n, address in enumerate((f"/?q={quote(QUESTION)}", f"/#q={quote(QUESTION)}"), start=1):
        page.goto(live_server + address)
        expect(page.locator(".turn")).to_have_count(n)
        expect(page.locator(".turn").last.locator(".question")).to_contain_text(QUESTION)
        expect(page.locator(".turn").last.locator(".outcome")).to_be_visible()
        assert page.url == f"{live_server}/"
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    assert [body["question"] for body in asked] == [QUESTION, QUESTION]


def test_an_address_too_long_is_left_in_the_field(page: Page, live_server: str) -> None:
    """Nothing is cut and nothing is sent."""
    asked = serve(page, answer())
    page.goto(f"{live_server}/#q={'a' * (MAX_QUESTION + 1)}")
    expect(page.get_by_label("La tua domanda")).to_have_value("a" * (MAX_QUESTION + 1))
    assert asked == []


def test_the_link_of_an_answer_shows_its_passages(page: Page, live_server: str) -> None:
    """The words lit behind the first mark are lit on the page of the link; no word of the question
    is in it."""
    page.goto(live_server)
    ask(page)
    page.get_by_role("button", name=re.compile("^Fonte 1: ")).first.click()
    lit = page.locator(".source-panel:visible blockquote mark").first.text_content() or ""
    page.get_by_role("button", name="Condividi").click()
    link = page.get_by_label("Collegamento a questi passaggi").input_value()
    assert "richiedente" not in unquote(link).split("?")[0]
    assert "#" not in link
    page.goto(link)
    expect(page.locator("mark.cited").filter(has_text=lit).first).to_be_visible()
    expect(page.get_by_text("Da quel giorno questi passaggi non sono cambiati.")).to_be_visible()
    expect(page.locator("#past-question")).to_be_hidden()


def test_the_question_goes_along_only_when_ticked(page: Page, live_server: str) -> None:
    """Then it stands after the «#», where no server sees it, and the page shows it."""
    page.goto(live_server)
    ask(page)
    page.get_by_role("button", name="Condividi").click()
    mail = page.get_by_role("link", name="Per e-mail")
    expect(mail).to_have_attribute("href", re.compile("subject=Una%20risposta"))
    assert quote(QUESTION, safe="") not in (mail.get_attribute("href") or "")
    page.get_by_label("Metti anche la domanda").check()
    assert quote(QUESTION, safe="") in (mail.get_attribute("href") or "")
    link = page.get_by_label("Collegamento a questi passaggi").input_value()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(link)
    expect(page.locator("#past-question strong")).to_have_text(QUESTION)
    assert [url for url in seen if "gi%C3%A0" in url.split("#")[0]] == []
    page.get_by_role("link", name="Chiedilo adesso").click()
    expect(page.locator(".turn").last.locator(".question")).to_contain_text(QUESTION)


def test_the_link_is_copied(page: Page, context: BrowserContext, live_server: str) -> None:
    """With a word that it was."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    serve(page, answer(permalink="/risposta/s?p=x~b~a"))
    page.goto(live_server)
    ask(page)
    page.get_by_role("button", name="Condividi").click()
    page.get_by_role("button", name="Copia il collegamento").click()
    expect(page.locator(".share-form [role=status]")).to_have_text("Copiato.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server}/risposta/s?p=x~b~a"


@WITH_WORKER
def test_what_was_shared_is_kept_in_no_cache(page: Page, live_server: str) -> None:
    """The page of a link says what somebody asked about: no copy of it stays on the device."""
    page.goto(live_server)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.goto(f"{live_server}/?q={quote(QUESTION)}")
    expect(page.locator(".turn .outcome")).to_be_visible()
    page.get_by_role("button", name="Condividi").click()
    page.goto(page.get_by_label("Collegamento a questi passaggi").input_value())
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
             (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat()"""
    )
    assert kept
    assert [url for url in kept if "/risposta/" in url or "?q=" in url] == []
