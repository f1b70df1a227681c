"""Guides that a draft gives another name, or takes away; and what a draft is called."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

URL = "/api/admin/desk"
OLD, NEW = "conto-di-base", "aprire-il-conto"
GUIDE, RENAMED = f"schede/{OLD}.md", f"schede/{NEW}.md"
ASKED = f"precedenti/{OLD}.csv"
LINKING = ("schede/codice-fiscale.md", "copioni/conto-corrente.md")
REASON = {"reason": "si chiama così"}


@pytest.fixture
def draft(client: TestClient, folder: Path) -> str:
    """A draft; the guide has questions that people put, and a decision that names it."""
    guides = folder / "guides"
    (guides / ASKED).parent.mkdir(exist_ok=True)
    (guides / ASKED).write_text("domanda,sezione,frase\nmi aprono il conto?,residenza,\n", "utf-8")
    decided = f"# decise\n- domande: [Il conto costa?]\n  sezione: {OLD}#residenza\n"
    (guides / "rete/risposte.yaml").write_text(decided, "utf-8")
    assert client.post("/api/admin/reindex").status_code == 200
    return str(client.post(f"{URL}/drafts", json={"name": "Nomi"}).json()["id"])


def files(folder: Path) -> dict[str, bytes]:
    guides = folder / "guides"
    return {
        path.relative_to(guides).as_posix(): path.read_bytes()
        for path in guides.rglob("*")
        if path.is_file()
    }


def test_a_guide_is_renamed_published_and_undone(
    client: TestClient, folder: Path, draft: str
) -> None:
    """Its old addresses lead to it, its precedents go along, the decision that names it is
    corrected; it is tried before; undone, every file has the bytes it had."""
    before = files(folder)
    told = client.post(
        f"{URL}/drafts/{draft}/guides/{OLD}/rename", json={"name": "Aprire il conto"}
    )
    assert told.json() == {
        "draft": draft, "slug": OLD, "path": RENAMED, "network": ["rete/risposte.yaml"]
    }  # fmt: skip
    assert files(folder) == before
    body = client.get(f"{URL}/drafts/{draft}/guides/{OLD}").json()
    assert body["fields"]["nomi_precedenti"] == [OLD]
    look = {"head": body["head"], "fields": body["fields"], "body": body["body"]}
    found = client.post(f"{URL}/preview", json={**look, "path": RENAMED, "was": GUIDE}).json()
    assert [f for f in found["findings"] if f["severity"] == "error"] == []
    assert f"si chiamerà {RENAMED}" in client.get(f"{URL}/draft/{draft}").text
    asked = client.post(f"{URL}/drafts/{draft}/ask", json={"question": "Il conto costa?"}).json()
    assert asked["draft"]["citations"][0]["url"].startswith(f"/guide/{NEW}?")

    done = client.post(f"{URL}/drafts/{draft}/publish", json=REASON)
    assert done.status_code == 200, done.text
    after = files(folder)
    assert not {GUIDE, ASKED} & set(after)
    assert after[f"precedenti/{NEW}.csv"] == before[ASKED]
    assert f"nomi_precedenti: [{OLD}]".encode() in after[RENAMED]
    assert f"{NEW}#residenza".encode() in after["rete/risposte.yaml"]
    assert after["rete/risposte.yaml"].startswith(b"# decise\n")
    led = client.get(f"/guide/{OLD}", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (308, f"/guide/{NEW}")
    assert client.get(f"{URL}/history?guida={NEW}").text.count("/redazione/pubblicazione/") == 1

    undo = f"{URL}/publications/{done.json()['publication']}/undo"
    assert client.post(undo, json={"guide": OLD}).status_code == 422  # the decision names the new
    assert client.post(undo, json={}).status_code == 200
    assert files(folder) == before
    assert client.get(f"/guide/{OLD}", follow_redirects=False).status_code == 200


def test_a_name_that_is_taken_is_refused_and_one_may_go_back(
    client: TestClient, folder: Path, draft: str
) -> None:
    where = f"{URL}/drafts/{draft}/guides/{OLD}/rename"
    refused = client.post(where, json={"name": "codice fiscale"})
    assert refused.status_code == 422
    assert "C'è già una guida" in refused.json()["detail"]
    client.post(where, json={"name": NEW})
    client.post(where, json={"name": "un altro nome"})
    back = client.post(where, json={"name": OLD}).json()
    assert (back["path"], back["network"]) == (GUIDE, ["rete/risposte.yaml"])
    kept = client.get(f"{URL}/drafts/{draft}/guides/{OLD}").json()
    assert "nomi_precedenti" not in kept["fields"]
    nothing = client.post(f"{URL}/drafts/{draft}/publish", json=REASON)
    assert "non cambia nessuna guida" in nothing.json()["detail"]


def test_a_new_guide_takes_the_name_that_it_is_given(client: TestClient, draft: str) -> None:
    """Nobody knows it by another: it has no former names."""
    client.post(f"{URL}/drafts/{draft}/guides", json={"title": "Lo SPID: come si fa?"})
    url = f"{URL}/drafts/{draft}/guides/lo-spid-come-si-fa/rename"
    made = client.post(url, json={"name": "SPID"}).json()
    assert (made["slug"], made["path"]) == ("spid", "schede/spid.md")
    (guide,) = client.put(f"{URL}/drafts/{draft}/name", json={"name": "x"}).json()["guides"]
    assert guide["slug"] == "spid"
    kept = client.get(f"{URL}/drafts/{draft}/guides/spid").json()
    assert "nomi_precedenti" not in kept["fields"]


def corrected(folder: Path) -> None:
    """Nothing names the guide any more."""
    for name in LINKING:
        file = folder / "guides" / name
        text = re.sub(
            rf"\]\([^)]*{OLD}\.md[^)]*\)", "](https://esempio.it)", file.read_text("utf-8")
        )
        file.write_text(text, "utf-8")
    (folder / "guides/rete/risposte.yaml").unlink()


def test_who_names_a_guide_is_told_before_it_goes(
    client: TestClient, folder: Path, draft: str
) -> None:
    """And what names it keeps it from going; once that is corrected it goes with its precedents,
    its address says that it is gone, and undone it is back."""
    other = folder / "guides" / LINKING[0]
    other.write_text(f"{other.read_text('utf-8')}\nPoi [il conto]({OLD}.md).\n", "utf-8")
    client.post("/api/admin/reindex")
    page = client.get(f"{URL}/guide/{OLD}").text
    told = page.split("data-mentions>")[1].split("</ul>")[0]
    for page in ("guida/codice-fiscale", "guida/conto-corrente", "rete/risposte"):
        assert f"/redazione/{page}" in told
    before = files(folder)
    gone = client.post(f"{URL}/drafts/{draft}/guides/{OLD}/remove", json={}).json()
    assert [guide["slug"] for guide in gone["guides"]] == [OLD]
    shown = client.get(f"{URL}/draft/{draft}").text
    assert "da togliere" in shown
    assert "<del>" in shown
    assert files(folder) == before
    refused = client.post(f"{URL}/drafts/{draft}/publish", json=REASON)
    assert refused.status_code == 422
    assert {e["field"].split(":")[0] for e in refused.json()["errors"]} == {
        *LINKING, "rete/risposte.yaml"
    }  # fmt: skip
    assert files(folder) == before

    corrected(folder)
    before = files(folder)
    done = client.post(f"{URL}/drafts/{draft}/publish", json=REASON)
    assert done.status_code == 200, done.text
    assert set(before) - set(files(folder)) == {GUIDE, ASKED}
    assert client.get(f"/guide/{OLD}").status_code == 410
    undo = f"{URL}/publications/{done.json()['publication']}/undo"
    assert client.post(undo, json={"guide": OLD}).status_code == 200
    assert files(folder) == before


def test_who_writes_in_a_guide_that_is_to_go_keeps_it(client: TestClient, draft: str) -> None:
    client.post(f"{URL}/drafts/{draft}/guides/{OLD}/remove", json={})
    assert "da togliere" in client.get(f"{URL}/guide/{OLD}?bozza={draft}").text
    kept = client.get(f"{URL}/drafts/{draft}/guides/{OLD}").json()
    sent: dict[str, Any] = {key: kept[key] for key in ("head", "fields", "version")}
    sent["body"] = kept["body"] + "\nResta.\n"
    assert client.put(f"{URL}/drafts/{draft}/guides/{OLD}", json=sent).status_code == 200
    assert "da togliere" not in client.get(f"{URL}/draft/{draft}").text


def test_a_draft_is_called_as_one_chooses(client: TestClient, draft: str) -> None:
    """Who agrees with it still does: its name is no part of what was read."""
    named = client.put(f"{URL}/drafts/{draft}/name", json={"name": " Circolare di novembre "})
    assert (named.json()["name"], named.json()["version"]) == ("Circolare di novembre", 1)
    assert "Circolare di novembre" in client.get(f"{URL}/drafts-list").text
    assert client.put(f"{URL}/drafts/{draft}/name", json={"name": " "}).status_code == 422


@pytest.mark.parametrize("name", ["", "  ", "../x", "a/../../b", "x" * 101])
def test_no_name_leads_out_of_the_folder(
    client: TestClient, folder: Path, draft: str, name: str
) -> None:
    told = client.post(f"{URL}/drafts/{draft}/guides/{OLD}/rename", json={"name": name})
    if told.status_code == 200:
        assert told.json()["path"].startswith("schede/")
        assert ".." not in told.json()["path"]
    else:
        assert told.status_code == 422
