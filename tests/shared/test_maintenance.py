"""What is closed for a while says so kindly, on every server; all else stays open."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from markupsafe import escape
from typer.testing import CliRunner, Result

from chatbot.__main__ import app as commands
from chatbot.pages.maintenance import CLOSED, Closed
from chatbot.pages.texts import load_texts
from chatbot.parts import provide
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.document import Document
from chatbot.shared.folder_drawer import FolderDrawer
from chatbot.shared.maintenance import FILE, Maintenance
from chatbot.words.pack import LANGUAGES


@pytest.fixture
def switch(tmp_path: Path) -> Maintenance:
    return Maintenance(Document(FolderDrawer(tmp_path), FILE))


@pytest.fixture
def client(tmp_path: Path, switch: Maintenance) -> TestClient:
    app = FastAPI()
    provide(app, Settings(var=tmp_path))
    for path in ("/", "/guide", "/api/health"):
        app.add_api_route(path, lambda: "ok")
    for path in ("/api/chat", "/api/chat/stream", "/api/passages", "/v1/chat/completions", "/mcp"):
        app.add_api_route(path, lambda: "ok", methods=["POST"])
    app.add_middleware(Closed, maintenance=switch)
    return TestClient(app)


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, ["maintenance", *words])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_every_language(
    language: str, client: TestClient, switch: Maintenance
) -> None:
    """It says that guides can be read; programs are told when to come back."""
    switch.close(["chat"])
    page = client.get(f"/?lingua={language}")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "300")
    text = load_texts(language)
    assert f"<h1>{escape(text('paused'))}</h1>" in page.text
    assert escape(text("paused_long")) in page.text
    assert f'lang="{language}"' in page.text


def test_each_part_is_closed_by_itself(client: TestClient, switch: Maintenance) -> None:
    """Guides and what watches the server never are."""

    def closed() -> set[str]:
        posts = ("/api/chat", "/api/chat/stream", "/api/passages", "/v1/chat/completions", "/mcp")
        found = {path for path in posts if client.post(path).status_code == 503}
        return found | {
            p for p in ("/", "/guide", "/api/health") if client.get(p).status_code != 200
        }

    assert closed() == set()
    switch.close(["chat"])
    assert closed() == {"/", "/api/chat", "/api/chat/stream"}
    told = client.post("/api/chat").json()
    assert (told["status"], told["detail"]) == (503, CLOSED)
    switch.close(["api"])
    assert closed() == {"/api/passages", "/v1/chat/completions", "/mcp"}
    switch.close([])
    assert closed() == set()


def test_the_commands_reach_a_server_that_runs(
    tmp_path: Path, switch: Maintenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts may be added, `off` opens all, a document that cannot be read changes nothing."""
    monkeypatch.setenv("BUSSOLA_VAR", str(tmp_path))
    assert run("status").output == "niente\n"
    assert run("on", "--part", "api").output == "In manutenzione: api.\n"
    assert run("on", "--part", "guide").exit_code == 2
    switch.look()
    assert switch.closed == {"api"}
    assert run("on").output == "In manutenzione: api, chat.\n"
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    switch.look()
    assert switch.closed == {"api"}
    assert run("off").exit_code == 0
    switch.look()
    assert switch.closed == set()


def test_a_switch_is_one_for_every_server(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the shared database, whichever machine the command runs on."""
    engine = open_shared(database)
    other = Maintenance(Document(Cabinet(Path(), engine).drawer(), FILE))
    monkeypatch.setenv("BUSSOLA_DATABASE_URL", database)
    assert run("on", "--part", "chat").exit_code == 0
    other.look()
    assert other.closed == {"chat"}
    engine.dispose()
