"""What the doors of other programs add to an answer: one real answer, worked out once and then
given without work, asked at `/api/chat`, `/v1/chat/completions` and `/mcp` in turn."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from statistics import median, quantiles
from typing import Any

import httpx
import structlog
import uvicorn
from fastapi import FastAPI

from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.library import Library
from chatbot.parts import part
from chatbot.question import Question
from chatbot.settings import Settings

QUESTION = "Si può aprire un conto di base?"
MOST_MS = 5.0  # what a door may add
OWN, WARM = "/api/chat", 5
_FREE = "1000000 per minute"
_CALL = {"name": "ask", "arguments": {"question": QUESTION}}
ASKED: Mapping[str, dict[str, Any]] = {
    OWN: {"question": QUESTION},
    "/v1/chat/completions": {
        "model": "bussola", "messages": [{"role": "user", "content": QUESTION}]
    },
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": _CALL},
}  # fmt: skip
_HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


class _Ready:
    """A bot that has its answer already."""

    helper = None

    def __init__(self, bot: Bot, answer: Answer) -> None:
        self.encoder = bot.encoder
        self._answer = answer

    def reply(self, *_: object) -> Answer:
        return self._answer


def benchmark(settings: Settings, rounds: int) -> dict[str, Any]:
    """For each door milliseconds from request to whole response (median and 95 in 100), and what it
    adds to our own pages' door at the median; `kept` when that is at most `MOST_MS`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rates = {f"{name}_rate": _FREE for name in ("ask", "global", "read", "program")}
    # the server stands above this room: it is asked for by its name, as whoever starts it does
    create_app = import_module("server").create_app
    app = create_app(settings.model_copy(update={**rates, "journal_url": "off"}))
    library = part(app, Library)
    answer = library.bot.reply(Question(QUESTION), library.snapshot)
    library.bot = _Ready(library.bot, answer)  # type: ignore[assignment]
    with _served(app) as address, httpx.Client(base_url=address, headers=_HEADERS) as client:
        took = _measure(client, rounds)
    own = median(took[OWN])
    doors = {
        name: {"p50_ms": round(median(ms), 2), "p95_ms": round(quantiles(ms, n=20)[-1], 2),
               "adds_ms": round(median(ms) - own, 2)}
        for name, ms in took.items()
    }  # fmt: skip
    kept = all(door["adds_ms"] <= MOST_MS for door in doors.values())
    return {"rounds": rounds, "doors": doors, "most_ms": MOST_MS, "kept": kept}


def _measure(client: httpx.Client, rounds: int) -> dict[str, list[float]]:
    """Each door once in every round, so that whatever else the machine does falls on all alike."""
    took: dict[str, list[float]] = {name: [] for name in ASKED}
    for n in range(WARM + rounds):
        for name, body in ASKED.items():
            began = time.perf_counter()
            response = client.post(name, json=body)
            ms = 1000 * (time.perf_counter() - began)
            _must_answer(name, response)
            if n >= WARM:
                took[name].append(ms)
    return took


def _must_answer(name: str, response: httpx.Response) -> None:
    said = response.json()
    if response.status_code != 200 or said.get("error") or said.get("result", {}).get("isError"):
        raise RuntimeError(f"{name}: {response.status_code} {response.text[:300]}")


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    """The address of `app`, served on a free port of the loopback."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, args=([place],), daemon=True)
        thread.start()
        _wait(lambda: server.started, thread)
        try:
            yield f"http://127.0.0.1:{place.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def _wait(done: Callable[[], bool], thread: threading.Thread, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        if not thread.is_alive() or time.monotonic() > end:
            raise RuntimeError("il server non parte")
        time.sleep(0.02)
