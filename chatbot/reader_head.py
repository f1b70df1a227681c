"""The small network over the encoder's token vectors that scores the units; numpy only.

It has the encoder's view (mean vectors of question and unit, their similarity, late interaction)
and the lexical features beside it, and two convolutions over neighbouring units, because answers
run over several. `eval.reader_net.Head` is the same in torch, for training; a test holds them
together.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def score_units(
    weights: Mapping[str, Array], hidden: Array, owner: NDArray[np.int64], features: Array
) -> tuple[Array, float]:
    """Logit of each unit (s,) and of "this window answers".

    `hidden` (t, d) are the last hidden states of one window, `owner` (t,) as in `Window`,
    `features` (s, f) of its units.
    """
    count = len(features)
    asked = hidden[owner == 0]
    member = owner[None, :] == np.arange(1, count + 1)[:, None]
    pooled = (member @ hidden) / member.sum(axis=1, keepdims=True)
    question = asked.mean(axis=0)
    cosine, late = _similarities(hidden, asked, pooled, question, owner, count)
    inputs = np.concatenate([features, _scalars(cosine, late)], axis=1)
    joined = np.concatenate(
        [pooled, np.broadcast_to(question, pooled.shape), pooled * question], axis=1
    )
    state = gelu(_linear(weights, "proj", joined) + _linear(weights, "scal", inputs))
    state = state + gelu(_over_neighbours(weights, "c1", state))
    state = state + gelu(_over_neighbours(weights, "c2", state))
    logits = (_linear(weights, "out", state) + _linear(weights, "skip", inputs))[:, 0]
    return logits, _answerable(weights, hidden[0], question, state, logits, cosine, late)


def _similarities(
    hidden: Array, asked: Array, pooled: Array, question: Array,
    owner: NDArray[np.int64], count: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Cosine of mean vectors, and late interaction (Khattab and Zaharia 2020, mean for sum):
    the mean over the question's tokens of the best cosine with a token of the unit."""
    cosine = unit_length(pooled) @ unit_length(question)
    similar = unit_length(hidden) @ unit_length(asked).T
    late = np.array([similar[owner == k].max(axis=0).mean() for k in range(1, count + 1)])
    return cosine, late.astype(np.float32)


def _scalars(cosine: Array, late: Array) -> Array:
    """Both similarities near zero mean, and below the best of the window; a constant 1."""
    columns = [
        (cosine - 0.85) * 10, (cosine - cosine.max()) * 10,
        (late - 0.7) * 5, (late - late.max()) * 10, np.ones_like(late),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def _answerable(
    weights: Mapping[str, Array], first: Array, question: Array, state: Array, logits: Array,
    cosine: Array, late: Array,
) -> float:  # fmt: skip
    """From `<s>`, the question, the units by their softmax, and how good the best are."""
    top = logits.max()
    share = np.exp(logits - top)
    evidence = np.concatenate([
        first, question, (share / share.sum()) @ state,
        [top, top + np.log(share.sum()), (cosine.max() - 0.85) * 10, (late.max() - 0.7) * 5],
    ])  # fmt: skip
    inner = gelu(_linear(weights, "ans.0", evidence[None]))
    return float(_linear(weights, "ans.3", inner)[0, 0])


def _linear(weights: Mapping[str, Array], name: str, values: Array) -> Array:
    result: Array = values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return result


def _over_neighbours(weights: Mapping[str, Array], name: str, values: Array) -> Array:
    """One-dimensional convolution of width 3 with zero padding; weight (out, in, 3)."""
    padded = np.pad(values, ((1, 1), (0, 0)))
    kernel = weights[f"{name}.weight"]
    parts = [padded[k : k + len(values)] @ kernel[:, :, k].T for k in range(3)]
    result: Array = parts[0] + parts[1] + parts[2] + weights[f"{name}.bias"]
    return result


def gelu(values: Array) -> Array:
    """Hendrycks and Gimpel 2016, the tanh form."""
    inner = 0.7978845608 * (values + 0.044715 * values**3)
    result: Array = 0.5 * values * (1 + np.tanh(inner))
    return result


def unit_length(values: Array) -> Array:
    """Divide by the L2 norm over the last axis."""
    result: Array = values / np.maximum(np.linalg.norm(values, axis=-1, keepdims=True), 1e-12)
    return result
