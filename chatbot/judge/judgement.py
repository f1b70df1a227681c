"""How likely it is that what was read answers what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from chatbot.find.match import SIGNS, SURE, Reading, bounded, covered
from chatbot.find.rank import Found
from chatbot.question import Query
from chatbot.read.evidence import STEMS, Evidence
from chatbot.understand.named import specifics
from chatbot.weights import Weights
from chatbot.words.forms import strict_kinds
from index.passage import Passage
from index.publish.snapshot import Snapshot
from index.search.lexical import terms

NEXT = 5  # passages that the best one is compared with
# Part of the names found, for a question without any: between some and all. It is the value of a
# sign, which a fit weighs, and no threshold.
NO_NAMES = 0.7
LONG = 25  # words of a question beyond which it is a long one: a sign too

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
# And where it was read, what the reader says of the best passage and how far that is before the
# best other section, of the best unit there and of that shown first, and of all passages against
# «none of these»: log odds, bounded.
READ_ANSWER_SIGNS = (
    *ANSWER_SIGNS, "page", "page_next", "read_unit", "read_shown", "read_any",
)  # fmt: skip


def answer_signs(
    query: Query, asked: int, found: Found, evidence: Sequence[Evidence], snapshot: Snapshot,
    weights: Weights,
) -> NDArray[np.float32] | None:  # fmt: skip
    """(j,) a value for each of `answer_sign_names`; None where nothing was found."""
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
        max(0.0, best.hit.asked - weights.numbers["asked_from"]), float(bool(snapshot.precedents)),
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
        foreign * sign["dense"], float(len(query.own_stems) > LONG), float(len(query.asks) > 1),
        *(_readings(asked, found, order, own[0]) if found.read else ()),
    )  # fmt: skip
    return np.array(values, dtype=np.float32)


def answer_sign_names(found: Found) -> tuple[str, ...]:
    """The names of the signs of an answer."""
    return READ_ANSWER_SIGNS if found.read else ANSWER_SIGNS


def _readings(
    asked: int, found: Found, order: NDArray[np.int64], shown: Evidence
) -> tuple[float, ...]:
    """What READ_ANSWER_SIGNS has beyond ANSWER_SIGNS."""
    read = [
        (found.matches[n].hit.passage, reading)
        for n in order.tolist()
        if (reading := found.matches[n].readings[asked])
    ]
    best, first = read[0]
    own = [float(r.units[shown.position]) for p, r in read if p.id == shown.hit.passage.id]
    others = [r.page for p, r in read if _section(p) != _section(best)]
    pages = np.array([reading.page for _, reading in read])
    return (
        bounded(first.page), bounded(first.page) - bounded(max(others, default=-SURE)),
        bounded(first.best), bounded(max(own, default=Reading.UNREAD)),
        bounded(float(np.logaddexp.reduce(pages))),
    )  # fmt: skip


def _section(passage: Passage) -> tuple[str, str]:
    return passage.guide, passage.anchor


def _margin(found: Found, scores: NDArray[np.float32], order: NDArray[np.int64]) -> float:
    """How far the best section is before the next one of another guide or section."""
    first = _section(found.matches[int(order[0])].hit.passage)
    for n in order[1:].tolist():
        if _section(found.matches[n].hit.passage) != first:
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
    coefficients = weights.vector("answers", answer_sign_names(found))
    chances = []
    for asked in range(len(query.asks)):
        signs = answer_signs(query, asked, found, evidence, snapshot, weights)
        odds = -30.0 if signs is None else float(signs @ coefficients)
        chances.append(logistic(odds + (weights.intercept("answers") if signs is not None else 0)))
    return tuple(chances)


def logistic(odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
