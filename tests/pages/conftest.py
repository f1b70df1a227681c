"""What the browser tests of the chat, and of the desk, begin with."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from desk_pages import SLOW_MS
from playwright.sync_api import Page, expect
from serving import free_port
from signing_in import person
from web import PATIENCE_MS

from chatbot.journal.records import Cited, Entry, Feedback
from chatbot.journal.writer import Journal
from chatbot.parts import part
from chatbot.settings import Settings
from server import create_app

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def chat(page: Page, live_server: str) -> Page:
    page.goto(live_server)
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    return page


@pytest.fixture
def patient(page: Page) -> None:
    """What the browser waits for is worked out by a real server."""
    page.set_default_timeout(SLOW_MS)


@pytest.fixture
def desk(small_copy: Path) -> Iterator[tuple[str, str, Path]]:
    """Address of a server over a small folder, the name of an editor, and the guides."""
    guides, var = small_copy / "guides", small_copy / "var"
    name, port = person(var), free_port()
    app = create_app(Settings(guides=guides, var=var))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    for record in (
        Entry("a1", "Dove si fa lo SPID?", "no_answer"),
        Entry("a2", "Un conto di base senza residenza si apre?", "no_answer"),
        Entry(
            "c1", "Serve la residenza?", "answered", cited=(Cited(1, "conto-di-base", "x", "No."),)
        ),
        Feedback("c1", "incompleta", "manca il rinnovo"),
    ):
        part(app, Journal).put(record).result(10)
    yield f"http://127.0.0.1:{port}", name, guides
    server.should_exit = True
    thread.join(20)
