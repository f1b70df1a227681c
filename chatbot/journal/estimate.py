"""From a few judgements to all answers: how many are right, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # two-sided 95 %
FEW = 9  # judgements up to which the bot's confidence corrects nothing


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged answer: what was found (1 or 0), what the bot's confidence had foretold (0 to 1),
    and how many answers it stands for."""

    found: float
    foretold: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of all answers with its 95 % interval, from `n` judgements; `worth` is how many
    judgements without the bot's confidence would tell as much."""

    value: float
    low: float
    high: float
    n: int
    worth: float


def estimate(judged: Sequence[Judged], foretold: Sequence[float]) -> Estimate | None:
    """The share of all answers for which a judgement would say 1; `foretold` are those of the
    answers that nobody judged. None without a judgement.

    Prediction-powered inference for a mean, power-tuned (Angelopoulos, Bates, Fannjiang, Jordan
    and Zrnic, Science 382, 2023; Angelopoulos, Duchi and Zrnic, «PPI++», 2023). With y the n
    judgements, f what the confidence foretells of each, and F the same of the N others:

        θ = λ·mean(F) + mean(y − λ·f)
        var(θ) = λ²·var(F)/N + var(y − λ·f)/n
        λ = cov(y, f) / ((1 + n/N)·var(f)), held between 0 and 1

    λ = 0 is the plain mean: a confidence that foretells nothing costs nothing. Means and variances
    are weighted by how many answers each judgement stands for, and n is then Kish's effective size,
    (Σw)²/Σw². For few judgements, and shares near 0 or 1, the interval is Wilson's (1927) with
    `worth` = var(y)/var(θ) in the place of n.
    """
    if not judged:
        return None
    y, f, w = (np.array([getattr(one, name) for one in judged], dtype=np.float64)
               for name in ("found", "foretold", "weight"))  # fmt: skip
    rest = np.asarray(foretold, dtype=np.float64)
    size = float(w.sum() ** 2 / (w**2).sum())
    tuned = _lambda(y, f, w, size, len(rest))
    others = tuned * float(rest.mean()) if tuned else 0.0
    value = min(1.0, max(0.0, others + float(np.average(y - tuned * f, weights=w))))
    worth = size
    if tuned and (plain := _variance(y, w)) > 0:
        # two numbers, mean and λ, are taken from the judgements themselves
        left = _variance(y - tuned * f, w) * (len(y) - 1) / (len(y) - 2)
        worth = size * plain / (left + size * tuned**2 * float(rest.var()) / len(rest))
    worth = max(size, worth)
    return Estimate(value, *wilson(value, worth), len(judged), worth)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share seen in `n` cases, which need not be a whole number."""
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * float(np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))) / (1 + Z**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def _lambda(
    y: NDArray[np.float64], f: NDArray[np.float64], w: NDArray[np.float64], size: float, rest: int
) -> float:
    spread = _variance(f, w)
    if len(y) <= FEW or rest == 0 or spread == 0:
        return 0.0
    together = float(np.average((y - np.average(y, weights=w)) * (f - np.average(f, weights=w)),
                                weights=w))  # fmt: skip
    return float(np.clip(together / ((1 + size / rest) * spread), 0.0, 1.0))


def _variance(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    return float(np.average((values - np.average(values, weights=weights)) ** 2, weights=weights))
