"""Whether a message is talk alone, as learnt from messages that were not asked of the guides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.understand.small_talk import LONGEST
from chatbot.weights import Weights, with_vector
from index.encode.encoder import Encoder

GROUP = "talk"
# How near the nearest question is that leads to a passage, and how long the message is.
TALK_SIGNS = ("near", "length")


@dataclass(frozen=True)
class LearntTalk:
    """Says how a message is told from a question; `questions` (q, d) lead to passages."""

    encoder: Encoder
    questions: NDArray[np.float32]
    weights: Weights

    def __call__(self, text: str, vector: NDArray[np.float32]) -> bool:
        """Whether `text`, whose vector (d,) this is, asks nothing; never where nothing was fitted
        on this encoder."""
        if GROUP not in self.weights.groups or self.weights.model != self.encoder.digest:
            return False
        odds = self.signs(text, vector) @ self.weights.vector(GROUP, self.names)
        return bool(odds + self.weights.intercept(GROUP) > 0)

    @property
    def names(self) -> tuple[str, ...]:
        return with_vector(TALK_SIGNS, self.encoder.dimension)

    def signs(self, text: str, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(2 + d,): TALK_SIGNS, then the vector."""
        near = float((self.questions @ vector).max(initial=0.0))
        length = min(len(text.split()), LONGEST) / LONGEST
        return np.array([near, length, *vector.tolist()], dtype=np.float32)
