"""Texts that are asked for together share a run, and each is given its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.encode.batch import MOST, PADDED, Hidden, Ids, MicroBatch

WAIT_S = 5.0


def echo(ids: Ids, mask: Ids) -> Hidden:
    """Of each token its id, and -1 where it is padding."""
    return np.where(mask == 1, ids, -1)[..., None].astype(np.float32)


class Held:
    """A run that ends when it is let go, and remembers what it was given."""

    def __init__(self) -> None:
        self.runs: list[list[int]] = []  # lengths of the texts of each run
        self.begun, self.free = threading.Event(), threading.Event()

    def __call__(self, ids: Ids, mask: Ids) -> Hidden:
        self.runs.append([int(n) for n in mask.sum(axis=1)])
        self.begun.set()
        assert self.free.wait(WAIT_S)
        return echo(ids, mask)


def text(length: int, start: int = 1) -> list[int]:
    return list(range(start, start + length))


def ask_while_one_runs(
    batch: MicroBatch, held: Held, first: list[int], others: list[list[int]]
) -> list[Hidden]:
    """All that is given to `first` and to the others, which come while it runs."""
    with ThreadPoolExecutor(1 + len(others)) as pool:
        asked = [pool.submit(batch.hidden, first)]
        assert held.begun.wait(WAIT_S)
        asked += [pool.submit(batch.hidden, ids) for ids in others]
        until(lambda: len(batch._waiting) == len(others))
        held.free.set()
        return [one.result(WAIT_S) for one in asked]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_one_alone_goes_at_once_without_padding() -> None:
    batch = MicroBatch(echo)
    assert batch.hidden(text(7)).ravel().tolist() == text(7)


def test_those_who_come_while_it_runs_go_together() -> None:
    held = Held()
    batch = MicroBatch(held)
    others = [text(10, 100), text(9, 200), text(10, 300)]
    given = ask_while_one_runs(batch, held, text(20), others)
    assert held.runs[0] == [20]
    assert sorted(held.runs[1]) == [9, 10, 10]
    assert len(held.runs) == 2
    assert [hidden.ravel().tolist() for hidden in given] == [text(20), *others]


def test_a_long_text_does_not_pad_the_short_ones() -> None:
    held = Held()
    batch = MicroBatch(held)
    ask_while_one_runs(batch, held, text(5), [text(8), text(400), text(9), text(8), text(390)])
    assert sorted(sorted(lengths) for lengths in held.runs) == [[5], [8, 8, 9], [390, 400]]
    for lengths in held.runs:
        assert max(lengths) * len(lengths) <= PADDED * sum(lengths)


def test_a_run_has_a_bound() -> None:
    held = Held()
    batch = MicroBatch(held)
    ask_while_one_runs(batch, held, text(5), [text(6)] * (MOST + 3))
    assert [len(lengths) for lengths in held.runs] == [1, MOST, 3]


def test_a_failure_reaches_all_who_share_the_run_and_no_others() -> None:
    held = Held()

    def run(ids: Ids, mask: Ids) -> Hidden:
        hidden = held(ids, mask)
        if 13 in ids:
            raise RuntimeError("guasto")
        return hidden

    batch = MicroBatch(run)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(batch.hidden, text(3))
        assert held.begun.wait(WAIT_S)
        unlucky = [pool.submit(batch.hidden, ids) for ids in ([13, 14], [15, 16])]
        until(lambda: len(batch._waiting) == 2)
        held.free.set()
        assert first.result(WAIT_S).ravel().tolist() == text(3)
        for one in unlucky:
            with pytest.raises(RuntimeError, match="guasto"):
                one.result(WAIT_S)
    assert batch.hidden([17]).ravel().tolist() == [17]


def test_many_threads_each_get_their_own() -> None:
    batch = MicroBatch(echo)
    texts = [text(1 + n % 40, 1000 * n) for n in range(400)]
    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(batch.hidden, texts))
    assert [hidden.ravel().tolist() for hidden in given] == texts


def test_two_places_run_two_texts_at_once_and_none_twice() -> None:
    """Who waits while both places are taken goes along with the next, and is run once."""
    both, runs = threading.Barrier(2, timeout=60), []

    def run(ids: Ids, mask: Ids) -> Hidden:
        runs.append(len(ids))
        if len(runs) <= 2:
            both.wait()  # the first two are inside together
        return echo(ids, mask)

    batch = MicroBatch(run, abreast=2)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(batch.hidden, [text(5, start) for start in range(1, 41)]))
    assert [int(hidden[0, 0]) for hidden in found] == list(range(1, 41))
    assert sum(runs) == 40
