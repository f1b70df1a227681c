"""Danger to a person comes before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from index.guide import Guide
from index.publish.snapshot import Snapshot, signals_of
from index.search.lexical import terms

# A logistic regression fitted on the cases by `python -m eval fit-danger`. A missed
# danger weighs more than a card too many.
BEYOND_HEADINGS = 105.8
BEYOND_ASKED = 114.6
SHARED = 7.0
INTERCEPT = -2.65
DANGER = 0.55  # probability from which the cards are shown
TOP = 3  # questions and signals whose mean is compared: one alone may be near by chance
NEAR = 0.855  # cosine with a signal under which a question is about something else altogether
NEAR_BEST = 0.01  # cosine within which a second card is shown too
MAX_CARDS = 2
# words of time are in signals and in everyday questions alike: sharing one says nothing
_WHEN = frozenset(
    terms("adesso domani giorni giorno ieri mattina notte oggi ora sera settimana stanotte subito")
)


@dataclass(frozen=True)
class Guard:
    """The signals of the emergency cards, `signals` (s, d) one row each, and what questions are
    like when nobody is in danger: `headings` (h, d) of all other guides, and `asked` (o, d), all
    the questions that lead to them."""

    cards: tuple[Guide, ...]
    stems: tuple[frozenset[str], ...]
    signals: NDArray[np.float32]
    headings: NDArray[np.float32]
    asked: NDArray[np.float32]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Guard:
        pairs = signals_of(snapshot.guides.values())
        cards = {guide.slug for guide, _ in pairs}
        calm = np.array([p.guide not in cards for p in snapshot.passages], dtype=bool)
        owners, bounds = snapshot.question_owners, snapshot.question_bounds
        headings = bounds[:-1][calm & (np.diff(bounds) > 0)]
        return cls(
            cards=tuple(guide for guide, _ in pairs),
            stems=tuple(frozenset(terms(signal)) - _WHEN for _, signal in pairs),
            signals=np.asarray(snapshot.signals),
            headings=np.asarray(snapshot.questions[headings]),
            asked=np.asarray(snapshot.questions[calm[owners]]),
        )

    def signs(
        self, vector: NDArray[np.float32], stems: Sequence[str]
    ) -> tuple[float, float, float]:
        """How much nearer than the nearest heading of other guides the nearest signal is, the same
        of the TOP nearest signals and questions, and the part of a signal's words shared."""
        near, asked = self.signals @ vector, frozenset(stems)
        return (
            float(near.max() - (self.headings @ vector).max()),
            _mean_of_top(near) - _mean_of_top(self.asked @ vector),
            max(len(words & asked) / max(1, len(words)) for words in self.stems),
        )

    def emergencies(self, vector: NDArray[np.float32], stems: Sequence[str]) -> list[Guide]:
        """The cards that a question calls for, the nearest first; none when nobody is in danger.

        `vector` (d,) is the question's. What tells a danger is not how near a signal is but how
        much nearer than any ordinary question; words shared with a signal speak for it too.
        """
        if not self.cards or not len(self.asked):
            return []
        near = self.signals @ vector
        if near.max() < NEAR or _probability(*self.signs(vector, stems)) < DANGER:
            return []
        best: dict[str, Guide] = {}
        for i in np.argsort(-near).tolist():
            if near[i] >= near.max() - NEAR_BEST:
                best.setdefault(self.cards[i].slug, self.cards[i])
        return list(best.values())[:MAX_CARDS]


def _mean_of_top(cosines: NDArray[np.float32]) -> float:
    count = min(TOP, len(cosines))
    return float(np.partition(cosines, -count)[-count:].mean())


def _probability(beyond_headings: float, beyond_asked: float, shared: float) -> float:
    total = BEYOND_HEADINGS * beyond_headings + BEYOND_ASKED * beyond_asked + SHARED * shared
    return 1 / (1 + exp(-(total + INTERCEPT)))
