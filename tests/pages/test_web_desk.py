"""The editors' desk in Chromium: an editor's morning, and accessibility."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from axe import NONE, violations, violations_by_colours
from desk_pages import SLOW_MS, enter, sign_in
from playwright.sync_api import Browser, Page, expect
from signing_in import PASSPHRASE, person
from small import edit
from writing import editor, go_to_end, selected, write, written

from eval.suite.folder import load_suite

pytestmark = pytest.mark.usefixtures("patient")


def test_an_editors_morning(page: Page, desk: tuple[str, str, Path]) -> None:
    """A wrong passphrase is told; with the right one what is to be done is there; a guide begins
    with the question nobody answered, a renewal works; the folder's own changes are published
    from the history; nothing breaks axe."""
    address, name, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept("norma nuova"))
    said = page.locator("#esito")
    page.goto(f"{address}/redazione")
    expect(page).to_have_url(f"{address}/redazione/da-fare")
    sign_in(page, name, "una frase sbagliata")
    expect(said).to_have_text("Nome o frase segreta non giusti.", timeout=SLOW_MS)
    sign_in(page, name)
    expect(page.get_by_text("Dove si fa lo SPID?").first).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("manca il rinnovo")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="Storia", exact=True).click()
    edit(guides, "bozza")
    page.get_by_role("button", name="Costruisci senza pubblicare").click()
    expect(said).to_contain_text(re.compile("^Costruita 2.*1 cambiati"), timeout=SLOW_MS)
    page.locator("[data-snapshot]").first.click()
    expect(said).to_contain_text(re.compile("^Pubblicata 2"), timeout=SLOW_MS)
    expect(page.get_by_text("redazione: norma nuova")).to_be_visible(timeout=SLOW_MS)
    assert violations(page) == []

    page.get_by_role("link", name="Da fare", exact=True).click()
    page.get_by_role("button", name=re.compile("^Cancella dal registro.*Un conto di base")).click()
    expect(said).to_have_text("Cancellata dal registro.", timeout=SLOW_MS)
    expect(page.locator("#domande")).to_be_focused()
    expect(page.get_by_text("Un conto di base senza residenza si apre?")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Scrivi una scheda.*SPID")).click()
    expect(page.locator("#testo")).to_have_value(
        re.compile("# Dove si fa lo SPID"), timeout=SLOW_MS
    )
    page.get_by_text("Domande che portano qui").click()
    expect(page.get_by_label("Domande, una per riga")).to_have_value("Dove si fa lo SPID?")
    assert violations(page) == []
    assert broken == []


def test_a_sentence_is_corrected_without_a_terminal(
    page: Page, desk: tuple[str, str, Path]
) -> None:
    """From the list to the editor, the text saved by itself, a problem told at its line, the form
    and the preview, the two answers, publication with a reason, the history, and undone."""
    address, name, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    path = guides / "schede/conto-di-base.md"
    old = path.read_text("utf-8")
    enter(page, f"{address}/redazione/guide?q=conto+di+base", name)
    page.get_by_role("link", name="Aprire un conto di base").click()
    saved = page.locator("[data-saved]")
    expect(page.locator("[data-look] h1")).to_have_text("Aprire un conto di base", timeout=SLOW_MS)
    assert violations(page) == []

    write(page, written(page).replace("Sì, la seconda volta:", "Sì, da oggi:"))
    expect(page.locator("[data-look]")).to_contain_text("Sì, da oggi:", timeout=SLOW_MS)
    expect(saved).to_contain_text("Salvato alle", timeout=SLOW_MS)
    go_to_end(page)
    page.keyboard.type("\n\n[x](non-esiste.md)\n")
    told = page.locator("[data-findings] li").filter(has_text="non porta a nessuna guida")
    expect(told).to_be_visible(timeout=SLOW_MS)
    expect(page.locator(".cm-lintRange-error")).to_have_text("[x](non-esiste.md)")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    told.get_by_role("button").click()
    assert selected(page) == "[x](non-esiste.md)"
    page.keyboard.press("Backspace")
    expect(told).to_have_count(0, timeout=SLOW_MS)
    page.get_by_text("Intestazione: titolo").click()
    page.get_by_label("Responsabile").fill("redazione servizi")
    page.get_by_label("Verificata il").fill("2026-11-30")
    page.get_by_text("Che cosa risponde adesso?").click()
    page.get_by_label("Domanda", exact=True).fill("Come si apre un conto di base?")
    page.get_by_role("button", name="Chiedi alla bozza").click()
    expect(page.get_by_role("heading", name="Con la bozza")).to_be_visible(timeout=SLOW_MS)
    assert violations(page) == []
    assert path.read_text("utf-8") == old

    page.get_by_role("link", name="Prova e pubblica").click()
    expect(page.get_by_text("responsabile: redazione servizi")).to_be_visible(timeout=SLOW_MS)
    assert violations(page) == []
    page.get_by_label("Motivo").fill("circolare nuova")
    page.get_by_role("button", name="Pubblica la bozza").click()
    expect(page).to_have_url(f"{address}/redazione/storia", timeout=SLOW_MS)
    new = path.read_text("utf-8")
    assert "Sì, da oggi:" in new
    assert "verificato_il: 2026-11-30" in new
    page.locator("#vista ol a").first.click()
    page.get_by_role("button", name="Annulla la pubblicazione").click()
    expect(page.get_by_text("annullata", exact=True)).to_be_visible(timeout=SLOW_MS)
    assert path.read_text("utf-8") == old
    assert broken == []


def test_a_question_of_the_journal_is_put_under_a_section(
    page: Page, desk: tuple[str, str, Path]
) -> None:
    """Proposed beside the questions that lead to the guide, one press puts it there, saved."""
    address, name, _ = desk
    asked = "Un conto di base senza residenza si apre?"
    enter(page, f"{address}/redazione/guide", name)
    page.goto(f"{address}/redazione/guida/conto-di-base")
    page.get_by_text("Domande che portano qui").click()
    proposed = page.locator("[data-propose]").filter(has_text=asked)
    proposed.click()
    expect(proposed).to_have_count(0)
    expect(page.locator("[data-questions]:focus")).to_have_value(re.compile(re.escape(asked)))
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)
    assert violations(page) == []


def test_two_browsers_on_one_guide(
    page: Page, browser: Browser, desk: tuple[str, str, Path]
) -> None:
    """The second to save is told who was first; what each wrote is on the server."""
    address, name, guides = desk
    other = person(guides.parent / "var", "collega")
    url = f"{address}/redazione/guida/conto-di-base"
    enter(page, url, name)
    expect(page.locator("[data-look] h1")).to_be_visible(timeout=SLOW_MS)
    write(page, written(page) + "\nUno.\n")
    expect(page.locator("[data-saved]")).to_contain_text("Salvato", timeout=SLOW_MS)
    here = page.url
    assert "?bozza=" in here
    second = browser.new_page()
    second.set_default_timeout(SLOW_MS)
    enter(second, here, other)
    expect(second.locator("#testo")).to_have_value(re.compile("Uno"), timeout=SLOW_MS)
    write(page, written(page) + "\nDue.\n")
    expect(page.locator("[data-saved]")).to_contain_text("Salvato", timeout=SLOW_MS)
    write(second, written(second) + "\nTre.\n")
    panel = second.locator("#conflitto")
    expect(panel).to_contain_text("redazione ha salvato", timeout=SLOW_MS)
    assert violations(second) == []
    second.get_by_role("button", name="Tieni il mio").click()
    expect(second.locator("[data-saved]")).to_contain_text("Salvato", timeout=SLOW_MS)
    second.get_by_role("link", name="Prova e pubblica").click()
    expect(second.locator("#vista ins").filter(has_text="Tre.")).to_have_count(1, timeout=SLOW_MS)
    second.get_by_text("Testi messi da parte").click()
    expect(second.locator(".desk-aside").filter(has_text="Due.").first).to_be_visible()


def test_somebody_is_invited_and_signs_in(
    page: Page, browser: Browser, desk: tuple[str, str, Path]
) -> None:
    """Who administers makes a link; who opens it chooses name and passphrase, sees only what the
    role may, and their sessions; signs out; what was done is in the register."""
    address, _, guides = desk
    admin = person(guides.parent / "var", "chi tiene", "admin")
    enter(page, f"{address}/redazione/persone", admin)
    page.locator("[data-invite]").get_by_label("Ruolo").select_option("reviewer")
    page.get_by_label("Per chi").fill("ufficio legale")
    page.get_by_role("button", name="Fai un invito").click()
    link = page.get_by_label("Collegamento da mandare")
    expect(link).to_have_value(re.compile("/accedi#invito="), timeout=SLOW_MS)
    expect(page.get_by_text("per ufficio legale")).to_be_visible()

    guest = browser.new_page()
    guest.set_default_timeout(SLOW_MS)
    guest.goto(link.input_value())
    expect(guest.get_by_text("Sei invitato come revisione")).to_be_visible(timeout=SLOW_MS)
    assert violations(guest) == []
    form = guest.locator("#invito")
    form.get_by_label("Nome").fill("Ufficio legale")
    form.get_by_label("Frase segreta, almeno").fill(PASSPHRASE)
    form.get_by_label("Di nuovo la frase").fill(PASSPHRASE)
    guest.get_by_role("button", name="Accetta e accedi").click()
    expect(guest).to_have_url(f"{address}/redazione/da-fare", timeout=SLOW_MS)
    expect(guest.locator("#vista h1").first).to_be_visible(timeout=SLOW_MS)
    expect(guest.get_by_role("link", name="Persone")).to_be_hidden()
    guest.get_by_role("link", name="Accesso di Ufficio legale").click()
    expect(guest.get_by_text("questo", exact=True)).to_be_visible(timeout=SLOW_MS)
    guest.get_by_role("button", name="Esci").click()
    expect(guest).to_have_url(f"{address}/accedi", timeout=SLOW_MS)
    expect(guest.locator("#entra").get_by_label("Frase segreta")).to_be_visible(timeout=SLOW_MS)
    assert violations(guest) == []
    page.get_by_role("link", name="Chi ha fatto che cosa").click()
    expect(page.get_by_text("invito accettato")).to_be_visible(timeout=SLOW_MS)


WORD = """<html><body><h1>Il bando</h1><p class=MsoNormal>Si chiede <b>entro</b> marzo.</p>
<p class="MsoListParagraphCxSpFirst">·&nbsp; il permesso</p><ol><li>prima<ul><li>dentro</li></ul>
</li><li>poi</li></ol><table><tr><td>Chi</td><td>Quanto|dove</td></tr><tr><td>Tutti</td></tr>
</table><script>alert(1)</script></body></html>"""


def test_what_is_pasted_from_a_word_processor(page: Page, desk: tuple[str, str, Path]) -> None:
    """Headings, lists, tables and bold become Markdown; scripts do not come along; plain text is
    pasted as it is, and one undo takes a paste back."""
    address, name, _ = desk
    enter(page, f"{address}/redazione/guida/codice-fiscale", name)
    expect(page.locator("[data-look] h1")).to_be_visible(timeout=SLOW_MS)
    before = written(page)
    go_to_end(page)
    editor(page).evaluate(PASTE, WORD)
    after = written(page)
    for piece in (
        "## Il bando",
        "Si chiede **entro** marzo.",
        "- il permesso",
        "1. prima\n   - dentro\n2. poi",
        "| Chi | Quanto\\|dove |\n| --- | --- |\n| Tutti |",
    ):
        assert piece in after
    assert "alert" not in after
    editor(page).press("Control+z")
    expect(page.locator("#testo")).to_have_value(before)


PASTE = """(field, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  field.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_every_page_of_the_desk(page: Page, desk: tuple[str, str, Path]) -> None:
    """No axe violation and nothing wider than a phone of 320 pixels, in both themes."""
    address, _, guides = desk
    name = person(guides.parent / "var", "chi tiene", "admin")
    page.set_viewport_size({"width": 320, "height": 700})
    enter(page, f"{address}/redazione/da-fare", name)
    for where in (
        "da-fare",
        "guide",
        "guida/conto-di-base",
        "guida/upm-torino",
        "guida/violenza",
        "bozze",
        "storia",
        "servizi",
        "persone",
        "registro",
        "accesso",
    ):
        page.goto(f"{address}/redazione/{where}")
        expect(page.locator("#vista h1").first).to_be_visible(timeout=SLOW_MS)
        if where.startswith("guida/"):
            page.get_by_text("Intestazione: titolo").click()
        assert violations_by_colours(page) == NONE, where
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (where, wide)
        if folder := os.environ.get("BUSSOLA_SHOTS"):
            page.screenshot(path=f"{folder}/{where.replace('/', '-')}-dark.png", full_page=True)


def test_an_evaluators_afternoon(page: Page, desk: tuple[str, str, Path]) -> None:
    """What operators complained of comes first; a judgement with the right passage is kept and is
    a draft of the suite at once, a wrong passage is told and nothing is lost; no axe violation."""
    address, _, guides = desk
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    said, var = page.locator("#esito"), guides.parent / "var"
    page.goto(f"{address}/revisione")
    sign_in(page, person(var, "valutazione", "evaluator"))
    first = page.locator("form.review").first
    expect(first.get_by_role("link", name="Perché")).to_have_attribute(
        "href", "/perche#risposta=c1"
    )
    expect(first.get_by_role("heading")).to_have_text("Serve la residenza?")
    expect(first).to_contain_text("incompleta, «manca il rinnovo»")
    assert violations(page) == []

    waiting = page.locator("form.review").count()
    first.get_by_label("Pericolosa").check()
    first.get_by_label("Se non è fra questi").fill("conto-di-base#non-esiste")
    first.get_by_role("button", name="Salva").click()
    expect(said).to_contain_text("non è un passaggio delle guide")
    first.get_by_label("Se non è fra questi").fill("conto-di-base#residenza")
    first.get_by_role("button", name="Salva").click()
    expect(said).to_contain_text("Giudizio salvato: pericolosa.")
    expect(page.locator("form.review")).to_have_count(waiting - 1)
    expect(page.locator("form.review h2").first).to_be_focused()
    waited = time.monotonic() + SLOW_MS / 1000
    while not (var / "eval" / "bozze" / ".bozze.json").is_file() and time.monotonic() < waited:
        time.sleep(0.2)
    drafts = {case.question: case for case in load_suite(var / "eval" / "bozze")}
    judged = drafts["Serve la residenza?"]
    assert (judged.severity, judged.passages) == ("alta", {"conto-di-base#residenza": 3})
    assert broken == []
