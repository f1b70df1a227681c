"""«Still valid»: the two days of a guide change, and nothing else of its file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from networks import NETWORK

from index.check.renew import renew, renewed
from index.publish.snapshot import load_current


def test_still_valid_writes_or_gives_a_patch(client: TestClient, folder: Path) -> None:
    """The two dates change and nothing else; a guide edited meanwhile is not touched."""
    path = folder / "guides/schede/conto-di-base.md"
    before = path.read_text("utf-8")
    done = client.post("/api/admin/desk/valid/conto-di-base").json()
    after = path.read_text("utf-8")
    assert done["written"]
    changed = [b for a, b in zip(before.split("\n"), after.split("\n"), strict=True) if a != b]
    assert len(changed) in {1, 2}
    assert f"verificato_il: {NETWORK.today().isoformat()}" in after
    assert "+verificato_il: " in done["patch"]
    again = client.post("/api/admin/desk/valid/conto-di-base")
    assert again.status_code == 422
    assert "prima ripubblicala" in again.json()["detail"]
    assert client.post("/api/admin/desk/valid/non-esiste").status_code == 404


def test_a_read_only_folder_gives_the_patch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file cannot be replaced the patch comes back and the file is as it was."""
    guide = load_current(folder / "var").guides["codice-fiscale"]
    path = folder / "guides" / guide.path
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("index.files.os.replace", refuse)
    done = renew(guide, folder / "guides", date(2027, 1, 10))
    assert not done.written
    assert path.read_bytes() == before
    assert "+verificato_il: 2027-01-10" in done.patch
    assert "2027-01-10" in done.text


def test_renewed_keeps_every_other_byte() -> None:
    """Windows line ends, comments and order of the front matter stay."""
    text = (
        "---\r\ntitolo: x\r\nverificato_il: 2026-01-02  # a mano\r\nrivedere_entro: 2026-02-02\r\n"
    )
    new = renewed(text, date(2026, 11, 23), date(2026, 12, 24))
    assert new == text.replace("2026-01-02  ", "2026-11-23").replace("2026-02-02", "2026-12-24")
