"""A question that comes again on the way is one: worked on once, kept once, shown once."""

from __future__ import annotations

import gzip
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from apart import run_apart
from fastapi import FastAPI
from serving import free_port
from sqlalchemy import Engine, text

from chatbot.http.messages import ChatIn
from chatbot.http.once import KEEP_S, MOST, Once
from chatbot.parts import part
from chatbot.settings import Settings
from server import create_app

QUESTION = {"question": "Quali documenti servono per aprire un conto di base?"}


@pytest.fixture(scope="module")
def served(
    published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, FastAPI]]:
    """Address of a server with a journal of its own."""
    journal = tmp_path_factory.mktemp("once") / "journal.sqlite"
    app = create_app(
        Settings(var=published, journal_url=f"sqlite:///{journal}", _env_file=None)  # type: ignore[call-arg]
    )
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", app
    server.should_exit = True
    thread.join(30)


def post(url: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
    if key:
        headers["Idempotency-Key"] = key
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    return urllib.request.urlopen(request, timeout=120)


def whole(response: Any) -> bytes:
    data = response.read()
    return gzip.decompress(data) if response.headers["Content-Encoding"] == "gzip" else data


def rows(app: FastAPI) -> set[str]:
    """The answers that the journal has, once all that was told to it is written."""
    time.sleep(0.5)
    with part(app, Engine).connect() as connection:
        return {row[0] for row in connection.execute(text("select id from answers"))}


def test_web_04_a_stream_that_is_cut_is_asked_again(served: tuple[str, FastAPI]) -> None:
    """The same answer by the same name, one row; another question, or without a key, is another."""
    address, app = served
    before = rows(app)
    with post(f"{address}/api/chat/stream", QUESTION, "taglio-1") as stream:
        assert stream.readline()  # the first progress; then the connection is closed
    again = json.loads(whole(post(f"{address}/api/chat", QUESTION, "taglio-1")))
    third = json.loads(whole(post(f"{address}/api/chat", QUESTION, "taglio-1")))
    assert again["id"] == third["id"]
    assert rows(app) - before == {again["id"]}
    other = json.loads(
        whole(post(f"{address}/api/chat", {"question": "Cos'è il CPIA?"}, "taglio-1"))
    )
    keyless = {json.loads(whole(post(f"{address}/api/chat", QUESTION)))["id"] for _ in range(2)}
    assert len({again["id"], other["id"], *keyless}) == 4
    said = {"answer_id": again["id"], "reason": "ottima"}
    assert post(f"{address}/api/feedback", said).status < 300


@contextmanager
def proxy(upstream: str) -> Iterator[str]:
    """A reverse proxy that waits for the whole response, compresses it and gives it a length."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept = {
                k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")
            }
            request = urllib.request.Request(upstream + self.path, body, kept)
            with urllib.request.urlopen(request, timeout=120) as response:
                data, kind = gzip.compress(whole(response)), response.headers["Content-Type"]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_web_03_behind_two_proxies_that_hold_all_back(served: tuple[str, FastAPI]) -> None:
    """Twenty questions over the stream: each answered whole, with one row of the journal. Where a
    proxy heeds it, the server says that streams are not to be held back."""
    address, app = served
    before = rows(app)
    with ExitStack() as stack:
        inner = stack.enter_context(proxy(address))
        outer = stack.enter_context(proxy(inner))
        found = []
        for n in range(20):
            body = {"question": f"Quali documenti servono per il conto, pratica {n}?"}
            events = whole(post(f"{outer}/api/chat/stream", body, f"proxy-{n}")).decode()
            (data,) = (
                block.partition("data: ")[2]
                for block in events.replace("\r", "").split("\n\n")
                if block.startswith("event: answer")
            )
            found.append(json.loads(data)["id"])
    assert rows(app) - before == set(found)
    assert len(set(found)) == 20
    direct = post(f"{address}/api/chat/stream", QUESTION)
    assert (direct.headers["X-Accel-Buffering"], direct.headers["Content-Encoding"]) == ("no", None)
    direct.read()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_answers_are_kept_for_a_while_and_not_without_end() -> None:
    """Two minutes and a few hundred; a failure is no answer."""
    run_apart(keeping())


async def keeping() -> None:
    clock = Clock()
    begun: list[int] = []
    once, asked = Once(clock), ChatIn(question="Chi?")

    async def work() -> Any:
        begun.append(len(begun))
        if len(begun) == 1:
            raise ValueError("fermo")
        return begun[-1]

    with pytest.raises(ValueError, match="fermo"):
        await once.answer("a", asked, work)
    assert await once.answer("a", asked, work) == await once.answer("a", asked, work) == 1
    clock.now = KEEP_S + 1
    assert await once.answer("a", asked, work) == 2
    for n in range(MOST):
        await once.answer(f"b{n}", asked, work)
    assert await once.answer("a", asked, work) == MOST + 3
