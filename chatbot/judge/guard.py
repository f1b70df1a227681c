"""Danger to a person comes before anything else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.judge.judgement import logistic
from chatbot.weights import Weights, with_vector
from chatbot.words.pack import pack
from index.guide import Guide
from index.publish.snapshot import Snapshot, signals_of
from index.search.lexical import terms

TOP = 3  # questions and signals whose mean is compared: one alone may be near by chance
MAX_CARDS = 2
FEW, MOST = 3, 8  # words of a sentence looked at alone, and how many sentences are
# words of time are in signals and in everyday questions alike: sharing one says nothing
_WHEN = frozenset(terms(" ".join(pack("it")["everyday"])))
Heard = tuple[NDArray[np.float32], Sequence[str]]  # the vector (d,) of some words, their stems

_CUT = re.compile(r"[.!?;:\n]+\s+|\n|,\s+")
# How near the nearest signals are, how much nearer than headings and questions of other guides, and
# the part of a signal's words shared; then the question's own vector, along which dangers lie.
DANGER_SIGNS = ("near", "beyond_headings", "beyond_asked", "shared")


def sentences_of(text: str) -> list[str]:
    """The sentences and clauses of a message that may tell a danger by themselves; none of a
    message that has one."""
    found = [part.strip() for part in _CUT.split(text) if len(part.split()) >= FEW]
    return found[:MOST] if len(found) > 1 else []


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

    def signs(self, vector: NDArray[np.float32], stems: Sequence[str]) -> NDArray[np.float32]:
        """(4 + d,): DANGER_SIGNS of a question, then its `vector` (d,)."""
        near, asked = self.signals @ vector, frozenset(stems)
        own = (
            _mean_of_top(near),
            float(near.max() - (self.headings @ vector).max(initial=0.0)),
            _mean_of_top(near) - _mean_of_top(self.asked @ vector),
            max(len(words & asked) / max(1, len(words)) for words in self.stems),
        )
        return np.array([*own, *vector.tolist()], dtype=np.float32)

    def danger(self, signs: NDArray[np.float32], weights: Weights) -> bool:
        """Whether the signs (4 + d,) of a question tell a danger."""
        return self._chance(signs, weights) >= weights.numbers["danger"]

    def _chance(self, signs: NDArray[np.float32], weights: Weights) -> float:
        names = with_vector(DANGER_SIGNS, len(signs) - len(DANGER_SIGNS))
        odds = float(signs @ weights.vector("danger", names)) + weights.intercept("danger")
        return logistic(odds)

    def emergencies(
        self,
        vector: NDArray[np.float32],
        stems: Sequence[str],
        weights: Weights,
        fitted: bool,
        sentences: Sequence[Heard] = (),
        turn: Heard | None = None,
    ) -> tuple[Guide, ...]:
        """The cards that a question calls for, the nearest first; none when nobody is in danger.

        `vector` (d,) is the question's; `turn` the last turn by itself, where the question took its
        topic from those before: it is a whole message, and judged as one. `sentences` are those of
        the turn, where it has several: a danger said in passing is drowned by what is asked, and
        must be plain (`danger_alone`) in a sentence that lacks the others. Where the weights were
        not `fitted` on its encoder, the words of the signals alone decide: a card too many is
        better than one too few.
        """
        if not self.cards or not len(self.asked):
            return ()
        messages = [(vector, stems), *([turn] if turn and fitted else [])]
        signs, vector = max(
            ((self.signs(own, words), own) for own, words in messages),
            key=lambda pair: self._chance(pair[0], weights),
        )
        plainest = weights.numbers.get("danger_alone", 1.0)
        for own, words in sentences if fitted else ():
            alone = self.signs(own, words)
            if (chance := self._chance(alone, weights)) >= plainest:
                vector, signs, plainest = own, alone, chance
        plain = weights.numbers["danger_words"]
        shared = float(signs[DANGER_SIGNS.index("shared")])
        if not (self.danger(signs, weights) if fitted else shared >= plain):
            return ()
        near = self.signals @ vector
        best: dict[str, Guide] = {}
        for i in np.argsort(-near).tolist():
            if near[i] >= near.max() - weights.numbers["card_near"]:
                best.setdefault(self.cards[i].slug, self.cards[i])
        return tuple(best.values())[:MAX_CARDS]


def _mean_of_top(cosines: NDArray[np.float32]) -> float:
    count = min(TOP, len(cosines))
    return float(np.partition(cosines, -count)[-count:].mean()) if count else 0.0
