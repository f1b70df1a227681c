"""What the browser tests of the chat begin with."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from web import PATIENCE_MS

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def chat(page: Page, live_server: str) -> Page:
    page.goto(live_server)
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    return page
