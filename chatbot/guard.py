"""Danger to a person comes before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.guide import Guide
from index.lexical import terms
from index.snapshot import Snapshot, signals_of

SURE = 0.945  # cosine at which a question says the same as a signal
LIKELY = 0.90  # cosine at which shared words decide
SHARED = 0.6  # part of the signal's words that the question must share


@dataclass(frozen=True)
class Guard:
    """The signals of the emergency cards: `vectors` (s, d), one row a signal."""

    cards: tuple[Guide, ...]
    stems: tuple[frozenset[str], ...]
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Guard:
        pairs = signals_of(snapshot.guides.values())
        return cls(
            cards=tuple(guide for guide, _ in pairs),
            stems=tuple(frozenset(terms(signal)) for _, signal in pairs),
            vectors=snapshot.signals,
        )

    def emergencies(self, vector: NDArray[np.float32], stems: Sequence[str]) -> list[Guide]:
        """Cards whose signals the question resembles, the nearest first, at most two.

        `vector` (d,) is the question's; a signal speaks when its meaning is near and it shares
        words with the question, or when its meaning is all but the same.
        """
        if not self.cards:
            return []
        near = self.vectors @ vector
        asked = frozenset(stems)
        strengths: dict[str, tuple[float, Guide]] = {}
        for card, words, cosine in zip(self.cards, self.stems, near.tolist(), strict=True):
            shared = len(words & asked) / len(words) if words else 0.0
            if cosine >= SURE or (cosine >= LIKELY and shared >= SHARED):
                best = strengths.get(card.slug, (0.0, card))[0]
                strengths[card.slug] = (max(best, cosine + shared / 10), card)
        ranked = sorted(strengths.values(), key=lambda pair: -pair[0])
        return [card for _, card in ranked[:2]]
