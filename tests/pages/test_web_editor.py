"""The editor of a guide's text in Chromium: keys, buttons, findings, colours, and without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe import NONE, violations, violations_by_colours
from desk_pages import SLOW_MS, enter
from playwright.sync_api import ConsoleMessage, Page, expect
from writing import editor, ends, go_to_end, write, written

pytestmark = pytest.mark.usefixtures("patient")

GUIDE = "redazione/guida/codice-fiscale"


def opened(page: Page, desk: tuple[str, str, Path]) -> None:
    """The page of a guide, whose text was looked at."""
    address, name, _ = desk
    enter(page, f"{address}/{GUIDE}", name)
    expect(page.locator("[data-look] h1")).to_be_visible(timeout=SLOW_MS)


def described(page: Page) -> str:
    """What the browser tells a screen reader of the text, beside its name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    fields = [one for one in nodes if one.get("role", {}).get("value") == "textbox"]
    [said] = [
        one.get("description", {}).get("value", "")
        for one in fields
        if one.get("name", {}).get("value") == "Testo della guida"
    ]
    return str(said)


def test_buttons_and_keys_write_markdown(page: Page, desk: tuple[str, str, Path]) -> None:
    """Headings with their anchor, lists that go on and end, tables, notices, links found by title;
    each undone by itself; Tab and its reverse leave the text."""
    opened(page, desk)
    tool = page.get_by_role("toolbar", name="Formato")

    def press(name: str) -> None:
        tool.get_by_role("button", name=name, exact=True).click()

    write(page, "# Titolo")
    go_to_end(page)
    press("Titolo")
    expect(page.locator("#testo")).to_have_value("# Titolo\n\n## Una domanda? {#una-domanda}\n\n")
    editor(page).press("Control+z")
    expect(page.locator("#testo")).to_have_value("# Titolo")
    press("Elenco")
    ends(page, "\n\n- prima voce\n- seconda voce\n")
    editor(page).press("Backspace")
    page.keyboard.type("\nterza\n\n\nfuori")  # the second ends the list
    ends(page, "- seconda voce\n- terza\n\nfuori")
    press("Tabella")
    ends(page, "\n\n| Situazione | Che cosa si fa |\n| --- | --- |\n|  |  |\n")
    press("Avviso")
    ends(page, '!!! attenzione "Attenzione"\n    Il testo dell\'avviso.\n')
    page.keyboard.press("Control+b")
    ends(page, "**testo**")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Collegamento")
    dialog.get_by_label("Guida o indirizzo").fill("Aprire un conto di base")
    dialog.get_by_role("button", name="Inserisci").click()
    ends(page, "**testo**[Aprire un conto di base](../schede/conto-di-base.md)")
    expect(editor(page)).to_be_focused()  # when the dialog is gone
    page.keyboard.type(" fine")
    ends(page, ".md) fine")

    before = written(page)
    page.keyboard.press("Tab")
    expect(editor(page)).not_to_be_focused()
    editor(page).focus()
    page.keyboard.press("Shift+Tab")
    expect(tool.get_by_role("button").first).to_be_focused()
    assert written(page) == before


def test_what_is_told_of_the_text(page: Page, desk: tuple[str, str, Path]) -> None:
    """A name, a language and the browser's spelling; the finding of a line stands at it and F8
    goes to it; the editor's own search is in Italian; nothing breaks axe in either theme or is
    wider than a phone, and the policy of the page has nothing to refuse."""
    refused: list[str] = []

    def kept(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    page.on("console", kept)
    page.set_viewport_size({"width": 320, "height": 700})
    opened(page, desk)
    for name, value in (
        ("lang", "it"),
        ("spellcheck", "true"),
        ("aria-multiline", "true"),
        ("autocapitalize", "sentences"),
    ):
        expect(editor(page)).to_have_attribute(name, value)
    expect(page.locator("#in-breve")).to_have_text("Nessun problema")
    assert described(page) == "Nessun problema"
    go_to_end(page)
    page.keyboard.type("\n\n## Senza [x](non-esiste.md)\n\nمرحبا **a tutti**")
    marks = page.locator(".cm-lint-marker-error")
    expect(page.locator("[data-look] strong")).to_have_text("a tutti")  # the last look came
    expect(marks).to_have_count(1)
    page.keyboard.press("F8")
    told = page.locator(".cm-tooltip").filter(has_text="non porta a nessuna guida")
    expect(told).to_be_visible()
    assert violations_by_colours(page) == NONE
    page.keyboard.press("Escape")
    page.keyboard.press("Control+f")
    expect(page.get_by_role("textbox", name="Cerca")).to_be_focused()
    page.keyboard.type("senza")
    expect(page.locator(".cm-searchMatch").first).to_be_visible()
    assert violations_by_colours(page) == NONE
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")
    expect(editor(page)).to_be_focused()
    way = "node => getComputedStyle(node).direction"
    lines = page.locator(".cm-line")
    assert lines.filter(has_text="مرحبا").evaluate(way) == "rtl"
    assert lines.filter(has_text="non-esiste").evaluate(way) == "ltr"
    assert refused == []


def test_without_the_editor_the_field_is_written_in(
    page: Page, desk: tuple[str, str, Path]
) -> None:
    """Where its file does not come, text, buttons, findings and saving are those of the form."""
    page.route("**/vendor/codemirror/**", lambda route: route.abort())
    opened(page, desk)
    field = page.locator("textarea#testo")
    expect(field).to_be_visible()
    expect(page.locator(".cm-editor")).to_have_count(0)
    field.fill("# Un altro titolo\n\nUn testo.")
    field.press("Control+End")
    page.get_by_role("button", name="Elenco", exact=True).click()
    expect(field).to_have_value(re.compile(r"\.\n\n- prima voce\n- seconda voce\n$"))
    page.get_by_role("button", name="riga 1", exact=True).click()
    assert page.evaluate("getSelection().toString()") == "# Un altro titolo"
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=SLOW_MS)
    assert violations(page) == []
    page.reload()
    expect(field).to_have_value(re.compile("^# Un altro titolo\n\nUn testo"), timeout=SLOW_MS)
