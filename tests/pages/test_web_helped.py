"""Where a language model helped the page says so, and which; the privacy page too."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect
from web import answer, ask, serve

from chatbot.bot import Bot
from chatbot.helper.helper import ModelHelper
from chatbot.library import Library
from chatbot.pages import site
from chatbot.parts import provide
from chatbot.settings import Settings
from index.publish.snapshot import Snapshot

NAME = "piccolo <b>7</b>"
WORDS = "Un modello linguistico"


def test_the_model_is_named_under_the_answer(page: Page, live_server: str) -> None:
    """As text, whatever its name; where none helped nothing is said."""
    page.goto(live_server)
    serve(page, answer(help={"model": NAME, "uses": ["point"]}))
    ask(page)
    note = page.locator(".helped")
    expect(note).to_contain_text(f"{WORDS} ({NAME})")
    expect(note).to_contain_text("parola per parola")
    page.goto(live_server)
    page.unroute_all()
    serve(page, answer())
    ask(page, "Un'altra domanda")
    expect(page.locator(".answer").last).to_be_visible()
    expect(page.locator(".turn").last.locator(".helped")).to_have_count(0)


def test_the_privacy_page_says_which_model_and_what_it_gets(
    bot: Bot, snapshot: Snapshot, tmp_path: Path
) -> None:
    """Only where one is switched on."""
    app = FastAPI()
    app.include_router(site.router)
    library = Library(tmp_path, bot, snapshot)
    provide(app, Settings(_env_file=None, var=tmp_path), library)
    assert WORDS not in TestClient(app).get("/privacy").text
    bot.helper = ModelHelper(SimpleNamespace(complete=str), "piccolo", ["point"])
    try:
        told = TestClient(app).get("/privacy").text
    finally:
        bot.helper = None
    assert f"{WORDS} aiuta" in told
    assert "(piccolo)" in told
