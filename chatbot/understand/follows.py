"""Whether a turn goes on from the topic before it, as learnt from pairs of turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from chatbot.understand.followup import FOLLOW_SIGNS, by_words, follow_signs
from chatbot.understand.kept import kept_question
from chatbot.weights import Weights, with_vector
from chatbot.words.language import detect_language
from index.encode.encoder import Encoder
from index.network import NEUTRAL, Network

GROUP = "follows"
REMEMBERED = 64  # texts: with each turn those of the whole conversation come back


@dataclass(frozen=True)
class LearntFollows:
    """A `Follows`: a turn that keeps the question before it does; of others the fitted signs tell,
    or words alone where those were fitted on another encoder. `questions` (q, d) are those that
    lead to passages."""

    encoder: Encoder
    questions: NDArray[np.float32]
    weights: Weights
    network: Network = NEUTRAL

    def __call__(self, topic: str, text: str) -> bool:
        if kept_question(topic, text, self.network):
            return True
        if GROUP not in self.weights.groups or self.weights.model != self.encoder.digest:
            return by_words(topic, text)
        odds = self.signs(topic, text) @ self.weights.vector(GROUP, self.names)
        return bool(odds + self.weights.intercept(GROUP) > 0)

    @property
    def names(self) -> tuple[str, ...]:
        return with_vector(FOLLOW_SIGNS, self.encoder.dimension)

    def signs(self, topic: str, text: str) -> NDArray[np.float32]:
        """(8 + d,): FOLLOW_SIGNS, then the vector of `text`: what is said in a turn that goes on
        from another, «quanto dura?», «e per i figli?», is alike whatever the topic."""
        vectors = np.stack([self._vector(said) for said in (topic, text, f"{topic} {text}")])
        signs = follow_signs(text, vectors, self.questions, detect_language(text) != "it")
        return np.concatenate([signs, vectors[1]]).astype(np.float32)

    @cached_property
    def _vector(self) -> Callable[[str], NDArray[np.float32]]:
        """That of a text (d,), remembered: a turn is compared with the topics before it several
        times in an answer, and again in each answer that follows. In memory alone."""
        return lru_cache(REMEMBERED)(lambda text: self.encoder.encode_queries([text])[0])
