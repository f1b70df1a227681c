"""What the doors for other programs add to our own: `/v1/chat/completions` and `/mcp` beside
`/api/chat`, one question, one server, each once in every round."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median, quantiles
from typing import Any

import httpx

from eval.load.service import running_service

QUESTION = "Si può aprire un conto di base?"
MOST_MS = 5.0  # what a door may add
OWN, WARM = "/api/chat", 5
_CALL = {"name": "ask", "arguments": {"question": QUESTION}}
ASKED: Mapping[str, dict[str, Any]] = {
    OWN: {"question": QUESTION},
    "/v1/chat/completions": {
        "model": "bussola", "messages": [{"role": "user", "content": QUESTION}]
    },
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": _CALL},
}  # fmt: skip
_HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


def benchmark(rounds: int) -> dict[str, Any]:
    """For each door milliseconds from request to whole response (median and 95 in 100), and what it
    adds to our own pages' door at the median; `kept` when that is at most `MOST_MS`. Raises
    BussolaError when the server does not start."""
    with (
        running_service() as service,
        httpx.Client(base_url=service.url, headers=_HEADERS, timeout=60) as client,
    ):
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
