"""The units of the best passages that answer the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chatbot.answer import Hit
from chatbot.find.meeting import Meeting, covered, full_text, stems_of
from chatbot.words.forms import share_held
from index.guide import Unit

PASSAGES = 4  # passages read
MAX_UNITS = 4
QUOTED = 3  # passages quoted
NEAR_BEST = 0.15  # units this close below the best one are read too
COVERED = 0.2  # what sharing all the telling words is worth
FIRST = 0.05  # guides answer first: the first unit of a section counts more
RANK = 0.03  # and so does a better passage
FORM = 0.1  # what having the form of the answer asked for is worth, shared among the forms asked
OPENINGS = 2  # best passages whose first unit is read in any case
CLOSE = 1.5  # so far below the best passage, in final score, an opening is still read
FAR = 2.8  # and beyond this nothing is
SAME = 0.8  # a unit that has so many of its stems in another one says the same


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit that answers: `hit` is its passage, `position` its ordinal there."""

    hit: Hit
    unit: Unit
    position: int
    score: float


def read(
    telling: Mapping[str, float],
    kinds: frozenset[str],
    met: Sequence[Meeting],
    fits: Callable[[str], bool] = lambda text: True,
) -> list[Evidence]:
    """The openings of the best passages, then the best units, best first. `telling` says how
    telling each stem of the question is, `kinds` what form the answer must have; units whose text
    `fits` is false of are passed over."""
    near_enough = [m for m in met[:PASSAGES] if met[0].hit.fused - m.hit.fused <= FAR]
    found = [
        piece
        for rank, meeting in enumerate(near_enough)
        for piece in _weighed(telling, kinds, meeting, RANK * rank)
        if fits(piece.unit.text)
    ]
    close = [m.hit for m in met[:OPENINGS] if met[0].hit.fused - m.hit.fused <= CLOSE]
    openings = [
        piece
        for hit in close
        # of contacts all that were asked for, an address and a number
        for piece in _of(hit, found)[: None if kinds and hit.passage.role == "contact" else 1]
    ]
    found.sort(key=lambda evidence: -evidence.score)
    near = [e for e in found if e not in openings and e.score >= found[0].score - NEAR_BEST]
    return _spread([*openings, *near])


def _of(hit: Hit, found: Sequence[Evidence]) -> list[Evidence]:
    return [piece for piece in found if piece.hit.passage.id == hit.passage.id]


def quotable(unit: Unit) -> bool:
    """A lead-in without its list, an end mark or a list of misspellings answers nothing."""
    text = unit.text
    return not (text.endswith(":") or text.startswith("Varianti:") or len(text.split()) < 2)


def _weighed(
    telling: Mapping[str, float], kinds: frozenset[str], meeting: Meeting, behind: float
) -> list[Evidence]:
    """The quotable units in reading order: how each meets the question, the words it shares, its
    place, its form; less what the passage is `behind`."""
    passage, interaction = meeting.hit.passage, meeting.interaction
    found = []
    met = zip(interaction.units.tolist(), interaction.unit_scores().tolist(), strict=True)
    for position, score in met:
        if position < 0 or not quotable(passage.units[position]):
            continue
        unit = passage.units[position]
        held = share_held(kinds, f"{unit.lead} {unit.text}")
        if kinds and not held and passage.role == "contact":
            continue  # of a list of contacts, only what was asked for
        score += COVERED * covered(telling, full_text(unit, passage)) - behind
        if position == 0:
            score += FIRST
        score += FORM * held
        found.append(Evidence(meeting.hit, unit, position, score))
    return found


def _spread(found: Sequence[Evidence]) -> list[Evidence]:
    """At most MAX_UNITS units that say different things, from at most QUOTED passages."""
    chosen: list[Evidence] = []
    for piece in found:
        if len(chosen) < MAX_UNITS and not any(_repeats(piece, other) for other in chosen):
            chosen.append(piece)
    passages = list(dict.fromkeys(e.hit.passage.id for e in chosen))[:QUOTED]
    return [e for e in chosen if e.hit.passage.id in passages]


def _repeats(piece: Evidence, other: Evidence) -> bool:
    """Whether `piece`, of another guide or section, says what `other` has said. Rows and items
    of one list are alike and yet differ."""
    if piece.hit.passage.id == other.hit.passage.id:
        return False
    stems = stems_of(piece.unit.text)
    return len(stems & stems_of(other.unit.text)) >= SAME * len(stems)
