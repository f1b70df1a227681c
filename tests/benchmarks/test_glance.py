"""The height of an answer, measured in the real page of a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from eval.benchmarks import glance


def benchmark(address: str, asked: list[list[str]]) -> dict[str, Any]:
    """In a thread, since the tests of pages keep a browser of their own in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(glance.benchmark, address, asked).result()


def test_an_answer_is_measured_on_every_screen(
    live_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Narrower is higher; a few answers give the figures of each screen."""
    monkeypatch.setattr(glance, "SCREENS", ((1280, 800), (320, 640)))
    asked = [["Si può aprire un conto senza residenza?"], ["Ciao"]]
    found = benchmark(live_server, asked)
    assert found["questions"] == 2
    wide, narrow = found["screens"]["1280x800"], found["screens"]["320x640"]
    assert 0 < wide["p50_px"] <= wide["p90_px"] <= wide["max_px"] < narrow["max_px"]
    assert wide["over_screen"] == 0
    assert wide["dangers"] == 0


def test_a_danger_is_in_sight(live_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its numbers and first step above the field of the smallest phone, with nothing touched."""
    monkeypatch.setattr(glance, "SCREENS", ((320, 640),))
    found = benchmark(live_server, [["una donna mi dice che il marito la picchia"]])
    [narrow] = found["screens"].values()
    assert (narrow["dangers"], narrow["dangers_first_in_sight"]) == (1, 1)


def test_a_server_that_is_not_there_is_told() -> None:
    """With its address."""
    with pytest.raises(glance.GlanceError, match=r"127\.0\.0\.1:9"):
        benchmark("http://127.0.0.1:9", [["Ciao"]])
