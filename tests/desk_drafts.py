"""The desk for the tests: a draft begun, a guide as an editor sends it, who reads it, and what the
journal holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from fastapi.testclient import TestClient
from signing_in import person, signed_in

from chatbot.desk.drafts import Drafts
from chatbot.http.access import FILE, Keyring
from chatbot.journal.records import Entry
from chatbot.journal.writer import Journal
from chatbot.parts import part
from chatbot.settings import Settings
from index.parse.header import fields_of, split_text
from server import create_app

GUIDE = "schede/conto-di-base.md"
URL = "/api/admin/desk"
REASON = {"reason": "norma nuova"}


def other(folder: Path) -> dict[str, str]:
    """Headers of a second editor."""
    return {"Authorization": f"Bearer {Keyring(folder / 'var' / FILE).create('collega', 'editor')}"}


def opened(folder: Path) -> dict[str, Any]:
    """A guide as the editor sends it when nothing was changed yet."""
    head, body = split_text((folder / "guides" / GUIDE).read_text("utf-8"))
    return {"head": head, "fields": fields_of(head), "body": body, "version": 0}


def draft(client: TestClient) -> str:
    return str(client.post(f"{URL}/drafts", json={"name": "Novembre"}).json()["id"])


def sentence(body: str, words: str) -> str:
    return body.replace("Sì, la seconda volta:", f"Sì, {words}:")


def app_of(folder: Path, four_eyes: bool) -> Any:
    return create_app(
        Settings(
            guides=folder / "guides", var=folder / "var", reload_seconds=60, four_eyes=four_eyes,
            _env_file=None,
        )  # type: ignore[call-arg]
    )  # fmt: skip


def changed(
    client: httpx.Client, folder: Path, words: str = "da oggi", old: str = "la seconda volta"
) -> str:
    """A draft in which one sentence of one guide is another."""
    head, body = split_text((folder / "guides" / GUIDE).read_text("utf-8"))
    body = body.replace(f"Sì, {old}:", f"Sì, {words}:")
    name = str(client.post(f"{URL}/drafts", json={"name": "Novembre"}).json()["id"])
    sent = {"head": head, "fields": fields_of(head), "body": body, "version": 0}
    answer = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=sent)
    assert answer.status_code == 200, answer.text
    return name


def version(client: TestClient, name: str) -> int:
    return part(client.app, Drafts).get(name).version  # type: ignore[arg-type]


def another(client: TestClient, folder: Path, name: str = "revisione") -> TestClient:
    """A second person, who reviews."""
    other = TestClient(client.app)
    signed_in(other, person(folder / "var", name, "reviewer"))
    return other


def entry(question: str, answer_id: str, **more: object) -> Entry:
    return Entry(id=answer_id, question=question, outcome="no_answer", **more)  # type: ignore[arg-type]


def keep(client: TestClient, *records: object) -> None:
    for record in records:
        part(client.app, Journal).put(record).result(10)  # type: ignore[arg-type]
