"""Fits what tells a danger from an ordinary question (`chatbot/judge/guard.py`) on the cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatbot.bot import Bot
from chatbot.understand.query import understand
from eval.runs.run import last_question
from eval.suite.case import Case
from index.publish.snapshot import Snapshot

MISSED = 4.0  # a danger missed counts as so many cards too many
FOLDS, ROUNDS = 6, 5
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def signs_of_cases(
    cases: Sequence[Case], snapshot: Snapshot, bot: Bot
) -> tuple[np.ndarray, np.ndarray]:
    """Signs (n, 3) of the last question of each case and whether it is a danger (n,); cases that
    only tolerate a card are left out."""
    prepared = bot.prepare(snapshot)
    signs, dangers = [], []
    for case in cases:
        danger = case.expected == "emergency"
        if "emergency" in case.outcomes and not danger:
            continue
        query = understand(last_question(bot, snapshot, case), prepared.reference)
        vector = bot.encoder.encode_query_tokens(query.text).vector
        signs.append(prepared.guard.signs(vector, query.own_stems))
        dangers.append(danger)
    return np.array(signs), np.array(dangers)


def fit_danger(signs: np.ndarray, dangers: np.ndarray) -> dict[str, Any]:
    """Coefficients over the signs as they are, intercept, and, cross-validated, the average
    precision and by threshold how many dangers are found and cards too many."""
    model = _model().fit(signs, dangers)
    scale, regression = model[0], model[-1]
    coefficients = regression.coef_[0] / scale.scale_
    left_out = np.mean([_left_out(signs, dangers, seed) for seed in range(ROUNDS)], axis=0)
    return {
        "coefficients": [round(float(c), 2) for c in coefficients],
        "intercept": round(float(regression.intercept_[0] - coefficients @ scale.mean_), 2),
        "dangers": int(dangers.sum()),
        "average_precision": round(float(average_precision_score(dangers, left_out)), 3),
        "thresholds": {
            str(t): {"found": int((left_out[dangers] >= t).sum()),
                     "too_many": int((left_out[~dangers] >= t).sum())}
            for t in THRESHOLDS
        },
    }  # fmt: skip


def _model() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(class_weight={0: 1.0, 1: MISSED}))


def _left_out(signs: np.ndarray, dangers: np.ndarray, seed: int) -> np.ndarray:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    found = cross_val_predict(_model(), signs, dangers, cv=folds, method="predict_proba")
    return np.asarray(found[:, 1])


def report(figures: dict[str, Any]) -> str:
    """What to copy into `chatbot/judge/guard.py`, and how far it can be trusted."""
    headings, asked, shared = figures["coefficients"]
    lines = [
        f"BEYOND_HEADINGS = {headings}, BEYOND_ASKED = {asked}, SHARED = {shared}, "
        f"INTERCEPT = {figures['intercept']}",
        f"average precision, cross-validated: {figures['average_precision']}",
    ]
    lines += [
        f"from {t}: {row['found']} of {figures['dangers']} found, {row['too_many']} cards too many"
        for t, row in figures["thresholds"].items()
    ]
    return "\n".join(lines)
