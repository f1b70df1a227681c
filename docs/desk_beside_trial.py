"""What the tests of a draft cost a question, for `docs/desk_figures.py`: the same questions alone
and beside a run of them, in turns, so that whoever else uses the machine weighs on both."""

from __future__ import annotations

import statistics
import time

import httpx
from fastapi import FastAPI

from chatbot.desk.impact import Impacts
from chatbot.parts import part

URL = "/api/admin/desk"
EACH = 60  # questions of a turn
LONGEST_S = 900
P95 = 18  # of the twenty parts' nineteen edges, the last


def measure_beside_trial(client: httpx.Client, app: FastAPI, draft: str, asked: list[str]) -> None:
    """Prints when a run's first result is there and, of its two parts, the first questions in the
    server and the others in a process of their own: p95 alone, beside it, and their ratio."""
    halves = [asked[:EACH], asked[EACH : 2 * EACH]]
    first = list[float]()
    for name, begun in (("prime", "first"), ("altre", "total")):
        alone, beside = list[float](), list[float]()
        for one, other in (halves, halves[::-1]):  # each half in both ways: one may be harder
            alone += [_seconds(client, question) for question in one]
            first.append(_first_result(client, draft))
            _wait(client, draft, begun)
            beside += [_seconds(client, question) for question in other]
            _stop(app, draft)
        before, during = (statistics.quantiles(found, n=20)[P95] for found in (alone, beside))
        print(
            f"{'p95 accanto alle ' + name + ' prove':32} {during:7.2f} s, {before:6.2f} s da sola"
        )
        print(f"{'rapporto':32} {during / before:7.2f}, {len(alone)} domande", flush=True)
    print(f"{'primi risultati delle prove':32} {min(first):7.2f} s, {max(first):6.2f} s al più")


def _seconds(client: httpx.Client, question: str) -> float:
    begun = time.perf_counter()
    client.post("/api/chat", json={"question": question}).raise_for_status()
    return time.perf_counter() - begun


def _first_result(client: httpx.Client, draft: str) -> float:
    """Seconds from the press of the button to the first line of the page."""
    begun = time.perf_counter()
    client.post(f"{URL}/drafts/{draft}/impact").raise_for_status()
    while "Finora" not in client.get(f"{URL}/impact/{draft}").raise_for_status().text:
        if time.perf_counter() - begun > LONGEST_S:
            raise TimeoutError("Le prove non hanno dato nessun risultato.")
        time.sleep(0.05)
    return time.perf_counter() - begun


def _wait(client: httpx.Client, draft: str, begun: str) -> None:
    """Until the run is at its second part, where that is wanted."""
    end = time.perf_counter() + LONGEST_S
    while begun == "total" and time.perf_counter() < end:
        told = client.get(f"{URL}/drafts/{draft}/impact").raise_for_status().json()
        if told["total"]:
            return
        if told["state"] != "running":
            raise RuntimeError(f"Le prove si sono fermate: {told['why']}")
        time.sleep(0.2)


def _stop(app: FastAPI, draft: str) -> None:
    """The run would go on for minutes: it is given up, as one of an older version is, and gone
    before the next questions are asked alone."""
    running = part(app, Impacts)._running
    if task := running.get(draft):
        task.get_loop().call_soon_threadsafe(task.cancel)
    while draft in running:
        time.sleep(0.05)
