"""From a few judgements to all answers: the estimate by hand, and what its intervals hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from chatbot.journal.estimate import FEW, Judged, estimate, wilson


def test_few_judgements_are_a_plain_share_with_wilsons_interval() -> None:
    """Nothing is corrected by a confidence of which too little is known; none, no estimate."""
    found = estimate([Judged(1, 0.9), Judged(1, 0.8), Judged(0, 0.1)], [0.5] * 100)
    assert found is not None
    assert (found.value, found.n, found.worth) == (pytest.approx(2 / 3), 3, 3)
    by_scipy = stats.binomtest(2, 3).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((by_scipy.low, by_scipy.high), abs=1e-6)
    assert estimate([], [0.5]) is None


def test_a_confidence_that_is_right_corrects_the_share() -> None:
    """By hand: y = f for all, so λ = 1/(1 + n/N) = 10/11 with n = 10 and N = 100, and with the
    others foretold 0.8: 10/11·0.8 + 0.5 − 10/11·0.5. Far fewer judgements would be needed."""
    judged = [Judged(n % 2, n % 2) for n in range(10)]
    found = estimate(judged, [0.8] * 100)
    assert found is not None
    assert found.value == pytest.approx(10 / 11 * 0.8 + 0.5 - 10 / 11 * 0.5)
    assert found.worth > 10 * FEW
    assert found.low < found.value < found.high


def test_a_confidence_that_says_nothing_costs_nothing() -> None:
    """Where it varies against the judgements, or not at all, the share is the plain one."""
    for foretold in ([0.5] * 12, [1.0 - n % 2 for n in range(12)]):
        judged = [Judged(n % 2, f) for n, f in enumerate(foretold)]
        found = estimate(judged, [0.9] * 50)
        assert found is not None
        assert (found.value, found.worth) == (pytest.approx(0.5), pytest.approx(12))


def test_a_judgement_stands_for_as_many_as_its_weight() -> None:
    """Three of one week of 30, one of one of 90: Kish's size is (3·10 + 90)²/(3·100 + 90²)."""
    found = estimate([*[Judged(1, 0.5, 10)] * 3, Judged(0, 0.5, 90)], [0.5] * 116)
    assert found is not None
    assert found.value == pytest.approx(30 / 120)
    assert found.worth == pytest.approx(120**2 / (3 * 100 + 90**2))


@pytest.mark.parametrize(("n", "share", "tells"), [(12, 0.6, True), (20, 0.9, True),
                                                   (20, 0.9, False), (60, 0.7, True)])  # fmt: skip
def test_intervals_hold_the_true_share(n: int, share: float, tells: bool) -> None:
    """Of 400 samples of 600 answers about 95 in a hundred; narrower than without the confidence
    where it tells something, never much wider where it does not."""
    draw = np.random.default_rng(24)
    held, width, plain = 0, 0.0, 0.0
    for _ in range(400):
        confidence = draw.beta(4 * share, 4 * (1 - share), 600) if tells else draw.random(600)
        right = draw.random(600) < (confidence if tells else share)
        order = draw.permutation(600)
        judged = [Judged(right[k], confidence[k]) for k in order[:n]]
        found = estimate(judged, confidence[order[n:]].tolist())
        assert found is not None
        held += found.low <= right.mean() <= found.high
        low, high = wilson(right[order[:n]].mean(), n)
        width, plain = width + found.high - found.low, plain + high - low
    assert held / 400 > 0.92
    assert width < (0.96 if tells else 1.01) * plain
