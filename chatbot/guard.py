"""Danger to a person comes before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from index.guide import Guide
from index.lexical import terms
from index.snapshot import Snapshot, signals_of

# A logistic regression fitted on the cases, cross-validated: see `docs/retrieval.md`. A missed
# danger weighs more than a card too many.
BEYOND = 160.0
SHARED = 3.5
INTERCEPT = -2.1
DANGER = 0.85  # probability from which the cards are shown
NEAR_BEST = 0.01  # cosine within which a second card is shown too
MAX_CARDS = 2


@dataclass(frozen=True)
class Guard:
    """The signals of the emergency cards, `signals` (s, d) one row each, and what questions are
    like when nobody is in danger: those that lead to all other guides, `ordinary` (o, d)."""

    cards: tuple[Guide, ...]
    stems: tuple[frozenset[str], ...]
    signals: NDArray[np.float32]
    ordinary: NDArray[np.float32]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Guard:
        pairs = signals_of(snapshot.guides.values())
        cards = {guide.slug for guide, _ in pairs}
        calm = np.array([p.guide not in cards for p in snapshot.passages], dtype=bool)
        return cls(
            cards=tuple(guide for guide, _ in pairs),
            stems=tuple(frozenset(terms(signal)) for _, signal in pairs),
            signals=np.asarray(snapshot.signals),
            ordinary=np.asarray(snapshot.questions[calm[snapshot.question_owners]]),
        )

    def emergencies(self, vector: NDArray[np.float32], stems: Sequence[str]) -> list[Guide]:
        """The cards that a question calls for, the nearest first; none when nobody is in danger.

        `vector` (d,) is the question's. What tells a danger is not how near a signal is but how
        much nearer than any ordinary question; words shared with a signal speak for it too.
        """
        if not self.cards or not len(self.ordinary):
            return []
        near = self.signals @ vector
        asked = frozenset(stems)
        shared = max(len(words & asked) / max(1, len(words)) for words in self.stems)
        beyond = float(near.max() - (self.ordinary @ vector).max())
        if _probability(beyond, shared) < DANGER:
            return []
        best: dict[str, Guide] = {}
        for i in np.argsort(-near).tolist():
            if near[i] >= near.max() - NEAR_BEST:
                best.setdefault(self.cards[i].slug, self.cards[i])
        return list(best.values())[:MAX_CARDS]


def _probability(beyond: float, shared: float) -> float:
    return 1 / (1 + exp(-(BEYOND * beyond + SHARED * shared + INTERCEPT)))
