"""Somebody who asks several servers without a pause, while a test does something to them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType

import httpx
from several import ASKED, PATIENCE_S


class Asking:
    """By turns, a question and an opinion on its answer. `statuses` are those of the questions,
    `seen` the snapshots that each server answered from, `kept` the answers whose opinion was
    acknowledged."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.statuses: list[int] = []
        self.seen: dict[str, list[str]] = {address: [] for address in addresses}
        self.kept: list[str] = []
        self.rounds = 0
        self._stopping = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stopping.set()
        self._thread.join(PATIENCE_S)

    def _run(self) -> None:
        with httpx.Client(timeout=PATIENCE_S) as client:
            while not self._stopping.is_set():
                for address, seen in self.seen.items():
                    self._ask(client, address, seen)
                self.rounds += 1

    def _ask(self, client: httpx.Client, address: str, seen: list[str]) -> None:
        with suppress(httpx.HTTPError):
            answer = client.post(f"{address}/api/chat", json={"question": ASKED})
            self.statuses.append(answer.status_code)
            if not answer.is_success:
                return
            seen.append(answer.json()["snapshot"])
            said = {"answer_id": answer.json()["id"], "reason": "ottima"}
            if client.post(f"{address}/api/feedback", json=said).is_success:
                self.kept.append(said["answer_id"])
            return
        self.statuses.append(0)
