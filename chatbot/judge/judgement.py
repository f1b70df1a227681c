"""How likely it is that what was read answers what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from chatbot.find.match import SIGNS, covered
from chatbot.find.rank import Found
from chatbot.question import Query
from chatbot.read.evidence import STEMS, Evidence
from chatbot.understand.named import specifics
from chatbot.weights import Weights
from chatbot.words.forms import strict_kinds
from index.publish.snapshot import Snapshot
from index.search.lexical import terms

NEXT = 5  # passages that the best one is compared with
NEAR_ASKED = 0.7  # cosine from which a question that leads there asks nearly the same
NO_NAMES = 0.7  # part of the names found, for a question without any

# Of the best passage its score, how far before the next sections it is, its cosines, how nearly a
# question that leads there asks the same, how near precedents are that it answers, and that nothing
# answers (zero of both, and of `precedents`, where a network has none), its words; the
# log odds of the best unit, how far it is before the next, its words; the names asked that are
# there; whether it is a glossary entry, whether an amount, an address … is asked for, whether the
# question is in another language, long, or one of several.
ANSWER_SIGNS = (
    "score", "margin", "next", "dense", "dense_asked", "led", "near_asked",
    "precedents", "precedent", "precedent_unit", "unanswered", "late", "words",
    "words_asked", "unit", "unit_asked", "evidence", "unit_margin", "unit_words", "names", "term",
    "kind", "foreign", "foreign_dense", "long", "several",
)  # fmt: skip


def answer_signs(
    query: Query, asked: int, found: Found, evidence: Sequence[Evidence], snapshot: Snapshot
) -> NDArray[np.float32] | None:
    """(j,) a value for each of ANSWER_SIGNS; None where nothing was found."""
    own = [piece for piece in evidence if piece.asked == asked]
    if not own or not found.matches:
        return None
    scores = found.scores[asked]
    order = np.argsort(-scores, kind="stable")
    best = found.matches[int(order[0])]
    sign = dict(zip(SIGNS, best.signs[asked].tolist(), strict=True))
    part = snapshot.lexical.weights(terms(query.asks[asked])) if query.language == "it" else {}
    units = best.units.max(axis=0, initial=0.0)
    foreign = float(query.language != "it")
    values = (
        float(scores[order[0]]), _margin(found, scores, order), _next(scores, order),
        sign["dense"], sign["dense_asked"], max(sign["led"], sign["led_asked"]),
        max(0.0, best.hit.asked - NEAR_ASKED), float(bool(snapshot.precedents)),
        max(sign["precedent"], sign["precedent_asked"]),
        float(best.precedents[:, [0, 1 + asked]].max(initial=0.0)),
        float(found.unanswered[[0, 1 + asked]].max(initial=0.0)), sign["late"],
        sign["words"], sign["words_asked"], units[0], units[1 + asked], own[0].score,
        own[0].score - own[1].score if len(own) > 1 else 0.0,
        max(
            covered(part, STEMS.of(piece.hit.passage, piece.position, snapshot))
            for piece in own[:2]
        ),
        _names_found(specifics(query.asks[asked], snapshot.network), best.hit.passage.embedded),
        sign["term"], float(bool(strict_kinds(query.asks[asked]))), foreign,
        foreign * sign["dense"], float(len(query.own_stems) > 25), float(len(query.asks) > 1),
    )  # fmt: skip
    return np.array(values, dtype=np.float32)


def _margin(found: Found, scores: NDArray[np.float32], order: NDArray[np.int64]) -> float:
    """How far the best section is before the next one of another guide or section."""
    first = found.matches[int(order[0])].hit.passage
    for n in order[1:].tolist():
        other = found.matches[n].hit.passage
        if (other.guide, other.anchor) != (first.guide, first.anchor):
            return float(scores[order[0]] - scores[n])
    return 0.0


def _next(scores: NDArray[np.float32], order: NDArray[np.int64]) -> float:
    following = scores[order[1 : NEXT + 1]]
    return float(scores[order[0]] - following.mean()) if len(following) else 0.0


def _names_found(names: frozenset[str], passage: str) -> float:
    """Of the places, bodies and numbers that a question names, the part in the passage."""
    text = passage.lower()
    return sum(name in text for name in names) / len(names) if names else NO_NAMES


def probabilities(
    query: Query, found: Found, evidence: Sequence[Evidence], snapshot: Snapshot, weights: Weights
) -> tuple[float, ...]:
    """Of each thing asked, the probability that the evidence answers it."""
    coefficients = weights.vector("answers", ANSWER_SIGNS)
    chances = []
    for asked in range(len(query.asks)):
        signs = answer_signs(query, asked, found, evidence, snapshot)
        odds = -30.0 if signs is None else float(signs @ coefficients)
        chances.append(logistic(odds + (weights.intercept("answers") if signs is not None else 0)))
    return tuple(chances)


def logistic(odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
