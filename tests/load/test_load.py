"""The load generator measures what it says, and cannot be turned against anybody."""

import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apart import apart
from folders import MADE

from eval.load.command import _capacity, _questions
from eval.load.generator import MAX_REQUESTS, LoadReport, Plan, by_lot, jain, load, quantile
from eval.load.promises import (
    Promise,
    calm_promises,
    flood_promises,
    memory_promise,
    reached_promise,
)
from eval.load.service import running_service


@pytest.mark.parametrize("url", ["http://example.org", "http://192.0.2.1", "http://[2001:db8::1]"])
def test_only_this_machine(url: str) -> None:
    """Another machine's address is refused before anything is sent."""
    with pytest.raises(ValueError, match="solo su questa macchina"):
        Plan(url, 1, 1, 1)


@pytest.mark.parametrize(("seconds", "requests"), [(601, 1), (0, 1), (1, MAX_REQUESTS + 1)])
def test_it_is_bounded(seconds: float, requests: int) -> None:
    """No run is longer than ten minutes or larger than the limit."""
    with pytest.raises(ValueError, match="Al massimo"):
        Plan("http://127.0.0.1", 1, seconds, 1, requests)


def test_quantiles_are_nearest_rank() -> None:
    """The 0.95 quantile of 1..100 ms is 95 ms; of nothing, NaN."""
    times = [n / 1000 for n in range(1, 101)]
    assert quantile(times, 0.95) == 95.0
    assert quantile(times, 0.5) == 50.0
    assert math.isnan(quantile([], 0.5))


def test_fairness_is_jains_index() -> None:
    """1 when all get the same, 1/n when one gets all."""
    assert jain([0.5, 0.5, 0.5, 0.5]) == 1.0
    assert jain([0.8, 0, 0, 0]) == 0.25
    assert jain([0, 0]) == 0.0


def test_fairness_by_lot_is_what_drawing_lots_gives() -> None:
    """A thousand operators ask thirty questions each, one in five is accepted by lot: the index
    measured is the one foretold."""
    dice = random.Random(8)
    shares = [sum(dice.random() < 0.2 for _ in range(30)) / 30 for _ in range(1000)]
    foretold = by_lot(round(sum(shares) * 30), 30_000, 1000)
    assert jain(shares) == pytest.approx(foretold, abs=0.02)
    assert by_lot(10, 10, 5) == 1.0
    assert by_lot(0, 10, 5) == 0.0


CALM = LoadReport(
    operators=100, seconds=60.0, sent=600, sent_per_second=10.0, accepted=420, refused=0, errors={},
    untold=0, per_second=7.0, p50_ms=50.0, p95_ms=200.0, p99_ms=300.0, refusal_p95_ms=math.nan,
    fairness=1.0, fairness_by_lot=1.0,
)  # fmt: skip
FLOOD = replace(
    CALM, sent=9000, refused=5000, p95_ms=390.0, refusal_p95_ms=20.0, fairness=0.8,
    fairness_by_lot=0.82,
)  # fmt: skip


def broken(promises: list[Promise]) -> list[str]:
    return [promise.text for promise in promises if not promise.kept]


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"errors": {"ReadError": 1}}, "nessun errore oltre ai rifiuti"),
        ({"accepted": 0}, "nessun errore oltre ai rifiuti"),
        ({"refused": 0}, "il di più è rifiutato, con Retry-After"),
        ({"untold": 1}, "il di più è rifiutato, con Retry-After"),
        ({"refusal_p95_ms": 900.0}, "il rifiuto è immediato"),
        ({"p95_ms": 401.0}, "chi è ammesso non aspetta di più"),
        ({"p95_ms": math.nan}, "chi è ammesso non aspetta di più"),
        ({"fairness": 0.5}, "nessuno è trascurato"),
    ],
)
def test_a_broken_promise_is_named(change: dict[str, Any], promise: str) -> None:
    """What was measured is held against each promise, and only the broken one is told."""
    assert broken(calm_promises(CALM)) == []
    assert broken(flood_promises(CALM, FLOOD)) == []
    assert broken(flood_promises(CALM, replace(FLOOD, **change))) == [promise]


def test_a_flood_that_was_not_sent_breaks_a_promise() -> None:
    """Nine tenths of what was asked for is enough, less shows nothing."""
    assert broken([reached_promise(630.0, 70.0, 10.0)]) == []
    assert broken([reached_promise(97.0, 71.0, 10.0)]) == ["mandate davvero 10 volte"]


def test_a_refusal_on_a_calm_day_breaks_a_promise() -> None:
    """So does memory that grows by a twentieth."""
    assert broken(calm_promises(replace(CALM, refused=1))) == ["nessun rifiuto"]
    assert broken([memory_promise(800, 839)]) == []
    assert broken([memory_promise(800, 840)]) == ["la memoria non cresce"]


@pytest.fixture
def over_made_guides(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `running_service` serves."""
    monkeypatch.setenv("BUSSOLA_VAR", str(published))
    monkeypatch.setenv("BUSSOLA_GUIDES", str(MADE))


def test_a_short_load_has_no_errors_and_excess_is_refused_politely(over_made_guides: None) -> None:
    """Ten operators for three seconds: all answered. Then sixty without a pause: some are refused,
    each with Retry-After, and nothing else goes wrong. A rate is not exceeded."""
    questions = _questions()
    with running_service() as service:
        calm = apart(load, Plan(service.url, 10, 3, 1.0, 500, questions=questions))
        flood = apart(load, Plan(service.url, 60, 3, 0.0, 600, questions=questions))
        crowd = apart(load, Plan(service.url, 10, 2, 0.0, rate=20.0, questions=questions))
    assert calm.errors == {}
    assert calm.accepted > 0
    assert calm.refused == 0
    assert flood.errors == {}
    assert flood.accepted > 0
    assert flood.refused > 0
    assert flood.untold == 0
    assert crowd.errors == {}
    assert 0 < crowd.sent < 80


def test_what_an_answer_takes_of_a_processor_is_told(over_made_guides: None) -> None:
    """More than nothing, and no more than the server took since it started."""
    with running_service() as service:
        rate, processor_ms = apart(_capacity, service, _questions())
        taken_s = service.processor_s()
    assert rate >= 1
    assert 0 < processor_ms <= taken_s * 1000


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_memory_stays_flat_over_thirty_thousand_questions() -> None:
    """After warming up, 30,000 answered questions grow the server's memory by less than 5 %."""
    questions = _questions()
    with running_service() as service:
        apart(load, Plan(service.url, 4, 600, 0.0, 3000, questions=questions))
        before, answered = service.rss_mb(), 0
        while answered < 30_000:
            plan = Plan(service.url, 4, 600, 0.0, 10_000, questions=questions, seed=answered)
            report = apart(load, plan)
            assert report.errors == {}
            assert report.accepted > 0
            answered += report.accepted
        assert memory_promise(before, service.rss_mb()).kept
