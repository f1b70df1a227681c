"""How sure the guides answer, and which outcome follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from math import exp

from chatbot.answer import Outcome
from chatbot.find.meeting import Meeting, covered, full_text
from chatbot.question import Query
from chatbot.read.evidence import Evidence

ANSWER = 0.7  # probability from which an answer is given
ALMOST = 0.69  # at most, for what is near and holds for others, or answers something else
RELATED = 0.4  # under it the guides are silent
OUT_OF_SCOPE = 0.835  # cosine of the nearest passage under which a question is off the subject
NEXT = 5  # passages that the best one is compared with
COMMON = 0.87  # cosine of a question with another that has little to do with it
NO_NAMES = 0.7  # part of the names found, for a question without any


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer being there, for one question.

    A question that the guides answer stands out: one passage is nearer than the next ones (the
    `gap`s). One that they only speak of has many passages alike.
    """

    dense: float  # cosine of the best passage
    late: float  # late interaction of the best passage
    words: float  # part of the question's telling words found in the best passage
    unit_words: float  # and in the best unit read, with its headings
    dense_gap: float  # cosine of the best passage over the mean of the next ones
    late_gap: float  # the same of its late interaction
    unit_gap: float  # and of that of its best unit
    fused_gap: float  # its final score over that of the second
    names: float  # part of the names and numbers of the question found in the best passage
    asked: float  # cosine with the nearest question that leads to the best passage, over COMMON
    term: float  # 1 where the best passage is a glossary entry and no meaning was asked for
    kind: float  # 1 where an amount, a duration, an address … is asked for: more can be missing


NOTHING = Signs(*[0.0] * 12)


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


ITALIAN = Judgement(
    Signs(17.811, -0.505, 1.16, 0.95, -17.838, 1.344, 7.118, 0.126, 0.523, 47.512, -1.938, -0.183),
    -16.754,
)
OTHER = Judgement(Signs(50.0, 4.0, *[0.0] * 10), -42.05)


def signs(
    query: Query,
    telling: Mapping[str, float],
    kinds: frozenset[str],
    met: Sequence[Meeting],
    evidence: Sequence[Evidence],
) -> Signs:
    """The signs of a question; `telling` says how telling each of its stems is, `kinds` what kinds
    of answer it asks for, `met` how it meets the best hits, best first."""
    if not met or not evidence:
        return NOTHING
    best = met[0]
    return Signs(
        dense=best.hit.dense or 0.0,
        late=best.late,
        words=best.words,
        unit_words=max(covered(telling, full_text(e.unit, e.hit.passage)) for e in evidence),
        dense_gap=_gap([m.hit.dense or 0.0 for m in met]),
        late_gap=_gap([m.late for m in met]),
        unit_gap=_gap([m.unit for m in met]),
        fused_gap=best.hit.fused - met[1].hit.fused if len(met) > 1 else 0.0,
        names=_names_found(query.names, best.hit.passage.embedded),
        # no questions lead to the passages of a plain corpus
        asked=best.hit.asked - COMMON if best.hit.asked else 0.0,
        term=float(best.hit.passage.role == "term" and not query.definition),
        kind=float(bool(kinds)),
    )


def _gap(scores: Sequence[float]) -> float:
    """The first score over the mean of the next ones."""
    following = scores[1 : NEXT + 1]
    return scores[0] - sum(following) / len(following) if following else 0.0


def _names_found(names: frozenset[str], passage: str) -> float:
    """Of the places, bodies and numbers that a question names, the part in the passage."""
    found = passage.lower()
    return sum(name in found for name in names) / len(names) if names else NO_NAMES


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
