"""How long the desk's page of a guide takes in Chromium, for `docs/desk_figures.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from desk_screenshots import SLOW_MS, SLUG, sign_in
from playwright.sync_api import Browser, Page, sync_playwright
from screenshots import FLAGS, browser_path

TIMES = 5
TEXT = ".cm-editor:visible"  # of CodeMirror: it can be written in
LOOK = "[data-look] h1"


def measure_in_browser(address: str) -> None:
    """Prints the best of a few first visits, each by a browser that keeps nothing but a session,
    and of the visits that follow them."""
    path = browser_path()
    if not path:
        raise SystemExit(1)
    url = f"{address}/redazione/guida/{SLUG}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        first, again = [], []
        session = _session(browser, address)
        for _ in range(TIMES):
            context = browser.new_context(storage_state=session)  # type: ignore[arg-type]
            context.set_default_timeout(SLOW_MS)
            page = context.new_page()
            first.append(_opened(page, partial(page.goto, url, wait_until="commit")))
            again.append(_opened(page, partial(page.reload, wait_until="commit")))
            context.close()
        browser.close()
    for name, found in (("prima visita", first), ("un'altra", again)):
        ready, look = (min(column) for column in zip(*found, strict=True))
        print(f"{'guida nel browser, ' + name:32} {ready:7.2f} s, {look:6.2f} s con l'anteprima")


def _session(browser: Browser, address: str) -> object:
    page = browser.new_page()
    page.set_default_timeout(SLOW_MS)
    page.goto(f"{address}/redazione/bozze")
    sign_in(page)
    page.locator("#vista h1").wait_for()
    state = page.context.storage_state()
    page.close()
    return state


def _opened(page: Page, go: Callable[[], object]) -> tuple[float, float]:
    """Seconds until the text can be written, and until it is seen as readers will."""
    begun = time.perf_counter()
    go()
    page.locator(TEXT).wait_for()
    ready = time.perf_counter() - begun
    page.locator(LOOK).wait_for()
    return ready, time.perf_counter() - begun
