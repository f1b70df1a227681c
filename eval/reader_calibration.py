"""From the reader's logits on pages it has not learnt from to probabilities and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from chatbot.reader import Calibration, calibrated
from eval.benchmarks.reading import answer_scores, unanswerable_scores


@dataclass(frozen=True)
class Scored:
    """Logits of a page: one for each unit (n,), one for "it answers"; the gold units."""

    units: NDArray[np.float64]
    answer: float
    gold: frozenset[int]


def calibrate(pages: Sequence[Scored]) -> Calibration:
    """Platt scaling (Platt 1999) of both logits, then the two thresholds that do best."""
    units = np.concatenate([page.units for page in pages])
    hits = np.concatenate([[n in page.gold for n in range(len(page.units))] for page in pages])
    unit_slope, unit_shift = _platt(units, hits)
    answers = np.array([page.answer for page in pages])
    answer_slope, answer_shift = _platt(answers, np.array([bool(page.gold) for page in pages]))
    trials = [
        Calibration(unit_slope, unit_shift, answer_slope, answer_shift, float(unit), float(answer))
        for unit in np.arange(0.1, 0.7, 0.025)
        for answer in np.arange(0.3, 0.95, 0.025)
    ]
    return max(trials, key=lambda trial: merit(pages, trial))


def merit(pages: Sequence[Scored], calibration: Calibration) -> float:
    """What the thresholds are chosen for: official F + unanswerable F + half of strict P.

    Answering and silence count alike; strict precision is partly in both already.
    """
    gold = [page.gold for page in pages]
    chosen = [frozenset(calibrated(page.units, page.answer, calibration).chosen) for page in pages]
    official = answer_scores(gold, chosen, empty_precision=1.0)
    strict = answer_scores(gold, chosen, empty_precision=0.0)
    return official["F"] + unanswerable_scores(gold, chosen)["F"] + strict["P"] / 2


def _platt(logits: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    model = LogisticRegression(C=1e6).fit(logits[:, None], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
