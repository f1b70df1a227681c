"""A draft on its way out: approved by another, or on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_drafts import GUIDE, REASON, URL, another, app_of, changed, version
from fastapi.testclient import TestClient
from signing_in import person, signed_in

from chatbot.desk.drafts import Drafts
from chatbot.desk.due_drafts import publish_due
from chatbot.desk.publications import Ground, Publisher
from chatbot.http.access import FILE, Keyring
from chatbot.library import Library
from chatbot.parts import part
from index.publish.snapshot import current_id


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(app_of(folder, four_eyes=True)) as client:
        signed_in(client, person(folder / "var"))
        yield client


def test_a_draft_waits_for_a_second_person(client: TestClient, folder: Path) -> None:
    """Who wrote it neither publishes nor approves; a reviewer does, who sees that it waits. A
    change afterwards is to be read again."""
    name = changed(client, folder)
    refused = client.post(f"{URL}/drafts/{name}/publish", json=REASON)
    assert refused.status_code == 422
    assert "seconda persona" in refused.json()["detail"]
    approve = f"{URL}/drafts/{name}/approve"
    mine = client.post(approve, json={"version": version(client, name)})
    assert "l'approva un'altra persona" in mine.json()["detail"]
    reviewer = another(client, folder)
    assert "aspetta che tu la legga" in reviewer.get(f"{URL}/todo").text
    assert "Ho letto: approvo" in reviewer.get(f"{URL}/draft/{name}").text
    assert "Sì, da oggi:" in reviewer.get(f"{URL}/reading/{name}-conto-di-base").text
    old = version(client, name)
    assert reviewer.post(approve, json={"version": old}).json()["approved_by"] == ["revisione"]
    save = f"{URL}/drafts/{name}/guides/conto-di-base"
    now = client.get(save).json()
    sent = {key: now[key] for key in ("head", "fields", "version")}
    client.put(save, json={**sent, "body": now["body"] + "\nUna riga.\n"})
    assert client.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 422
    assert reviewer.post(approve, json={"version": old}).status_code == 410
    reviewer.post(approve, json={"version": version(client, name)})
    assert client.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 200


def test_neither_a_machine_nor_the_folder_goes_round(client: TestClient, folder: Path) -> None:
    """A code of access approves nothing and does not publish a draft alone; what skips drafts is
    not for editors."""
    name, machine = changed(client, folder), TestClient(client.app)
    token = Keyring(folder / "var" / FILE).create("macchina", "editor")
    machine.headers["Authorization"] = f"Bearer {token}"
    body = {"version": version(client, name)}
    assert machine.post(f"{URL}/drafts/{name}/approve", json=body).status_code == 403
    assert machine.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 422
    for path, sent in (("reindex", {}), ("publish", {"snapshot": current_id(folder / "var")})):
        assert client.post(f"/api/admin/{path}", json=sent).status_code == 403
    assert another(client, folder).post(f"{URL}/drafts/{name}/publish", json=REASON).is_success


def test_who_reads_alone_may_publish_where_one_is_enough(folder: Path) -> None:
    """Without the setting nobody is asked for a second person."""
    with TestClient(app_of(folder, four_eyes=False)) as client:
        signed_in(client, person(folder / "var"))
        name = changed(client, folder)
        assert client.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 200


def test_an_operator_reads_a_draft_and_changes_nothing(client: TestClient, folder: Path) -> None:
    """The link for colleagues opens the draft and asks it; nothing else."""
    name, operator = changed(client, folder), TestClient(client.app)
    signed_in(operator, person(folder / "var", "sportello", "operator"))
    assert "Sì, da oggi:" in operator.get(f"{URL}/reading/{name}-conto-di-base").text
    assert operator.get(f"{URL}/draft/{name}").status_code == 200
    asked = operator.post(f"{URL}/drafts/{name}/ask", json={"question": "Si apre un conto?"})
    assert asked.status_code == 200
    assert operator.get(f"{URL}/todo").status_code == 403
    for path in ("publish", "approve", "impact"):
        sent = {"version": 1, "reason": "x"}
        assert operator.post(f"{URL}/drafts/{name}/{path}", json=sent).status_code == 403
    assert operator.delete(f"{URL}/drafts/{name}").status_code == 403


def test_publication_on_a_day(client: TestClient, folder: Path) -> None:
    """Nothing before; on the day as whoever chose it wanted. A draft that changed meanwhile is
    not published by itself, and says why."""
    library = part(client.app, Library)  # type: ignore[arg-type]
    drafts, publisher = part(client.app, Drafts), part(client.app, Publisher)  # type: ignore[arg-type]
    today, reviewer = library.network.today(), another(client, folder)
    tomorrow = today + timedelta(days=1)

    def ground() -> Ground:
        return Ground(library.bot.encoder, library.snapshot)

    path, name = folder / "guides" / GUIDE, changed(client, folder)
    address = f"{URL}/drafts/{name}/schedule"
    late = reviewer.put(address, json={"day": str(today), **REASON})
    assert late.status_code == 422
    told = reviewer.put(address, json={"day": str(tomorrow), **REASON}).json()
    assert told["day"] == str(tomorrow)
    assert "Si pubblica da sola" in client.get(f"{URL}/draft/{name}").text
    assert publish_due(drafts, publisher, ground, today) == []
    assert publish_due(drafts, publisher, ground, tomorrow) == [name]
    assert "Sì, da oggi:" in path.read_text("utf-8")
    (done,) = publisher.all()
    assert (done.by, done.reason, done.role) == ("revisione", "norma nuova", "revisione")

    path.write_text(path.read_text("utf-8").replace("Sì, da oggi:", "Sì, la seconda volta:"))
    library.refresh()
    again = changed(client, folder, "da domani")
    reviewer.put(f"{URL}/drafts/{again}/schedule", json={"day": str(tomorrow), **REASON})
    client.post(f"{URL}/drafts/{again}/guides", json={"title": "Altro"})
    assert publish_due(drafts, publisher, ground, tomorrow) == []
    assert "cambiata dopo" in client.get(f"{URL}/draft/{again}").text
    assert "Sì, da domani:" not in path.read_text("utf-8")
