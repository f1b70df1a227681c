"""Two real servers over one database: whichever is asked, it is one desk and one publication."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from made_encoder import made_encoder
from server_processes import (
    ASKED,
    DESK,
    GUIDE,
    NEW,
    answers_kept,
    changed_guide,
    started,
    until,
)
from signing_in import PASSPHRASE
from small import small_folder

from index.publish.build import build


@pytest.mark.timeout(3600)
def test_two_servers_are_one(database: str, token: str, tmp_path: Path) -> None:
    """The second begins with nothing and serves what the first has; a draft begun on one is
    published by the other and served by both; a session holds on both; one that is killed and loses
    all that it kept comes back with everything, and what was answered is in one journal."""
    guides, one, other = small_folder(tmp_path / "guide"), tmp_path / "prima", tmp_path / "seconda"
    build(guides, one, made_encoder())
    bearer = {"Authorization": f"Bearer {token}"}
    with started(one, guides, database) as first:
        with started(other, tmp_path / "nessuna", database) as second:
            snapshot = first.health()["snapshot"]
            assert second.health()["snapshot"] == snapshot
            assert second.health()["shared"]["edition"] == 1
            name = {"name": "redazione", "passphrase": PASSPHRASE}
            word = first.client.post("/api/admin/session", json=name).json()["word"]
            cookie = "; ".join(f"{name}={said}" for name, said in first.client.cookies.items())
            headers = {"X-CSRF-Token": word, "Cookie": cookie}
            seen = second.client.get("/api/admin/session", headers=headers)
            assert seen.status_code == 200, seen.text
            first.client.cookies.clear()

            draft = first.client.post(f"{DESK}/drafts", json={"name": "A"}, headers=bearer).json()
            where = f"{DESK}/drafts/{draft['id']}"
            sent = changed_guide(first)
            saved = first.client.put(f"{where}/guides/{GUIDE.stem}", json=sent, headers=bearer)
            assert saved.status_code == 200, saved.text
            done = second.client.post(f"{where}/publish", json={"reason": "prova"}, headers=bearer)
            assert done.status_code == 200, done.text
            published = second.health()["snapshot"]
            assert published != snapshot
            until(lambda: first.health()["snapshot"] == published, first)
            assert NEW in (first.var / "guides" / GUIDE).read_text("utf-8")
            assert NEW not in (guides / GUIDE).read_text("utf-8")  # where it began is left alone
            told = [one.client.post("/api/chat", json=ASKED).json() for one in (first, second)]
            assert [one["snapshot"] for one in told] == [published, published]
            assert told[0]["answer"] == told[1]["answer"]
            for server in (first, second):
                until(lambda server=server: server.health()["shared"]["edition"] == 2)
                counted = server.client.get("/metrics").text
                assert 'bussola_answer_seconds_count{step="total"} 1.0' in counted
                assert "bussola_edition 2.0" in counted
                assert "richiedente" not in counted  # never what was asked
            until(lambda: len(answers_kept(database)) == 2)  # of both, in one journal
            os.kill(second.process.pid, signal.SIGKILL)
            second.process.wait()
        shutil.rmtree(other)
        with started(other, tmp_path / "nessuna", database) as again:
            assert again.health()["snapshot"] == published
            undo = f"{DESK}/publications/{done.json()['publication']}/undo"
            undone = again.client.post(undo, json={}, headers=bearer)
            assert undone.status_code == 200, undone.text
            back = again.health()["snapshot"]
            until(lambda: first.health()["snapshot"] == back, first)
            assert NEW not in (first.var / "guides" / GUIDE).read_text("utf-8")
