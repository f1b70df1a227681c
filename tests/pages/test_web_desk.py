"""The editors' desk in Chromium: an editor's morning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe import violations
from desk_pages import SLOW_MS, enter, sign_in
from playwright.sync_api import Page, expect
from small import edit
from writing import go_to_end, selected, write, written

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
