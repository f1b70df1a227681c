"""Hostile Markdown and names in the fields of a guide, in Chromium with the policy switched off:
what is shown is the work of the rendering alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_pages import SLOW_MS, enter
from hostile import BAD, CATCH, VECTORS, clean
from intake_files import new_document, saved
from playwright.sync_api import Page, expect
from writing import write, written

pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.browser_context_args(bypass_csp=True),
]
LINK = "javascript:alert(1)"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.timeout(900)
def test_hostile_fields_of_the_desk_run_nothing(
    page: Page, desk: tuple[str, str, Path], tmp_path: Path
) -> None:
    """The name and the words of a document, every field of a guide and its text: in each page that
    shows them nothing runs, and what was written is kept to the letter."""
    address, name, _ = desk
    page.add_init_script(CATCH)
    page.on("dialog", lambda dialog: dialog.accept())
    enter(page, f"{address}/redazione/guide", name)
    document = new_document(BAD)
    document.add_heading(BAD, 1)
    document.add_paragraph(BAD)
    data = saved(document, tmp_path / "a.docx").read_bytes()
    page.get_by_text("Porta qui un documento").click()
    file = {"name": f"{BAD.replace('/', '-')}.docx", "mimeType": WORD, "buffer": data}
    page.get_by_label("Documento (").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Fanne una guida").click()
    expect(page.locator("[data-saved]")).to_be_visible(timeout=SLOW_MS)
    clean(page, "document")

    fields = "input[data-field][type=text]:visible, [data-lines]:visible, [data-key]:visible"
    page.evaluate("document.querySelectorAll('.desk-form').forEach((one) => { one.open = true; })")
    for button in page.locator("[data-add]:visible").all():
        button.click()
    for field in page.locator(fields).all():
        field.fill(LINK if field.get_attribute("type") == "url" else BAD)
    page.locator("[data-anchor]").last.fill(BAD)
    page.locator("[data-questions]").last.fill(BAD)
    clean(page, "fields")
    vectors = "\n\n".join(" ".join(one.split()) for one in VECTORS[:60])
    write(page, f"# {BAD}\n\n{vectors}\n\n[x]({LINK})\n")
    expect(page.locator("[data-findings] li").first).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)
    clean(page, "text")

    draft = page.url.partition("bozza=")[2]
    page.reload()
    expect(page.locator("[data-saved]")).to_contain_text("Salvata da", timeout=SLOW_MS)
    assert written(page).startswith(f"# {BAD}\n")
    clean(page, "again")
    page.get_by_role("link", name="Prova e pubblica").click()
    expect(page.locator("#vista ins").first).to_be_attached(timeout=SLOW_MS)
    clean(page, "draft")
    page.goto(f"{address}/redazione/bozze")
    expect(page.locator("#vista")).to_contain_text("onerror", timeout=SLOW_MS)
    clean(page, "drafts")

    page.goto(f"{address}/redazione/guida/conto-di-base?bozza={draft}")
    expect(page.locator("[data-look] h1")).to_be_visible(timeout=SLOW_MS)
    write(page, f"{written(page)}\n{BAD}\n\n{vectors}\n")
    expect(page.locator("[data-look]")).to_contain_text("{{ 7 * 7 }}", timeout=SLOW_MS)
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)
    page.get_by_text("Le frasi che si potranno citare").click()
    clean(page, "preview")
