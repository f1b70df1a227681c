"""How sure the guides answer, and which outcome follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from math import exp

from chatbot.answer import Hit, Outcome
from chatbot.late import Interaction
from chatbot.read import Evidence
from index.lexical import terms

ANSWER = 0.35  # probability from which an answer is given
RELATED = 0.12  # under it the guides are silent
OUT_OF_SCOPE = 0.835  # cosine of the nearest passage under which a question is off the subject


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer being there, for one question."""

    dense: float  # cosine of the best passage
    late: float  # late interaction of the best passage
    passage_words: float  # part of the question's telling words found in the best passage
    unit_words: float  # and in the best unit with its headings
    unit: float  # late interaction of the best unit
    read: float  # score of the best unit


NOTHING = Signs(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Judgement:
    """A logistic regression over Signs, fitted by `python -m eval fit`: see `docs/retrieval.md`.

    Words shared say nothing across languages, so other languages have a judgement of their own.
    """

    coefficients: Signs
    intercept: float

    def probability(self, signs: Signs) -> float:
        pairs = zip(astuple(self.coefficients), astuple(signs), strict=True)
        total = self.intercept + sum(c * s for c, s in pairs)
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


ITALIAN = Judgement(Signs(27.698, 2.074, 2.129, 1.387, -7.513, 5.439), -26.334)
OTHER = Judgement(Signs(50.0, 4.0, 0.0, 0.0, 0.0, 0.0), -43.3)


def signs(
    weights: Mapping[str, float],
    hits: Sequence[Hit],
    met: Sequence[Interaction],
    evidence: Sequence[Evidence],
) -> Signs:
    """`weights` says how telling each stem of the question is, `met` how the hits meet it."""
    if not hits or not evidence:
        return NOTHING
    units = [
        f"{' '.join(e.hit.passage.heading_path)} {e.unit.lead} {e.unit.text}" for e in evidence
    ]
    return Signs(
        dense=hits[0].dense or 0.0,
        late=hits[0].late or 0.0,
        passage_words=_covered(weights, hits[0].passage.embedded),
        unit_words=max(_covered(weights, unit) for unit in units),
        unit=max(m.best_unit_score() for m in met[:3]),
        read=evidence[0].score,
    )


def _covered(weights: Mapping[str, float], text: str) -> float:
    found = frozenset(terms(text))
    return sum(w for stem, w in weights.items() if stem in found) / (sum(weights.values()) or 1.0)


def probability(found: Signs, language: str) -> float:
    """That the guides answer the question: between 0 and 1."""
    if found == NOTHING:
        return 0.0
    return (ITALIAN if language == "it" else OTHER).probability(found)


def decide(confidence: float, found: Signs, evidence: Sequence[Evidence]) -> Outcome:
    """The outcome of a question that is no emergency."""
    if evidence and confidence >= ANSWER:
        return "answered"
    if confidence < RELATED and found.dense < OUT_OF_SCOPE:
        return "out_of_scope"
    return "related" if confidence >= RELATED else "no_answer"
