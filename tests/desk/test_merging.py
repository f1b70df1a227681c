"""A draft and its file, changed both: put together where they do not meet, told where they do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_drafts import GUIDE, REASON, URL, another, app_of, changed
from fastapi.testclient import TestClient
from signing_in import person, signed_in

from chatbot.desk.merging import Meeting, merged


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(app_of(folder, four_eyes=True)) as client:
        signed_in(client, person(folder / "var"))
        yield client


def test_changes_that_do_not_meet_are_merged(client: TestClient, folder: Path) -> None:
    """What was changed in the folder comes into the draft with one click; the text before it is
    kept aside. Where both changed one line, that line is told and nothing moves."""
    path, name = folder / "guides" / GUIDE, changed(client, folder)
    address = f"{URL}/drafts/{name}/guides/conto-di-base"
    path.write_text(path.read_text("utf-8").replace("Prima dell'appuntamento", "Prima"), "utf-8")
    assert "Unisci le due modifiche" in client.get(f"{URL}/draft/{name}").text
    assert client.post(f"{address}/merge").status_code == 200
    now = client.get(address).json()
    assert "Sì, da oggi:" in now["body"]
    assert "Prima dell'appuntamento" not in now["body"]
    assert len(now["aside"]) == 1
    other = another(client, folder)
    assert other.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 200

    second = changed(client, folder, "x")
    text = path.read_text("utf-8")
    clash = f"{URL}/drafts/{second}/guides/conto-di-base"
    body = client.get(clash).json()
    sent = {key: body[key] for key in ("head", "fields", "version")}
    mine = body["body"].replace("Sì, da oggi:", "Sì, da ieri:")
    client.put(clash, json={**sent, "body": mine})
    path.write_text(text.replace("Sì, da oggi:", "Sì, mai:"), "utf-8")
    told = client.post(f"{clash}/merge")
    assert told.status_code == 409
    assert "«Sì, mai: chi" in told.json()["detail"]


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [("A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"), ("a\nb\nc\n", "a\nb\n", "a\nb\n"),
     ("A\nb\nc\n", "A\nb\nc\n", "A\nb\nc\n"), ("a\nb\nc\nd\n", "z\na\nb\nc\n", "z\na\nb\nc\nd\n")],
)  # fmt: skip
def test_merging_line_by_line(mine: str, theirs: str, both: str) -> None:
    assert merged("a\nb\nc\n", mine, theirs) == both


def test_changes_that_meet_are_told() -> None:
    with pytest.raises(Meeting, match="«X"):
        merged("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n")
