"""Servers of the tests as processes of their own, which a test may kill or leave without a disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from another_day import here
from folders import ROOT, TESTS
from serving import free_port
from sqlalchemy import select

from chatbot.journal.engine import open_engine
from chatbot.journal.records import answers
from index.parse.header import fields_of, split_text

APART = TESTS / "shared/apart.py"
PATIENCE_S = 600  # a busy machine is slow, not wrong
DESK = "/api/admin/desk"
GUIDE = Path("schede/conto-di-base.md")
NEW = "Chi arriva da un altro sportello trova la stessa risposta."
ASKED = {"question": "Il richiedente asilo può aprire un conto di base?"}


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
def started(
    var: Path, guides: Path, database: str, log: int | None = None, port: int = 0
) -> Iterator[Server]:
    """One that is ready, at a `port` that is free or that one; it writes its log where the test
    does, or to `log`."""
    port = port or free_port()
    environment = {
        **os.environ, **here(ROOT, TESTS), "HOST": "127.0.0.1", "PORT": str(port),
        "BUSSOLA_GUIDES": str(guides), "BUSSOLA_VAR": str(var), "BUSSOLA_DATABASE_URL": database,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, APART], cwd=ROOT, env=environment, stdout=log)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        server = Server(process, client, var)
        try:
            until(server.ready, server)
            yield server
        finally:
            process.terminate()
            process.wait(30)


def changed_guide(server: Server) -> dict[str, Any]:
    """What an editor sends who adds a sentence."""
    text = (server.var / "guides" / GUIDE).read_text("utf-8")
    head, body = split_text(f"{text.rstrip()}\n\n{NEW}\n")
    return {"head": head, "fields": fields_of(head), "body": body, "version": 0}


def answers_kept(database: str) -> set[str]:
    """The names of those in the journal."""
    engine = open_engine(database)
    with engine.connect() as connection:
        found = set(connection.scalars(select(answers.c.id)))
    engine.dispose()
    return found
