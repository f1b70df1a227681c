"""The load generator measures what it says, and cannot be turned against anybody."""

import math

import pytest
from apart import apart

from eval.load import MAX_REQUESTS, Plan, jain, load, quantile
from eval.load_command import _questions
from eval.service import running_service


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
    assert jain([5, 5, 5, 5]) == 1.0
    assert jain([8, 0, 0, 0]) == 0.25
    assert jain([0, 0]) == 0.0


def test_a_short_load_has_no_errors_and_excess_is_refused_politely() -> None:
    """Ten operators for three seconds: all answered. Then three hundred without a pause: some are
    refused, each with Retry-After, and nothing else goes wrong."""
    questions = _questions()
    with running_service() as service:
        calm = apart(load, Plan(service.url, 10, 3, 1.0, 500, questions))
        flood = apart(load, Plan(service.url, 300, 4, 0.0, 3000, questions))
    assert calm.errors == {}
    assert calm.accepted > 0
    assert calm.refused == 0
    assert flood.errors == {}
    assert flood.accepted > 0
    assert flood.refused > 0
    assert flood.untold == 0


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_memory_stays_flat_over_thirty_thousand_questions() -> None:
    """After warming up, 30,000 answered questions grow the server's memory by less than 5 %."""
    questions = _questions()
    with running_service() as service:
        apart(load, Plan(service.url, 16, 600, 0.0, 3000, questions))
        before, answered = service.rss_mb(), 0
        while answered < 30_000:
            report = apart(load, Plan(service.url, 16, 600, 0.0, 10_000, questions, seed=answered))
            assert report.errors == {}
            assert report.accepted > 0
            answered += report.accepted
        assert service.rss_mb() < before * 1.05
