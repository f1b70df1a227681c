"""The units of the best passages that answer each thing asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.find.column import UnitColumn
from chatbot.find.match import Match, Reading, bounded, covered
from chatbot.find.rank import Found
from chatbot.question import Query
from chatbot.weights import Weights
from chatbot.words.forms import STRICT, holds, strict_kinds
from chatbot.words.yes_no import asks_whether, says_whether
from index.guide import Unit
from index.passage import Passage
from index.publish.snapshot import Snapshot
from index.search.lexical import terms

# How much is read, and how much an operator is given to read: measures of an answer.
PASSAGES = 4  # passages read for each thing asked
MAX_UNITS = 4  # units that answer one thing asked
MAX_IN_ALL = 6
# A unit that has so many of its stems in another one says the same: of words, whatever the model.
SAME = 0.8

# Cosine of the unit with the question as a whole and with what is asked, how the question's tokens
# find it, how near a precedent is that it answers, telling words in it and its headings; its place,
# its kind, its form; the score of its passage, and how far that is from the best.
UNIT_SIGNS = (
    "unit", "unit_asked", "late", "precedent", "precedent_asked", "words", "words_asked", "first",
    "item", "row", "form", "whether", "whether_unasked", "length", "passage", "behind",
)  # fmt: skip
# And where it was read, what the reader says of it and how far that is from the best unit of its
# passage, both in log odds, bounded.
READ_UNIT_SIGNS = (*UNIT_SIGNS, "read", "read_behind")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit that answers: `hit` is its passage, `position` its ordinal there, `score` the log odds
    that it answers, `asked` which of the things asked."""

    hit: Hit
    unit: Unit
    position: int
    score: float
    asked: int = 0


@dataclass(frozen=True)
class Weighed:
    """The units that may answer one thing asked: `signs` (u, s) with a column for each of
    `unit_signs`, `hits` and `positions` (u,) of each."""

    signs: NDArray[np.float32]
    hits: Sequence[Hit]
    positions: Sequence[int]


def unit_signs(found: Found) -> tuple[str, ...]:
    """The names of the signs of a unit."""
    return READ_UNIT_SIGNS if found.read else UNIT_SIGNS


def weigh(query: Query, asked: int, found: Found, snapshot: Snapshot) -> Weighed:
    """Of the passages that answer best the thing `asked`, all units that can be quoted."""
    scores = found.scores[asked]
    order = np.argsort(-scores, kind="stable")[:PASSAGES]
    shared = query.language == "it"
    told = snapshot.lexical.weights(query.own_stems) if shared else {}
    part = snapshot.lexical.weights(terms(query.asks[asked])) if shared else {}
    rows: list[tuple[float, ...]] = []
    hits: list[Hit] = []
    positions: list[int] = []
    whether = asks_whether(query.asks[asked]) if shared else None
    kinds = strict_kinds(query.asks[asked])
    for n in order.tolist():
        found_match = found.matches[n]
        behind = float(scores[n] - scores[order[0]])
        late = _late_of_units(found_match)
        passage = found_match.hit.passage
        reading = found_match.readings[asked] if found.read else None
        for position, unit in enumerate(passage.units):
            if not quotable(unit):
                continue
            stems = STEMS.of(passage, position, snapshot)
            hits.append(found_match.hit)
            positions.append(position)
            rows.append((
                *found_match.units[position, [0, 1 + asked]].tolist(), late.get(position, 0.0),
                *found_match.precedents[position, [0, 1 + asked]].tolist(),
                covered(told, stems), covered(part, stems), float(position == 0),
                float(unit.kind == "item"), float(unit.kind == "row"),
                _share_held(kinds, passage, position, snapshot),
                float(whether is True and says_whether(unit.text)),
                float(whether is not True and says_whether(unit.text)),
                min(len(unit.text.split()), 40) / 40, float(scores[n]), behind,
                *(_read(reading, position) if found.read else ()),
            ))  # fmt: skip
    table = np.array(rows, dtype=np.float32).reshape(-1, len(unit_signs(found)))
    return Weighed(table, hits, positions)


def _read(reading: Reading | None, position: int) -> tuple[float, float]:
    if reading is None:
        return bounded(Reading.UNREAD), 0.0
    own = bounded(float(reading.units[position]))
    return own, own - bounded(reading.best)


def _late_of_units(found: Match) -> dict[int, float]:
    """By position, the late interaction of each unit that the encoder reached."""
    scores = zip(
        found.interaction.units.tolist(), found.interaction.unit_scores().tolist(), strict=True
    )
    return dict(scores)


def _share_held(
    kinds: frozenset[str], passage: Passage, position: int, snapshot: Snapshot
) -> float:
    """The part of `kinds` that a unit has the form of an answer of; 0 where none is asked for."""
    return sum(_HELD[kind].of(passage, position, snapshot) for kind in kinds) / (len(kinds) or 1)


def full_text(unit: Unit, passage: Passage) -> str:
    """A unit as it is understood where it stands: headings and lead-in before it."""
    return " ".join((*passage.heading_path, unit.lead, unit.text))


# The stems of a unit where it stands, those of its own text, and the forms it holds.
STEMS = UnitColumn(lambda unit, passage, _: frozenset(terms(full_text(unit, passage))))
_OWN_STEMS = UnitColumn(lambda unit, *_: frozenset(terms(unit.text)))


def _held(kind: str) -> UnitColumn[bool]:
    return UnitColumn(lambda unit, *_: holds(kind, f"{unit.lead} {unit.text}"))


_HELD = {kind: _held(kind) for kind in STRICT}


def quotable(unit: Unit) -> bool:
    """A lead-in without its list, an end mark or a list of misspellings answers nothing."""
    text = unit.text
    return not (text.endswith(":") or text.startswith("Varianti:") or len(text.split()) < 2)


def read(
    query: Query,
    found: Found,
    snapshot: Snapshot,
    weights: Weights,
    fits: Callable[[Hit, Unit], bool] = lambda hit, unit: True,
) -> list[Evidence]:
    """For each thing asked the units that answer it, best first; units that do not `fit` are
    passed over. One that answers two things is there for both (see `said_once`)."""
    if not found.matches:
        return []
    most = MAX_UNITS if len(query.asks) == 1 else MAX_IN_ALL // len(query.asks)
    chosen: list[Evidence] = []
    for asked in range(len(query.asks)):
        pieces = [
            piece
            for piece in _pieces(query, asked, found, snapshot, weights)
            if fits(piece.hit, piece.unit)
        ]
        near = [p for p in pieces if p.score >= pieces[0].score - weights.numbers["near"]]
        own: list[Evidence] = []
        for piece in near:
            if len(own) < most and not any(_repeats(piece, other, snapshot) for other in own):
                own.append(piece)
        chosen += own
    return chosen


def odds_of(weighed: Weighed, found: Found, weights: Weights) -> NDArray[np.float32]:
    """(u,): the log odds that each of the units answers."""
    return weighed.signs @ weights.vector("units", unit_signs(found)) + weights.intercept("units")


def _pieces(
    query: Query, asked: int, found: Found, snapshot: Snapshot, weights: Weights
) -> list[Evidence]:
    weighed = weigh(query, asked, found, snapshot)
    odds = odds_of(weighed, found, weights)
    return [
        Evidence(hit, hit.passage.units[at], at, float(odds[n]), asked)
        for n in np.argsort(-odds, kind="stable").tolist()
        for hit, at in [(weighed.hits[n], weighed.positions[n])]
    ]


def said_once(evidence: Sequence[Evidence], snapshot: Snapshot) -> list[Evidence]:
    """Without what repeats a unit before it."""
    kept: list[Evidence] = []
    for piece in evidence:
        if not any(_repeats(piece, other, snapshot) for other in kept):
            kept.append(piece)
    return kept


def _repeats(piece: Evidence, other: Evidence, snapshot: Snapshot) -> bool:
    """Whether `piece` is the unit of `other`, or says, in another guide or section, what that says.
    Rows and items of one list are alike and yet differ."""
    if piece.hit.passage.id == other.hit.passage.id:
        return piece.position == other.position
    stems, others = (_OWN_STEMS.of(e.hit.passage, e.position, snapshot) for e in (piece, other))
    return len(stems & others) >= SAME * len(stems)
