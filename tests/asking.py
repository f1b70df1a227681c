"""Somebody who asks several servers without a pause, while a test does something to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import NamedTuple

import httpx
from several import ASKED, PATIENCE_S


class Told(NamedTuple):
    """A question: when it was asked and answered, and how; 0 where nobody answered, and `why` then
    (the class of the last error)."""

    begun: float
    ended: float
    status: int
    why: str = ""

    @property
    def failed(self) -> bool:
        return self.status != 200


class Asking:
    """By turns, a question and an opinion on its answer. `told` are the questions, `seen` the
    snapshots that each server answered from, `kept` the answers whose opinion was acknowledged.
    `balancing`, a server to which there is no connection is passed over, as a proxy does."""

    def __init__(self, addresses: Sequence[str], balancing: bool = False) -> None:
        self.told: list[Told] = []
        self.seen: dict[str, list[str]] = {address: [] for address in addresses}
        self.kept: list[str] = []
        self.rounds = 0
        self._balancing = balancing
        self._stopping = Event()
        self._thread = Thread(target=self._run)

    @property
    def statuses(self) -> list[int]:
        return [one.status for one in self.told]

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
        addresses = list(self.seen)
        with httpx.Client(timeout=PATIENCE_S) as client:
            while not self._stopping.is_set():
                for n, address in enumerate(addresses):
                    others = addresses[n + 1 :] + addresses[:n] if self._balancing else []
                    self._ask(client, [address, *others])
                self.rounds += 1

    def _ask(self, client: httpx.Client, addresses: Sequence[str]) -> None:
        begun, status, why = monotonic(), 0, ""
        for address in addresses:
            try:
                answer = client.post(f"{address}/api/chat", json={"question": ASKED})
            except httpx.ConnectError as error:
                why = type(error).__name__
                continue  # nothing was sent
            except httpx.HTTPError as error:
                why = type(error).__name__
                break
            status, why = answer.status_code, ""
            break
        self.told.append(Told(begun, monotonic(), status, why))
        if status == 200:
            self.seen[address].append(answer.json()["snapshot"])
            self._judge(client, address, answer.json()["id"])

    def _judge(self, client: httpx.Client, address: str, answer: str) -> None:
        said = {"answer_id": answer, "reason": "ottima"}
        try:
            if client.post(f"{address}/api/feedback", json=said).is_success:
                self.kept.append(answer)
        except httpx.HTTPError:
            pass  # nobody acknowledged it


def longest_failure_s(told: Iterable[Told]) -> float:
    """Of what one asked, the longest stretch without an answer: from the first question that failed
    to the end of the last before the next that did not."""
    stretches = (list(some) for failed, some in groupby(told, lambda one: one.failed) if failed)
    return max((some[-1].ended - some[0].begun for some in stretches), default=0.0)


def figures(asking: Sequence[Asking]) -> str:
    """What those who asked met with, in a line."""
    told = [one for each in asking for one in each.told]
    failed = sum(one.failed for one in told)
    how = Counter(one.why or str(one.status) for one in told if one.failed)
    longest = max(longest_failure_s(each.told) for each in asking)
    slowest = max(one.ended - one.begun for one in told)
    return (
        f"{len(told)} questions, {failed} failed ({100 * failed / len(told):.2f} %"
        f"{''.join(f', {n} {name}' for name, n in sorted(how.items()))}), longest "
        f"stretch of failed ones {longest:.2f} s, slowest answer {slowest:.2f} s"
    )
