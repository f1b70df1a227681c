"""Every page behind a sign-in in Chromium: those that the routes have, none forgotten."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from axe import NONE, violations_by_colours
from desk_addresses import addresses, published
from desk_drafts import changed
from desk_pages import SLOW_MS, enter
from playwright.sync_api import Page, expect
from signing_in import person, signed_in

pytestmark = pytest.mark.usefixtures("patient")

ASKED_FOR = """() => {
  const told = [...document.querySelectorAll("link[rel=modulepreload], script[src]")].map(
    (one) => one.href || one.src);
  return performance.getEntriesByType("resource").map(({ name }) => name)
    .filter((name) => name.endsWith(".js") && !told.includes(name));
}"""  # that the page did not tell of


@pytest.mark.timeout(1800)
def test_every_page_behind_a_sign_in(page: Page, desk: tuple[str, str, Path]) -> None:
    """No axe violation in both themes, nothing wider than a phone of 320 pixels, and of the desk's
    no module that the browser learns of only while it reads another."""
    address, _, guides = desk
    with httpx.Client(base_url=address, timeout=SLOW_MS / 1000) as client:
        signed_in(client, person(guides.parent / "var", "chi scrive"))
        done = published(client, changed(client, guides.parent))
        draft = changed(client, guides.parent, "da domani", "da oggi")
    wanted = addresses(draft, done, ("risposte", "non-persone"))
    name = person(guides.parent / "var", "chi tiene", "admin")
    page.set_viewport_size({"width": 320, "height": 700})
    enter(page, f"{address}/redazione/da-fare", name)
    for where in wanted:
        response = page.goto(address + where, wait_until="networkidle")
        assert response is not None
        assert response.ok, where
        expect(page.locator("main h1:visible").first).to_be_visible(timeout=SLOW_MS)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
        assert violations_by_colours(page) == NONE, where
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (where, wide)
        if where.startswith("/redazione"):
            assert page.evaluate(ASKED_FOR) == [], where
        if folder := os.environ.get("BUSSOLA_SHOTS"):
            shot = where.strip("/").replace("/", "-").replace("?", "-")
            page.screenshot(path=f"{folder}/{shot}-dark.png", full_page=True)
