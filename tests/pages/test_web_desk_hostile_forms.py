"""Hostile words in the forms of services and of the network, in names of people and of files, in
reasons and notices, in Chromium with the policy switched off."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from desk_addresses import addresses, published
from desk_drafts import URL, changed
from desk_pages import SLOW_MS, enter
from hostile import BAD, CATCH, clean
from playwright.sync_api import Page, expect
from signing_in import person, signed_in

from chatbot.desk.network_files import ABOUT, slug_of_file
from chatbot.desk.people import FILE

pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.timeout(1800),
    pytest.mark.browser_context_args(bypass_csp=True),
]
NETWORK = tuple(map(slug_of_file, ABOUT))
WORDS = "input:not([type=checkbox]):not([type=date]):not([type=hidden]), textarea"
FREE = "input[data-field][type=text]"  # of a service, without its contacts
LONG = "textarea"
FILL = """([form, wanted, bad]) => {
  const fields = [...document.querySelector(form).querySelectorAll(wanted)]
    .filter((one) => !one.hidden);
  for (const field of fields) {
    field.value = field.matches("textarea") ? `${bad}\\n${bad}` : bad;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return fields.length;
}"""


def fill(page: Page, form: str, wanted: str) -> int:
    """Every such field of a form, in rows that can be added too; how many."""
    for button in page.locator(f"{form} [data-new-part]:visible").all():
        button.click()
    found: int = page.evaluate(FILL, [form, wanted, BAD])
    return found


def test_hostile_services_run_nothing(
    page: Page, desk: tuple[str, str, Path], tmp_path: Path
) -> None:
    """A row of the table, and a table brought from a spreadsheet whose name is hostile too."""
    address, name, _ = desk
    page.add_init_script(CATCH)
    enter(page, f"{address}/redazione/servizi", name)
    form = page.locator("form[data-service]")
    for n, wanted in enumerate((FREE, WORDS)):
        page.locator("[data-correct]").nth(n).click()
        expect(form).to_be_visible(timeout=SLOW_MS)
        assert fill(page, "form[data-service]", wanted) > 4
        told = re.compile("error[ei]" if wanted == WORDS else "problema|avvis|error[ei]")
        expect(form.locator("[data-checked]")).to_have_text(told, timeout=SLOW_MS)
        clean(page, "row")
        page.get_by_role("button", name="Salva nella bozza").click()
        expect(page.locator("#esito")).to_contain_text("Salvato nella bozza", timeout=SLOW_MS)
        clean(page, "table")
    page.locator("[data-correct]").nth(1).click()
    expect(form.get_by_label("Comune")).to_have_value(BAD)
    clean(page, "row again")

    page.goto(f"{address}/redazione/servizi")
    expect(page.locator("#servizi")).to_be_visible(timeout=SLOW_MS)
    text = page.request.get(f"{address}{URL}/services.csv").text()
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    for row in rows:
        row.update(dict.fromkeys(("ente", "orari", "accesso"), BAD))
    table = io.StringIO()
    writer = csv.DictWriter(table, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    data = table.getvalue().encode()
    page.get_by_text("Carica una tabella").click()
    file = {"name": f"{BAD.replace('/', '-')}.csv", "mimeType": "text/csv", "buffer": data}
    page.locator("form[data-table] input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("form[data-table] button[type=submit]").click()
    expect(page.locator("#vista ins").first).to_be_attached(timeout=SLOW_MS)
    expect(page.locator("h1")).to_contain_text("onerror")
    clean(page, "table brought")


def test_hostile_files_of_the_network_run_nothing(page: Page, desk: tuple[str, str, Path]) -> None:
    """Each file of the network: all its fields, which what is not a word refuses, then the long
    ones alone; what was saved is shown again, and asked."""
    address, name, _ = desk
    page.add_init_script(CATCH)
    page.on("dialog", lambda dialog: dialog.accept())  # what was not saved is left
    enter(page, f"{address}/redazione/rete", name)
    query, saved = "", []
    said = page.locator("#esito")
    for slug in NETWORK:
        for wanted in (WORDS, LONG):
            page.goto(f"{address}/redazione/rete/{slug}{query}")
            expect(page.locator("#rete")).to_be_visible(timeout=SLOW_MS)
            fill(page, "#rete", wanted)
            clean(page, slug)
            page.get_by_role("button", name="Salva", exact=True).click()
            expect(said).not_to_have_text(re.compile("^(Salvo…)?$"), timeout=SLOW_MS)
            clean(page, f"{slug} again")
            if "Salvato" in said.inner_text():
                saved.append(slug)
                query = page.url[page.url.index("?") :]
    assert len(set(saved)) > 4, saved
    page.goto(f"{address}/redazione/bozza/{query.partition('bozza=')[2]}")
    expect(page.locator("#vista ins").first).to_be_attached(timeout=SLOW_MS)
    clean(page, "draft")
    page.get_by_label("Domanda", exact=True).fill(BAD)
    page.get_by_role("button", name="Chiedi a tutte e due").click()
    expect(said).not_to_have_text("Chiedo…", timeout=SLOW_MS)
    clean(page, "asked")


def test_hostile_people_reasons_and_notices_run_nothing(
    page: Page, desk: tuple[str, str, Path]
) -> None:
    """Somebody with a hostile name publishes a hostile notice for a hostile reason, and invites:
    every page of the desk, and the chat, show it as it was written."""
    address, _, guides = desk
    file = guides.parent / "var" / FILE
    person(guides.parent / "var", "ostile", "admin")
    file.write_text(file.read_text("utf-8").replace('"ostile"', json.dumps(BAD)), "utf-8")
    day = str(date.today() + timedelta(days=30))
    with httpx.Client(base_url=address, timeout=SLOW_MS / 1000) as client:
        signed_in(client, BAD)
        draft = changed(client, guides.parent)
        notice = {"data": [{"testo": BAD, "fino_al": day, "guide": ["conto-di-base"]}]}
        sent = client.put(f"{URL}/drafts/{draft}/network/avvisi", json=notice | {"version": 0})
        assert sent.status_code == 200, sent.text
        named = client.put(f"{URL}/drafts/{draft}/name", json={"name": BAD[:120]})
        assert named.status_code == 200, named.text
        done = published(client, draft, BAD)
        invited = {"role": "editor", "note": BAD}
        assert client.post("/api/admin/people/invitations", json=invited).status_code == 200
        draft = changed(client, guides.parent, "da domani", "da oggi")
        client.post(f"{URL}/drafts/{draft}/ask", json={"question": "Come si apre un conto?"})
    page.add_init_script(CATCH)
    enter(page, f"{address}/redazione/da-fare", BAD)
    shown = []
    for where in addresses(draft, done, ("avvisi",)):
        page.goto(address + where, wait_until="networkidle")
        expect(page.locator("main h1:visible").first).to_be_visible(timeout=SLOW_MS)
        clean(page, where)
        if "<img src=x" in page.locator("main").inner_text():
            shown.append(where.partition("?")[0].rpartition("/")[0] or where)
    assert {"/redazione", "/redazione/bozza", "/redazione/pubblicazione"} <= set(shown)
    page.goto(address)
    page.get_by_label("La tua domanda").fill("Come si apre un conto di base?")
    page.keyboard.press("Enter")
    expect(page.locator("bussola-chat")).to_contain_text("<img src=x", timeout=SLOW_MS)
    clean(page, "chat")
