"""A logistic regression over named signs, as the bot adds them up: a weight each, an intercept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = 5


def fit_logistic(
    signs: NDArray[Any], truth: NDArray[np.bool_], names: Sequence[str], c: float
) -> tuple[dict[str, float], NDArray[Any]]:
    """The weight of each of the `signs` (n, s) by name, with the `intercept`, for signs as they are
    (not standardised); and the cross-validated probabilities (n,). `c` is the inverse strength of
    the L2 penalty."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=5000))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    chances = cross_val_predict(model, signs, truth, cv=folds, method="predict_proba")[:, 1]
    scale, regression = model.fit(signs, truth)
    coefficients = regression.coef_[0] / scale.scale_
    fitted = {n: round(float(w), 4) for n, w in zip(names, coefficients, strict=True)}
    fitted["intercept"] = round(float(regression.intercept_[0] - coefficients @ scale.mean_), 4)
    return fitted, chances
