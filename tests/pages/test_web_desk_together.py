"""Several people at the desk, in as many browsers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe import violations
from desk_pages import SLOW_MS, enter
from playwright.sync_api import Browser, Page, expect
from signing_in import PASSPHRASE, person
from writing import write, written

pytestmark = pytest.mark.usefixtures("patient")


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
