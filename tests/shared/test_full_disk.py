"""The disk of one server is full: nothing that was acknowledged is lost, and who looks is told."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest
from made_encoder import made_encoder
from server_processes import (
    ASKED,
    DESK,
    GUIDE,
    NEW,
    Server,
    answers_kept,
    changed_guide,
    started,
    until,
)
from small import small_folder

from chatbot.shared.follower import FULL
from index.publish.build import build


def set_room(server: Server, most: int) -> None:
    """How long a file of its process may become: with none the system refuses every write, as a
    disk does that is full."""
    hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, hard))


def ask(server: Server) -> str:
    answer = server.client.post("/api/chat", json=ASKED)
    assert answer.status_code == 200, answer.text
    name: str = answer.json()["id"]
    opinion = {"answer_id": name, "reason": "ottima"}
    assert server.client.post("/api/feedback", json=opinion).is_success
    return name


@pytest.mark.timeout(3600)
def test_a_full_disk_of_one_server(database: str, token: str, tmp_path: Path) -> None:
    """It goes on answering from the edition that it has, and its answers and opinions are in the
    journal; a text saved there is in its draft; it publishes nothing, and says no. What another
    publishes it cannot have: it says so, and is taken out. With room again it has it by itself."""
    guides = small_folder(tmp_path / "guide")
    build(guides, tmp_path / "prima", made_encoder())
    bearer = {"Authorization": f"Bearer {token}"}
    with (
        started(tmp_path / "prima", guides, database) as well,
        started(tmp_path / "altra", tmp_path / "nessuna", database, subprocess.DEVNULL) as full,
    ):
        before = full.health()["snapshot"]
        told = {ask(full)}
        set_room(full, 0)
        told |= {ask(full) for _ in range(3)}
        made = full.client.post(f"{DESK}/drafts", json={"name": "A"}, headers=bearer)
        assert made.status_code == 200, made.text
        where = f"{DESK}/drafts/{made.json()['id']}"
        saved = full.client.put(f"{where}/guides/{GUIDE.stem}", json=changed_guide(full),
                                headers=bearer)  # fmt: skip
        assert saved.status_code == 200, saved.text
        refused = full.client.post(f"{where}/publish", json={"reason": "prova"}, headers=bearer)
        assert not refused.is_success
        assert well.health()["shared"]["edition"] == 1
        kept = well.client.get(f"{where}/guides/{GUIDE.stem}", headers=bearer)
        assert NEW in kept.json()["body"]

        done = well.client.post(f"{where}/publish", json={"reason": "prova"}, headers=bearer)
        assert done.status_code == 200, done.text
        until(lambda: not full.ready(), full)
        health = full.health()
        assert (health["status"], health["snapshot"]) == ("degraded", before)
        assert FULL in health["detail"]
        assert "bussola_ready 0.0" in full.client.get("/metrics").text
        told.add(ask(full))
        assert well.ready()
        set_room(full, resource.RLIM_INFINITY)
        published = well.health()["snapshot"]
        assert published != before
        until(lambda: full.health()["snapshot"] == published, full)
        assert full.ready()
        assert NEW in (full.var / "guides" / GUIDE).read_text("utf-8")
        assert FULL not in full.health()["detail"]
        until(lambda: answers_kept(database) == told)
