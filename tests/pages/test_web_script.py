"""A script in a real browser: one step at a time, and nothing left for the next person."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from web import SCRIPT, WITH_WORKER, ask


def test_script_runs_one_step_at_a_time(page: Page, live_server: str) -> None:
    """Choices lead on, back returns, notes stay, and the summary tells the way; nothing is
    sent to the server."""
    page.goto(live_server + SCRIPT)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    steps = page.locator(".step:visible")
    expect(steps).to_have_count(1)
    first = steps.locator("h2").text_content() or ""
    choice = steps.locator('.option[href^="#"]').first
    chosen = (choice.text_content() or "").strip()
    page.get_by_label("Appunti").locator("visible=true").fill("permesso visto")
    choice.press("Enter")
    expect(steps.locator("h2")).not_to_have_text(first)
    expect(steps.locator("h2")).to_be_focused()
    expect(steps.locator("h2")).to_be_in_viewport()
    page.get_by_role("button", name="Indietro").click()
    expect(steps.locator("h2")).to_have_text(first)
    choice.click()
    page.get_by_role("button", name="Riepilogo").click()
    summary = page.locator("#summary")
    expect(summary).to_contain_text(chosen)
    expect(summary).to_contain_text("permesso visto")
    page.reload()
    expect(page.locator("#summary")).to_contain_text("permesso visto")
    last = page.locator(".trail li").last.text_content() or ""
    page.locator("#refer").click()
    expect(page.locator("main p a").first).to_contain_text(last)
    assert [url for url in sent if "permesso" in url] == []


def test_a_script_opens_clean(page: Page, live_server: str) -> None:
    """Whoever opens it begins it: of the person before there are no notes, no choices and no
    summary. Back from a sheet, and after a reload, it goes on where it was."""
    page.goto(live_server + SCRIPT)
    page.get_by_label("Appunti").locator("visible=true").fill("appunti della persona di prima")
    page.locator('.step:visible .option[href^="#"]').first.click()
    second = page.locator(".step:visible h2").text_content() or ""
    page.goto(f"{live_server}/guide/conto-di-base")
    page.go_back()
    expect(page.locator(".step:visible h2")).to_have_text(second)
    page.goto(f"{live_server}/copioni")
    page.locator(f'a[href="{SCRIPT}"]').click()
    expect(page.locator(".step:visible h2")).not_to_have_text(second)
    expect(page.get_by_label("Appunti").locator("visible=true")).to_have_value("")
    assert "prima" not in page.evaluate("JSON.stringify({...sessionStorage})")


@WITH_WORKER
def test_the_next_person_finds_nothing(page: Page, live_server: str) -> None:
    """Two people, one desk: from a script as from the chat one tap clears the conversation, the
    situation and the scripts, says so, and leaves no address that tells of the person."""
    page.goto(live_server)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_text("La situazione della persona").click()
    page.get_by_label("Comune").fill("Cuneo")
    page.get_by_role("button", name="Fatto").click()
    ask(page, "la banca non gli apre il conto")
    expect(page.locator(".card")).to_be_visible()
    page.goto(f"{live_server}/servizi?comune=Cuneo")
    page.goto(live_server + SCRIPT)
    page.get_by_label("Appunti").locator("visible=true").fill("appunti")
    page.get_by_role("button", name="Nuova persona").click()
    expect(page.locator("#cleared")).to_contain_text("sono cancellati da questo computer")
    expect(page.get_by_label("Appunti").locator("visible=true")).to_have_value("")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not re.search("Cuneo|banca|appunti", kept)
    addresses = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const found = await Promise.all(names.map(async (n) => (await caches.open(n)).keys()));
          return found.flat().map((request) => request.url);
        }"""
    )
    assert [url for url in addresses if "Cuneo" in url] == []
    page.goto(live_server)
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    expect(page.locator(".turn, .chip")).to_have_count(0)


def test_a_script_left_for_ten_minutes_asks(page: Page, live_server: str) -> None:
    page.clock.install()
    page.goto(live_server + SCRIPT)
    note = page.get_by_label("Appunti").locator("visible=true")
    note.fill("appunti")
    page.clock.fast_forward("10:30")
    asks = page.get_by_role("alertdialog")
    expect(asks).to_contain_text("È ancora la stessa persona?")
    expect(page.locator(".step:visible")).to_have_count(0)
    asks.get_by_role("button", name="È la stessa persona").click()
    expect(note).to_have_value("appunti")
    page.clock.fast_forward("10:30")
    asks.get_by_role("button", name="Nuova persona").click()
    expect(note).to_have_value("")


def test_chat_proposes_the_step_of_a_script(page: Page, live_server: str) -> None:
    """The script proposed by an answer opens at the step that fits."""
    page.goto(live_server)
    page.get_by_label("La tua domanda").fill("Come si attiva un tirocinio?")
    page.keyboard.press("Enter")
    script = page.locator('a[href*="/copione/"][href*="#"]').first
    anchor = (script.get_attribute("href") or "").partition("#")[2]
    script.click()
    expect(page.locator(".step:visible")).to_have_count(1)
    expect(page.locator(".step:visible")).to_have_id(anchor)
