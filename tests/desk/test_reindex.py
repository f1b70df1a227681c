"""What the admin routes build, publish and take back."""

from __future__ import annotations

import time
from pathlib import Path

from fastapi.testclient import TestClient
from small import edit

from index.publish.published import current_id
from index.publish.shelf import build_lock
from index.publish.snapshot import load


def test_reindex_publishes_in_a_moment(client: TestClient, folder: Path) -> None:
    """One changed guide is published and served at once, from the model in memory."""
    edit(folder / "guides", "pubblicata")
    start = time.process_time()
    summary = client.post("/api/admin/reindex").json()
    assert time.process_time() - start < 2
    assert (summary["changed"], summary["encoded"], summary["published"]) == (1, 1, True)
    assert client.get("/api/health").json()["snapshot"] == summary["snapshot"]
    answer = client.post("/api/chat", json={"question": "Come si apre un conto di base?"}).json()
    assert answer["snapshot"] == summary["snapshot"]


def test_reindex_tells_what_is_wrong(client: TestClient, folder: Path) -> None:
    """Errors come back with file and line, a build under way as a conflict; nothing changes."""
    before = current_id(folder / "var")
    with build_lock(folder / "var"):
        assert client.post("/api/admin/reindex").status_code == 409
    (folder / "guides/schede/rotta.md").write_text("---\ntitolo: [\n---\n\n# Rotta\n")
    told = client.post("/api/admin/reindex")
    assert told.status_code == 422
    assert told.json()["errors"][0]["field"].startswith("schede/rotta.md:")
    assert current_id(folder / "var") == before


def test_draft_publish_and_rollback(client: TestClient, folder: Path) -> None:
    """A draft changes nothing until published, with who and why; rollback undoes it."""
    before = current_id(folder / "var")
    edit(folder / "guides", "bozza")
    draft = client.post("/api/admin/draft").json()["snapshot"]
    assert client.get("/api/health").json()["snapshot"] == before
    body = {"snapshot": draft, "reason": "norma nuova"}
    assert client.post("/api/admin/publish", json=body).json() == {"published": draft}
    (note,) = load(folder / "var", draft).manifest["publications"]
    assert (note["by"], note["why"]) == ("redattrice", "norma nuova")
    assert client.post("/api/admin/rollback").json() == {"published": before}
    assert client.get("/api/health").json()["snapshot"] == before
    assert client.post("/api/admin/publish", json={"snapshot": "../x"}).status_code == 422
