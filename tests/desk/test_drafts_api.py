"""Drafts through their routes: two editors on one guide, published, undone, and who stays out."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_drafts import GUIDE, URL, draft, opened, other, sentence
from fastapi.testclient import TestClient

from index.publish.published import current_id


def test_a_sentence_is_corrected_published_and_undone(client: TestClient, folder: Path) -> None:
    """Only that sentence of the file changes; it is served at once, with who and why in the
    history; undone, the file has the bytes it had."""
    before, path = current_id(folder / "var"), folder / "guides" / GUIDE
    old, mine, name = path.read_text("utf-8"), opened(folder), draft(client)
    mine["body"] = sentence(mine["body"], "da oggi")
    saved = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine)
    assert saved.json() == {"draft": name, "version": 1, "outside": False}
    assert path.read_text("utf-8") == old
    changes = client.post(f"{URL}/drafts/{name}/changes").json()
    assert [c["kind"] for c in changes["changes"]] == ["changed"]
    page = client.get(f"{URL}/draft/{name}").text
    assert "<del>Sì, la seconda volta:" in page
    assert "<ins>Sì, da oggi:" in page

    refused = client.post(f"{URL}/drafts/{name}/publish", json={"reason": " "})
    assert refused.status_code == 422
    assert "scrivi perché" in refused.json()["detail"]
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "norma nuova"}).json()
    assert path.read_text("utf-8") == old.replace("la seconda volta", "da oggi")
    assert client.get("/api/health").json()["snapshot"] == done["snapshot"] != before
    history = client.get(f"{URL}/history").text
    assert "Novembre" in history
    assert "norma nuova" in history
    assert "<ins>Sì, da oggi:" in client.get(f"{URL}/publication/{done['publication']}").text
    again = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine)
    assert again.status_code == 410

    undone = client.post(f"{URL}/publications/{done['publication']}/undo", json={}).json()
    assert path.read_text("utf-8") == old
    assert client.get("/api/health").json()["snapshot"] == undone["snapshot"]
    assert ">annullata<" in client.get(f"{URL}/history?guida=conto-di-base").text
    twice = client.post(f"{URL}/publications/{done['publication']}/undo", json={})
    assert twice.status_code == 409


def test_two_editors_on_one_guide(client: TestClient, folder: Path) -> None:
    """The second to save is told who was first, and no text is lost, whichever is kept."""
    name, address = draft(client), f"{URL}/drafts/{{}}/guides/conto-di-base"
    address = address.format(name)
    first, second, carlo = opened(folder), opened(folder), other(folder)
    first["body"] += "\nScritto da redattrice.\n"
    second["body"] += "\nScritto da collega.\n"
    assert client.put(address, json=first).json()["version"] == 1
    refused = client.put(address, json=second, headers=carlo)
    assert refused.status_code == 409
    assert "redattrice ha salvato questa guida" in refused.json()["detail"]
    client.put(address, json=second, headers=carlo)  # a browser that tries again
    now = client.get(address).json()
    assert now["body"].endswith("Scritto da redattrice.\n")
    assert [a["by"] for a in now["aside"]] == ["collega"]

    over = client.put(address, json={**second, "version": 1, "over": True}, headers=carlo)
    assert over.json()["version"] == 2
    kept = client.get(address).json()
    assert kept["body"].endswith("Scritto da collega.\n")
    assert any("Scritto da redattrice." in aside["text"] for aside in kept["aside"])
    assert client.put(address, json={**first, "version": 2}).json()["version"] == 3


def test_a_change_in_the_folder_is_never_overwritten(client: TestClient, folder: Path) -> None:
    """Whoever edits the files and who writes in the page are told of each other."""
    path, name, mine = folder / "guides" / GUIDE, draft(client), opened(folder)
    mine["body"] = sentence(mine["body"], "da oggi")
    address = f"{URL}/drafts/{name}/guides/conto-di-base"
    client.put(address, json=mine)
    path.write_text(path.read_text("utf-8").replace("Prima dell'appuntamento", "Prima"), "utf-8")
    outside = path.read_bytes()
    body = {"reason": "norma nuova"}
    refused = client.post(f"{URL}/drafts/{name}/publish", json=body)
    assert refused.status_code == 409
    assert GUIDE in refused.json()["detail"]
    assert path.read_bytes() == outside
    page = client.get(f"{URL}/guide/conto-di-base?bozza={name}").text
    assert "qualcuno ha cambiato questo file" in page
    assert client.put(address, json={**mine, "version": 1}).json()["outside"] is True
    client.post(f"{address}/restart")
    assert client.post(f"{URL}/drafts/{name}/publish", json=body).status_code == 200
    assert "Sì, da oggi:" in path.read_text("utf-8")


def test_a_file_changed_between_opening_and_the_first_save(
    client: TestClient, folder: Path
) -> None:
    """The text is kept, and the draft knows that it began from another file."""
    path, name, mine = folder / "guides" / GUIDE, draft(client), opened(folder)
    digest = client.get(f"{URL}/guide/conto-di-base").text.split('data-digest="')[1][:64]
    path.write_text(path.read_text("utf-8") + "\nUna riga in più.\n", "utf-8")
    mine |= {"body": mine["body"] + "\nMia.\n", "digest": digest}
    saved = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine).json()
    assert saved["outside"] is True
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "x"})
    assert done.status_code == 409


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "drafts/{}/guides/x"), ("DELETE", "drafts/{}"), ("POST", "drafts/{}/publish"),
     ("POST", "drafts/{}/ask"), ("POST", "drafts"), ("GET", "todo"), ("GET", "guides"),
     ("GET", "guide/conto-di-base"), ("GET", "history"), ("GET", "services.csv"),
     ("POST", "publications/x/undo"), ("POST", "preview"), ("GET", "draft/{}"),
     ("PUT", "drafts/{}/name"), ("POST", "drafts/{}/guides/x/rename"),
     ("POST", "drafts/{}/guides/x/remove")],
)  # fmt: skip
def test_nothing_opens_without_a_code(client: TestClient, method: str, path: str) -> None:
    """Nor with a body that is wrong, which would tell what is right."""
    url = f"{URL}/{path.format(draft(client))}"
    assert client.request(method, url, headers={"Authorization": ""}).status_code == 401


def test_hostile_names_lead_nowhere(client: TestClient, folder: Path) -> None:
    """Neither a draft nor a guide is a way to another file; what is written stays text."""
    name = draft(client)
    for which in ("..%2f..%2ftokens", "0" * 15, "zzzzzzzzzzzzzzzz"):
        assert client.get(f"{URL}/drafts/{which}/guides/x").status_code in (404, 422)
        assert client.get(f"{URL}/draft/{which}").status_code in (404, 422)
    body = {**opened(folder), "head": ""}
    assert client.put(f"{URL}/drafts/{name}/guides/non-esiste", json=body).status_code == 404
    made = client.post(
        f"{URL}/drafts/{name}/guides", json={"title": "../../<script>alert(1)</script>"}
    ).json()
    assert made["guides"][0]["path"].startswith("schede/script-alert-1-script")
    bad = "<script>alert(1)</script>\n</textarea><img src=x onerror=alert(1)>"
    sent = {"body": bad, "version": 1}
    slug = made["guides"][0]["slug"]
    assert client.put(f"{URL}/drafts/{name}/guides/{slug}", json=sent).status_code == 200
    for page in (f"guide/{slug}?bozza={name}", f"draft/{name}", "drafts-list", "todo"):
        html = client.get(f"{URL}/{page}").text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
