"""Where a language model may help: what it is asked, and what becomes of its reply.

It reads and points: whatever it says, the answer is made of units, verbatim. Where there is none,
where it fails or says what cannot be read, the answer is what it would have been without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chatbot.answer import Outcome, Reason
from chatbot.find.rank import TOP, Found
from chatbot.judge.consult import Consultation
from chatbot.judge.rules import Rule, apply
from chatbot.judge.ruling import Asked, Ruling
from chatbot.question import Query
from chatbot.read.evidence import MAX_IN_ALL, Evidence, quotable, said_once
from index.guide import Guide
from index.network import Network
from index.publish.snapshot import Snapshot

RULE = "modello"
# Dangers and courtesies are not the model's business, nor is what is asked back; what is on none
# of the guides' subjects stays so.
HELPED: frozenset[Outcome] = frozenset({"answered", "related", "no_answer"})


class Helper(Protocol):
    """A language model behind its switches. Nothing here raises: no help is None, or nothing."""

    @property
    def name(self) -> str: ...

    def searches(self, query: Query, network: Network) -> tuple[str, ...]:
        """Questions in Italian to search with, beside the question itself."""
        ...

    def point(
        self, query: Query, units: Sequence[tuple[str, str]], network: Network
    ) -> tuple[int, ...] | None:
        """The places in `units` of those that answer, best first; empty where none does. Of each:
        its guide and headings, and its text."""
        ...


@dataclass(frozen=True, slots=True)
class Readable:
    """A unit that the model may point to, and where it stands: its guide and headings."""

    evidence: Evidence
    where: str
    text: str


def readable(found: Found, snapshot: Snapshot) -> list[Readable]:
    """The units of the best passages that can be quoted, in the order of the passages."""
    return [
        Readable(
            Evidence(hit, unit, at, hit.fused),
            " › ".join((snapshot.guides[hit.passage.guide].title, *hit.passage.heading_path)),
            f"{unit.lead} {unit.text}".strip(),
        )
        for hit in found.hits[:TOP]
        for at, unit in enumerate(hit.passage.units)
        if quotable(unit)
    ]


def reconsider(
    before: Consultation,
    pointed: Sequence[Evidence],
    query: Query,
    snapshot: Snapshot,
    cards: tuple[Guide, ...],
    rules: tuple[Rule, ...],
) -> Consultation:
    """The consultation with the units `pointed` to in place of the reader's; the rules look at them
    as at any, and no probability is known of them. Where the model points to none, what was an
    answer is only near."""
    ruling = before.ruling
    if not pointed:
        if ruling.outcome != "answered":
            return before
        why = "secondo il modello nessuna frase risponde"
        silent = Ruling("related", (), ruling.chances, reasons=ruling.reasons)
        return Consultation(before.found, silent.because(RULE, why))
    evidence = said_once(pointed[:MAX_IN_ALL], snapshot)
    if [piece.unit for piece in evidence] == [piece.unit for piece in ruling.evidence]:
        return before
    reasons = (*ruling.reasons, Reason(RULE, "il modello ha indicato le frasi che rispondono"))
    changed = Ruling("answered", evidence, ruling.chances, reasons=reasons)
    changed = apply(Asked(query, before.found, snapshot, cards), changed, rules)
    return Consultation(before.found, changed)
