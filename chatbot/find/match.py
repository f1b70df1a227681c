"""How a question and a passage match: the signs by which passages are ranked.

Each sign is worked out from the question and that passage alone, so that an edit elsewhere in the
guides moves none of them; but for how rare words are, and what all tokens have in common, which one
passage among many moves by next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.find.addressee import asked_about, for_others
from chatbot.find.column import PassageColumn
from chatbot.find.late import Interaction, interact, token_weights
from chatbot.find.retrieve import Candidates
from chatbot.question import Query, QueryVectors
from chatbot.weights import Weights
from chatbot.words.forms import STRICT, holds
from chatbot.words.yes_no import says_whether
from index.publish.snapshot import Snapshot
from index.search.lexical import numbers, terms

# log odds beyond which a reader's are all one: that of 2,999 of 3,000, whatever the reader
SURE = 8.0

Floats = NDArray[np.float32]

_NUMBERS = PassageColumn(lambda passage, _: frozenset(numbers(passage.embedded)))
_OPENS = PassageColumn(lambda passage, _: says_whether(passage.text))
_NAME = PassageColumn(lambda passage, _: frozenset(terms(passage.heading_path[-1])))


def _held(kind: str) -> PassageColumn[bool]:
    return PassageColumn(lambda passage, _: holds(kind, passage.embedded))


_HELD = {kind: _held(kind) for kind in STRICT}

# Of the question as a whole, or of one thing asked (`…_asked`): cosine with the passage (`dense`),
# what a heading or a question that leads there adds to it, how near a precedent is that it answers,
# late interaction of the passage and of its best unit, cosine of its best unit, telling words found
# there; whether it has the form of answer or the numbers asked for; what kind of passage it is;
# whether it is for other people.
SIGNS = (
    "dense", "dense_asked", "led", "led_asked", "heading", "precedent", "precedent_asked", "late",
    "late_unit", "unit", "unit_asked", "words", "words_asked", "numbers", "form", "yes_no",
    "yes_no_unasked", "literal", "term", "term_used", "defines", "step", "contact", "emergency",
    "opening", "others",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a reader says of a passage for one thing asked: log odds that it answers, `page`, and
    that each of its `units` (u,) does."""

    UNREAD: ClassVar[float] = -6.0  # of what nobody read: as of what hardly answers

    page: float
    units: Floats

    @property
    def best(self) -> float:
        return float(self.units.max(initial=self.UNREAD))


def bounded(odds: float) -> float:
    """Log odds of a reader as a sign: what it is sure of counts no more than much."""
    return max(-SURE, min(SURE, odds)) / 4


@dataclass(frozen=True)
class Match:
    """One hit; how the question's tokens find its units; its `signs` (a, s), a row for each thing
    asked and a column for each of SIGNS; `units` (u, 1 + a) the cosines of its units with the
    question as a whole and with each thing asked; `precedents` (u, 1 + a) how near a precedent is
    that each of its units answers; `readings`, for each thing asked, where a reader read it."""

    hit: Hit
    interaction: Interaction
    signs: Floats
    units: Floats
    precedents: Floats
    readings: tuple[Reading | None, ...] = ()


def match(
    query: Query, vectors: QueryVectors, found: Candidates, hits: Sequence[Hit],
    snapshot: Snapshot, weights: Weights,
) -> list[Match]:  # fmt: skip
    """A match for each of `hits`, in their order; they are among the candidates `found`. Of
    `weights` only the cosines from which a sign begins to count."""
    places = {int(row): n for n, row in enumerate(found.rows)}
    rows = [snapshot.positions[hit.passage.id] for hit in hits]
    interactions = interact(vectors.whole.tokens, rows, snapshot)
    tokens = token_weights(vectors.whole, snapshot.lexical.weights(query.own_stems))
    signs = _Signs.of(query, rows, snapshot, weights)
    matches, near = [], nearness(found.precedents, weights)
    for n, (hit, row, met) in enumerate(zip(hits, rows, interactions, strict=True)):
        bounds = snapshot.unit_bounds
        units = snapshot.units[bounds[row] : bounds[row + 1]].astype(np.float32) @ vectors.all.T
        late = (met.passage_score(tokens), met.best_unit_score())
        table = signs.table(n, row, found, places[row], late, units)
        precedents = _of_units(near, row, len(units), snapshot)
        matches.append(Match(hit, met, table, units, precedents))
    return matches


@dataclass(frozen=True)
class _Signs:
    """What of the question the signs of every passage need."""

    query: Query
    snapshot: Snapshot
    weights: Weights
    words: Floats  # (h, 1 + a): of the telling words of the whole and of each thing asked
    kinds: frozenset[str]
    whether: bool | None
    figures: frozenset[str]
    titles: frozenset[str]

    @classmethod
    def of(cls, query: Query, rows: Sequence[int], snapshot: Snapshot, weights: Weights) -> _Signs:
        """`rows` (h,) are the passages whose signs are asked for."""
        shared = query.language == "it"  # words that a foreign question shares are chance
        told = [query.own_stems, *map(terms, query.asks)]
        return cls(
            query=query,
            snapshot=snapshot,
            weights=weights,
            words=_shares(told if shared else [()] * len(told), rows, snapshot),
            kinds=query.kinds,
            whether=query.whether if shared else None,
            figures=query.figures,
            titles=asked_about(query, snapshot.network),
        )

    def table(
        self, h: int, row: int, found: Candidates, n: int, late: tuple[float, float], units: Floats
    ) -> Floats:
        """(a, s): the signs, for each thing asked, of the passage at position `row`, which is the
        `h`-th of those asked for and the `n`-th candidate."""
        best = units.max(axis=0, initial=0.0)
        dense, led, heading = found.dense[n], found.led[n], found.heading[n]
        precedent = nearness(found.precedent[n], self.weights)
        own = self._of_passage(row, float(led.max()))
        words = self.words[h]
        rows = [
            (
                dense[0], dense[a], led[0] - dense[0], led[a] - dense[a], heading[a] - dense[a],
                precedent[0], precedent[a], *late, best[0], best[a], words[0], words[a], *own,
            )
            for a in range(1, 1 + len(self.query.asks))
        ]  # fmt: skip
        return np.array(rows, dtype=np.float32)

    def _of_passage(self, row: int, led: float) -> tuple[float, ...]:
        query, snapshot = self.query, self.snapshot
        passage = snapshot.passages[row]
        guide, term = snapshot.guides.get(passage.guide), passage.role == "term"
        says = _OPENS.at(row, snapshot)
        used = term and frozenset() < _NAME.at(row, snapshot) <= set(query.own_stems)
        found = (
            _share(self.figures, _NUMBERS.at(row, snapshot)) if self.figures else 0.0,
            bool(self.kinds) and all(_HELD[kind].at(row, snapshot) for kind in self.kinds),
            self.whether is True and says,
            self.whether is False and says,
            max(0.0, led - self.weights.numbers["literal_from"]) if not query.goes_on else 0.0,
            term and not query.definition,
            used and not query.definition,
            term and query.definition,
            passage.role == "step",
            passage.role == "contact",
            guide is not None and guide.kind == "emergenza",
            guide is not None and len(passage.heading_path) < 2,
            for_others(passage, snapshot, self.titles),
        )
        return tuple(map(float, found))


def nearness(cosines: Floats, weights: Weights) -> Floats:
    """How near precedents are, none being so where all are far."""
    return np.maximum(cosines - weights.numbers["precedent_from"], 0.0)


def _of_units(precedents: Floats, row: int, count: int, snapshot: Snapshot) -> Floats:
    """(u, v): of how near all `precedents` (p, v) are, how near is the nearest that leads to each
    of the `count` units of the passage at `row`."""
    leads = snapshot.leads
    own = slice(leads.bounds[row], leads.bounds[row + 1])
    units, named = leads.units[own], leads.units[own] >= 0
    best = np.zeros((count, precedents.shape[1]), dtype=np.float32)
    np.maximum.at(best, units[named], precedents[leads.questions[own][named]])
    return best


def _shares(told: Sequence[Sequence[str]], rows: Sequence[int], snapshot: Snapshot) -> Floats:
    """(h, t): of each list of stems told, the part that each of the passages at `rows` has, each
    stem counting by how telling it is. Which passages have a stem the index of words knows."""
    lexical, at = snapshot.lexical, np.array(rows, dtype=np.int64)
    has = {stem: lexical.holds(stem, at) for stem in {s for stems in told for s in stems}}
    shares = np.zeros((len(rows), len(told)))
    for column, stems in enumerate(told):
        telling = lexical.weights(stems)
        for stem, weight in telling.items():
            shares[:, column] += weight * has[stem]
        shares[:, column] /= sum(telling.values()) or 1.0
    return shares.astype(np.float32)


def covered(telling: Mapping[str, float], stems: frozenset[str]) -> float:
    """The part of the telling words that are among `stems`, each counting by how telling it is."""
    found = sum(weight for stem, weight in telling.items() if stem in stems)
    return found / (sum(telling.values()) or 1.0)


def _share(wanted: frozenset[str], there: frozenset[str]) -> float:
    """The part of `wanted`, which is something, that is there."""
    return len(wanted & there) / len(wanted)
