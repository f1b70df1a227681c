"""The editor of a guide's text in the browser tests: what is in it, and writing in it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def editor(page: Page) -> Locator:
    """Where a person writes."""
    return page.get_by_role("textbox", name="Testo della guida")


def written(page: Page) -> str:
    """The whole text, as the form has it."""
    return page.locator("#testo").input_value()


def ends(page: Page, text: str) -> None:
    """Wait until the form's text ends so: what is typed reaches it a moment later."""
    page.wait_for_function("end => document.querySelector('#testo').value.endsWith(end)", arg=text)


def write(page: Page, text: str) -> None:
    """`text` in the place of all that is there."""
    editor(page).press("Control+a")
    page.keyboard.insert_text(text)
    expect(page.locator("#testo")).to_have_value(text)


def go_to_end(page: Page) -> None:
    editor(page).press("Control+End")


SELECTED = """() => {
  const root = document.querySelector(".textbox > div").shadowRoot;
  return (root.getSelection?.() ?? getSelection()).toString();
}"""


def selected(page: Page) -> str:
    found: str = page.evaluate(SELECTED)
    return found
