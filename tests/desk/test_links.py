"""The links of the guides on the desk: looked at when somebody asks, with how far it got."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from fastapi.testclient import TestClient
from pytest_httpserver import HTTPServer

from chatbot.desk.links import LinkRounds
from chatbot.http.access import FILE, Keyring
from chatbot.parts import provide

URL = "/api/admin/desk"


def local(host: str, port: int) -> Sequence[str]:
    """Every name leads to this machine: for tests alone."""
    return ["127.0.0.1"]


def test_a_round_on_the_desk(client: TestClient, folder: Path, httpserver: HTTPServer) -> None:
    """Asked for by an editor alone; what does not work stands in the list of what is to be done and
    beside its guide, with the day; the filter finds that guide."""
    httpserver.expect_request("/via").respond_with_data("", 404)
    path = folder / "guides/schede/conto-di-base.md"
    dead = f"http://sito.example:{httpserver.port}/via"
    path.write_text(path.read_text("utf-8") + f"\nVedi [la pagina]({dead}).\n", "utf-8")
    assert client.post("/api/admin/reindex").status_code == 200
    provide(client.app, LinkRounds(folder / "var", local, pause=0))  # type: ignore[arg-type]
    links = f"{URL}/links"
    evaluator = Keyring(folder / "var" / FILE).create("valutatrice", "evaluator")
    assert client.post(links, headers={"Authorization": ""}).status_code == 401
    wrong = {"Authorization": f"Bearer {evaluator}"}
    assert client.post(links, headers=wrong).status_code == 403
    assert "mai controllati" in client.get(f"{URL}/todo").text
    assert client.post(links).status_code == 200
    deadline = time.monotonic() + 300
    while (now := client.get(links).json())["running"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert now["looked"] == now["total"] > 0
    todo = client.get(f"{URL}/todo").text
    assert dead in todo[todo.index('id="collegamenti"') :]
    assert "La pagina non c&#39;è più (errore 404)" in todo
    found = client.get(f"{URL}/guides?stato=collegamenti+rotti").text
    assert "/redazione/guida/conto-di-base" in found
    assert "collegamenti rotti" in found or "collegamento rotto" in found
    assert client.delete(links).json()["running"] is False
