"""What tells a danger is fitted by a command, on the signs that serve."""

from __future__ import annotations

import numpy as np

from eval.fitting.danger import fit_danger, report


def test_dangers_apart_from_ordinary_questions_are_found() -> None:
    """Where the first sign alone tells them, it gets the weight, and nothing is missed."""
    random = np.random.default_rng(5)
    dangers = np.arange(240) % 8 == 0
    signs = random.normal(0, 0.01, (240, 3))
    signs[dangers, 0] += 0.08
    figures = fit_danger(signs, dangers)
    first, *others = figures["coefficients"]
    assert first > 3 * max(map(abs, others))
    assert figures["average_precision"] > 0.99
    assert figures["thresholds"]["0.5"] == {"found": 30, "too_many": 0}
    assert report(figures).startswith(f"BEYOND_HEADINGS = {first}")
