"""What is ruled of an answer, and why it is so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chatbot.answer import Outcome, Reason
from chatbot.find.rank import Found
from chatbot.question import Query
from chatbot.read.evidence import Evidence
from index.guide import Guide
from index.network import Reform
from index.publish.snapshot import Snapshot


@dataclass(frozen=True)
class Asked:
    """What a rule may look at: the query, what was found for it and where, the cards of danger that
    it calls for."""

    query: Query
    found: Found
    snapshot: Snapshot
    cards: tuple[Guide, ...] = ()
    today: date | None = None  # None: the day where the network is


@dataclass(frozen=True)
class Ruling:
    """`outcome` with its `evidence`; `chances`, of each thing asked, that the evidence answers it;
    `silent`, the things asked that it does not answer; `cards` that come first; `asks` and
    `offers`, the reform for which the date is asked for or would narrow the answer down; `refer_to`
    says whom to turn to, `notices` are said before the answer, both in the editors' words; `sure`,
    whether all of it is likely enough to be told as an answer, or only as what may be one."""

    outcome: Outcome
    evidence: Sequence[Evidence]
    chances: tuple[float, ...]
    silent: tuple[str, ...] = ()
    cards: tuple[Guide, ...] = ()
    asks: Reform | None = None
    offers: Reform | None = None
    refer_to: str = ""
    notices: tuple[str, ...] = ()
    sure: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def confidence(self) -> float:
        return max(self.chances, default=0.0)

    def because(self, rule: str, why: str, **changes: object) -> Ruling:
        """The same with `changes`, and the reason for them."""
        return replace(self, reasons=(*self.reasons, Reason(rule, why)), **changes)  # type: ignore[arg-type]
