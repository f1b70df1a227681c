"""Servers of the tests, each on a port of its own, that share a database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from made_encoder import made_encoder
from serving import served

from chatbot.settings import Settings
from index.publish.build import build
from server import create_app

PATIENCE_S = 600  # a busy machine is slow, not wrong
ASKED = "Il richiedente asilo può aprire un conto di base?"


@dataclass(frozen=True)
class Server:
    client: httpx.Client
    var: Path

    def ask(self) -> httpx.Response:
        return self.client.post("/api/chat", json={"question": ASKED})

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = self.client.get("/api/health").json()
        return told


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def a_server(var: Path, guides: Path, database: str) -> Iterator[Server]:
    """With the encoder made for the tests (`made`), behind uvicorn."""
    settings = Settings(guides=guides, var=var, database_url=database)
    with (
        served(create_app(settings)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        yield Server(client, var)


def built(guides: Path, var: Path) -> None:
    build(guides, var, made_encoder())
