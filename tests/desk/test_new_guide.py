"""A guide that begins in a draft: from questions, or from the model of its kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_drafts import URL, draft
from fastapi.testclient import TestClient


def test_a_new_guide_for_questions(client: TestClient, folder: Path) -> None:
    """It begins with the questions as asked, is told what it lacks, and is published in its
    folder; undone, it is gone."""
    name = draft(client)
    body = {"title": "Lo SPID: «come» si fa?", "questions": ['Dove si fa lo "SPID"?', "spid\x07 -"]}
    made = client.post(f"{URL}/drafts/{name}/guides", json=body).json()
    (guide,) = made["guides"]
    assert (guide["slug"], guide["path"]) == ("lo-spid-come-si-fa", "schede/lo-spid-come-si-fa.md")
    assert client.post(f"{URL}/drafts/{name}/guides", json=body).status_code == 422
    text = client.get(f"{URL}/drafts/{name}/guides/lo-spid-come-si-fa").json()
    assert text["fields"]["domande"] == {"risposta": ['Dove si fa lo "SPID"?', "spid -"]}
    assert text["fields"]["titolo"] == "Lo SPID: «come» si fa"
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "serve"})
    assert done.status_code == 200, done.text
    path = folder / "guides" / guide["path"]
    assert path.is_file()
    client.post(f"{URL}/publications/{done.json()['publication']}/undo", json={})
    assert not path.exists()


@pytest.mark.parametrize("kind", ["scheda", "copione", "servizio", "emergenza"])
def test_every_model_has_no_error(client: TestClient, kind: str) -> None:
    """What an editor begins from can be built as it is."""
    name = draft(client)
    body = {"title": "Una prova", "kind": kind}
    assert client.post(f"{URL}/drafts/{name}/guides", json=body).status_code == 200
    guide = client.get(f"{URL}/drafts/{name}/guides/una-prova").json()
    sent = {key: guide[key] for key in ("head", "fields", "body")}
    found = client.post(f"{URL}/preview", json=sent).json()["findings"]
    assert [f for f in found if f["severity"] == "error"] == []
    assert client.post(f"{URL}/drafts/{name}/changes").status_code == 200
