"""What is pasted into the text of a guide, in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_pages import SLOW_MS, enter
from playwright.sync_api import Page, expect
from writing import editor, go_to_end, written

pytestmark = pytest.mark.usefixtures("patient")


WORD = """<html><body><h1>Il bando</h1><p class=MsoNormal>Si chiede <b>entro</b> marzo.</p>
<p class="MsoListParagraphCxSpFirst">·&nbsp; il permesso</p><ol><li>prima<ul><li>dentro</li></ul>
</li><li>poi</li></ol><table><tr><td>Chi</td><td>Quanto|dove</td></tr><tr><td>Tutti</td></tr>
</table><script>alert(1)</script></body></html>"""


PASTE = """(field, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  field.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


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
