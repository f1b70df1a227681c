"""What is brought into a draft: documents, tables of services, guides that say `stato: bozza`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from fastapi.testclient import TestClient
from signing_in import person, signed_in

from chatbot.settings import Settings
from index.parse.header import fields_of, split_text
from index.services.table import to_csv
from server import create_app

URL = "/api/admin/desk"


@pytest.fixture
def folder(small_copy: Path) -> Path:
    return small_copy


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    settings = Settings(guides=folder / "guides", var=folder / "var", reload_seconds=60,
                        max_file_bytes=300_000, _env_file=None)  # type: ignore[call-arg]  # fmt: skip
    with TestClient(create_app(settings)) as client:
        signed_in(client, person(folder / "var"))
        yield client


def draft(client: TestClient) -> str:
    return str(client.post(f"{URL}/drafts", json={"name": "x"}).json()["id"])


def word() -> bytes:
    """A document with a table."""
    document = docx.Document()
    document.add_heading("Il bonus trasporti", 0)
    document.add_heading("Chi può chiedere il bonus trasporti?", 1)
    document.add_paragraph("Lo chiede chi viaggia per lavoro e ha un reddito basso.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells],
        ["Situazione", "Che cosa si fa", "Abbonamento scaduto", "Si rinnova allo sportello"],
        strict=True,
    ):
        cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_document_becomes_a_guide_of_the_draft(client: TestClient) -> None:
    """With its headings and its table, no longer marked as a draft: the desk's own draft is what
    keeps it from readers. Again, it takes the place of the first, which is kept aside."""
    name = draft(client)
    address = f"{URL}/drafts/{name}/documents?name=Bonus%20trasporti.docx"
    made = client.post(address, content=word())
    assert made.status_code == 200, made.text
    (slug,) = made.json()["slugs"]
    assert slug == "il-bonus-trasporti"
    guide = client.get(f"{URL}/drafts/{name}/guides/{slug}").json()
    assert "| Abbonamento scaduto | Si rinnova allo sportello |" in guide["body"]
    assert "## Chi può chiedere il bonus trasporti?" in guide["body"]
    assert "stato" not in guide["fields"]
    sent = {key: guide[key] for key in ("head", "fields", "version")}
    client.put(f"{URL}/drafts/{name}/guides/{slug}", json={**sent, "body": "# Mio\n"})
    assert client.post(address, content=word()).status_code == 200
    again = client.get(f"{URL}/drafts/{name}/guides/{slug}").json()
    assert any("# Mio" in aside["text"] for aside in again["aside"])


@pytest.mark.parametrize("name", ["a.docx", "%00.docx", "..", "a%2Fb%0A.docx", "x" * 200])
def test_what_is_no_document_is_told(client: TestClient, name: str) -> None:
    """And leaves the draft as it was."""
    made = draft(client)
    answer = client.post(f"{URL}/drafts/{made}/documents?name={name}", content=b"\x00\x01niente")
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert "Ancora nessuna guida" in client.get(f"{URL}/draft/{made}").text


def test_a_file_may_be_larger_than_a_question_and_not_too_large(client: TestClient) -> None:
    """Nothing of it is read for who has not signed in."""
    address = f"{URL}/drafts/{draft(client)}/documents?name=a.docx"
    assert client.post(address, content=b"x" * 200_000).status_code == 422
    assert client.post(address, content=b"x" * 400_000).status_code == 413
    assert TestClient(client.app).post(address, content=b"x").status_code == 401
    assert client.post("/api/chat", content=b"x" * 200_000).status_code == 413


def test_a_table_of_services(client: TestClient, folder: Path) -> None:
    """Rows that say what is there change nothing; a changed one and a new one come into the draft;
    with a wrong row nothing does, and it is told with its line."""
    table = client.get(f"{URL}/services.csv").text
    name = draft(client)
    address = f"{URL}/drafts/{name}/services?name=carta.csv"
    same = client.post(address, content=table.encode()).json()
    assert (same["slugs"], same["unchanged"]) == ([], 2)
    assert to_csv([]).splitlines()[0] in table
    first, *rows = table.splitlines()
    moved = "\n".join([first, *(row.replace("Torino", "Cuneo") for row in rows)])
    done = client.post(address, content=moved.encode()).json()
    assert "upm-torino" in done["slugs"]
    assert "Cuneo" in client.get(f"{URL}/draft/{name}").text
    assert "Cuneo" not in (folder / "guides/servizi/upm-torino.md").read_text("utf-8")
    wrong = client.post(address, content=table.replace("2026-", "domani ").encode())
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"].startswith("carta.csv:")


def test_guides_that_wait_in_the_folder(client: TestClient, folder: Path) -> None:
    """A guide with `stato: bozza` is listed, opened, corrected, and published by taking that away;
    its file is the one that was there."""
    path = folder / "guides/schede/codice-fiscale-bis.md"
    text = (folder / "guides/schede/codice-fiscale.md").read_text("utf-8")
    text = text.replace("titolo: ", "stato: bozza\ntitolo: Un altro ", 1)
    title = next(line for line in text.splitlines() if line.startswith("# "))
    path.write_text(text.replace(title, "# " + "Un altro " + title[2:]), "utf-8")
    assert "/redazione/guida/codice-fiscale-bis" in client.get(f"{URL}/guides").text
    page = client.get(f"{URL}/guide/codice-fiscale-bis").text
    assert "bozza: non si pubblica" in page
    assert client.get(f"{URL}/guide/non-esiste").status_code == 404
    name = draft(client)
    head, body = split_text(path.read_text("utf-8"))
    fields = fields_of(head)
    assert fields is not None
    address = f"{URL}/drafts/{name}/guides/codice-fiscale-bis"
    sent = {"head": head, "fields": fields, "body": body, "version": 0}
    saved = client.put(address, json={**sent, "fields": {**fields, "stato": ""}})
    assert saved.status_code == 200, saved.text
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "pronta"})
    assert done.status_code == 200, done.text
    assert client.get("/guide/codice-fiscale-bis").status_code == 200
    assert "stato: bozza" not in path.read_text("utf-8")
