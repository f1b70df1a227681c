"""How sure the guides answer, and which outcome follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from chatbot.answer import Hit, Outcome
from chatbot.late import Interaction
from chatbot.read import Evidence
from index.lexical import terms

ANSWER = 0.5  # probability from which an answer is given
RELATED = 0.2  # under it the guides are silent
IN_SCOPE = 0.35


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer being there, for one question."""

    dense: float  # cosine of the best passage
    late: float  # late interaction of the best passage
    covered: float  # part of the question's telling words found in the best passages
    unit: float  # late interaction of the best unit


# Coefficients of a logistic regression: see `docs/retrieval.md`.
COEFFICIENTS = {"dense": 30.0, "late": 6.0, "covered": 3.0, "unit": 0.0}
INTERCEPT = -31.0


def signs(
    weights: Mapping[str, float],
    hits: Sequence[Hit],
    met: Sequence[Interaction],
    evidence: Sequence[Evidence],
) -> Signs:
    """`weights` says how telling each stem of the question is, `met` how the hits meet it."""
    if not hits or not evidence:
        return Signs(0.0, 0.0, 0.0, 0.0)
    found = frozenset(terms(" ".join(hit.passage.embedded for hit in hits[:2])))
    total = sum(weights.values()) or 1.0
    return Signs(
        dense=hits[0].dense or 0.0,
        late=hits[0].late or 0.0,
        covered=sum(w for stem, w in weights.items() if stem in found) / total,
        unit=max(m.best_unit_score() for m in met[:3]),
    )


def probability(found: Signs) -> float:
    """That the guides answer the question: between 0 and 1."""
    total = INTERCEPT + sum(c * getattr(found, name) for name, c in COEFFICIENTS.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def decide(confidence: float, found: Signs, evidence: Sequence[Evidence]) -> Outcome:
    """The outcome of a question that is no emergency."""
    if evidence and confidence >= ANSWER:
        return "answered"
    if found.covered < IN_SCOPE and confidence < RELATED:
        return "out_of_scope"
    return "related" if confidence >= RELATED else "no_answer"
