"""Two real servers over one database: whichever is asked, it is one desk and one publication."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from folders import ROOT, TESTS
from made_encoder import made_encoder
from serving import free_port
from signing_in import PASSPHRASE
from small import small_folder
from sqlalchemy import func, select

from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.people import People
from chatbot.http.access import FILE as TOKENS
from chatbot.http.access import Keyring
from chatbot.journal.engine import open_engine
from chatbot.journal.records import answers
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.document import Document
from index.parse.header import fields_of, split_text
from index.publish.build import build

APART = TESTS / "shared/apart.py"
PATIENCE_S = 600  # a busy machine is slow, not wrong
DESK = "/api/admin/desk"
GUIDE = Path("schede/conto-di-base.md")
NEW = "Chi arriva da un altro sportello trova la stessa risposta."


@dataclass(frozen=True)
class Server:
    """One process; what it keeps in `var` it may lose."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    var: Path

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = self.client.get("/api/health").json()
        return told

    def ready(self) -> bool:
        try:
            return self.client.get("/api/ready").status_code == 200
        except httpx.HTTPError:
            return False


def until(wanted: Callable[[], bool], server: Server | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not wanted():
        assert server is None or server.process.poll() is None, "the server stopped"
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def started(var: Path, guides: Path, database: str) -> Iterator[Server]:
    port = free_port()
    environment = {
        **os.environ, "PYTHONPATH": f"{ROOT}:{TESTS}", "HOST": "127.0.0.1", "PORT": str(port),
        "BUSSOLA_GUIDES": str(guides), "BUSSOLA_VAR": str(var), "BUSSOLA_DATABASE_URL": database,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, APART], cwd=ROOT, env=environment)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        server = Server(process, client, var)
        try:
            until(server.ready, server)
            yield server
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def token(database: str) -> Iterator[str]:
    """Of an editor, and a person who may sign in, made before the first server starts."""
    engine = open_shared(database)
    drawer = Cabinet(Path(), engine).drawer()
    people = People(Document(drawer, PEOPLE))
    people.accept(people.invite("editor", "prove"), "redazione", PASSPHRASE)
    yield Keyring(Document(drawer, TOKENS)).create("redattrice", "editor")
    engine.dispose()


def changed_guide(server: Server) -> dict[str, Any]:
    """What an editor sends who adds a sentence."""
    text = (server.var / "guides" / GUIDE).read_text("utf-8")
    head, body = split_text(f"{text.rstrip()}\n\n{NEW}\n")
    return {"head": head, "fields": fields_of(head), "body": body, "version": 0}


def answers_kept(database: str) -> int:
    engine = open_engine(database)
    with engine.connect() as connection:
        kept = connection.scalar(select(func.count()).select_from(answers)) or 0
    engine.dispose()
    return kept


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
            asked = {"question": "Il richiedente asilo può aprire un conto di base?"}
            told = [one.client.post("/api/chat", json=asked).json() for one in (first, second)]
            assert [one["snapshot"] for one in told] == [published, published]
            assert told[0]["answer"] == told[1]["answer"]
            for server in (first, second):
                until(lambda server=server: server.health()["shared"]["edition"] == 2)
                counted = server.client.get("/metrics").text
                assert 'bussola_answer_seconds_count{step="total"} 1.0' in counted
                assert "bussola_edition 2.0" in counted
                assert "richiedente" not in counted  # never what was asked
            until(lambda: answers_kept(database) == 2)  # of both, in one journal
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
