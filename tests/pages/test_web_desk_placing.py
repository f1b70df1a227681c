"""A guide gets another name, and another goes, in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from serving import served
from signing_in import PASSPHRASE, person
from small import look_at_all_today

from chatbot.settings import Settings
from server import create_app

SLOW_MS = 300_000
HOSTILE = "<img src=x onerror=alert(1)> «Circolare»"


@pytest.fixture
def desk(small_copy: Path) -> Iterator[str]:
    guides, var = look_at_all_today(small_copy / "guides"), small_copy / "var"
    person(var, "redazione")
    app = create_app(Settings(guides=guides, var=var, _env_file=None))  # type: ignore[call-arg]
    with served(app) as address:
        yield address


def sound(page: Page) -> None:
    """No axe violation, and nothing wider than a small telephone."""
    found = [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.timeout(1800)
def test_a_guide_is_renamed_and_another_goes(page: Page, desk: str) -> None:
    """Who links to it is told before; the draft is called as one chooses, whatever that is."""
    page.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{desk}/redazione/guida/codice-fiscale")
    page.get_by_label("Nome", exact=True).fill("redazione")
    page.get_by_label("Frase segreta").fill(PASSPHRASE)
    page.get_by_role("button", name="Accedi").click()
    page.get_by_label("che si chiama").fill("Nomi di novembre")
    page.get_by_text("Nome nell'indirizzo, cancellazione").click()
    sound(page)
    page.get_by_label("Nome nell'indirizzo e nel file").fill("Il codice")
    page.get_by_role("button", name="Cambia nome").click()
    expect(page.locator("#guida")).to_contain_text("si chiama schede/il-codice.md")
    expect(page.locator("#in-breve")).not_to_contain_text("errori")
    draft = page.url.partition("bozza=")[2]

    page.goto(f"{desk}/redazione/guida/conto-di-base?bozza={draft}")
    page.get_by_text("Nome nell'indirizzo, cancellazione").click()
    told = page.locator("[data-mentions]")
    expect(told).to_contain_text("riga")
    page.get_by_role("button", name="Togli la guida").click()
    page.wait_for_url(f"**/redazione/bozza/{draft}")
    assert "finché non li correggi la bozza non si pubblica" in asked[-1]
    expect(page.locator("h1")).to_have_text("Nomi di novembre")
    expect(page.locator("#vista")).to_contain_text("da togliere")
    expect(page.locator("#vista")).to_contain_text("si chiamerà schede/il-codice.md")
    page.get_by_text("Cambia il nome della bozza").click()
    sound(page)
    page.locator("form[data-draft-name] input").fill(HOSTILE)
    page.get_by_role("button", name="Cambia", exact=True).click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert page.locator("h1 img").count() == 0
    assert len(asked) == 1
