"""The pages of the desk in the browser tests: how long they may take, and signing in."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from signing_in import PASSPHRASE

SLOW_MS = 90_000  # a build, on a machine that does other things too


def sign_in(page: Page, name: str, passphrase: str = PASSPHRASE) -> None:
    """By the form of the page that is open."""
    page.get_by_label("Nome").fill(name)
    page.get_by_label("Frase segreta").fill(passphrase)
    page.get_by_role("button", name="Accedi").click()


def enter(page: Page, address: str, name: str) -> None:
    """Open a page of the desk and sign in."""
    page.goto(address)
    sign_in(page, name)
    expect(page.locator("#vista h1").first).to_be_visible(timeout=SLOW_MS)
