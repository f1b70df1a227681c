"""The two regimes of a reform: which rule a unit states, and which one the person has.

Guides say a condition in the sentence that states the rule («per la domanda presentata prima
del …»), and `index check` holds them to it, so a unit tells its own regime.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from chatbot.answer import Hit, QuickReply
from chatbot.find.column import UnitColumn
from chatbot.judge.ruling import Asked, Ruling
from chatbot.period import Period, Side
from chatbot.question import Profile
from chatbot.read.evidence import Evidence, quotable
from chatbot.understand.named import REMEMBERED
from index.guide import Unit
from index.network import Reform, in_language
from index.passage import Passage
from index.phrases import any_of, plain
from index.publish.snapshot import Snapshot

_BOTH: frozenset[Side] = frozenset(("before", "since"))


@dataclass(frozen=True, slots=True)
class _Said:
    """How the guides say the rules of a reform."""

    rule: re.Pattern[str]
    both: re.Pattern[str]


@lru_cache(maxsize=REMEMBERED)
def _said(reform: Reform) -> _Said:
    said = reform.in_guides
    before, since = any_of([said.before]), any_of([said.since])
    first, last = (rf"(?:(?P<before{n}>{before})|(?P<since{n}>{since}))" for n in (1, 2))
    ahead, behind = any_of(reform.rule_before), any_of(reform.rule_after)
    return _Said(
        rule=re.compile(rf"{ahead}[^.;:|]{{0,40}}?{first}|{last}[^.;:|]{{0,30}}?{behind}"),
        both=re.compile(any_of([said.both] if said.both else ())),
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """Evidence as it is shown; `offers`: the date would narrow it down by this reform; `asks`:
    without the date it would be right for half of the people."""

    evidence: Sequence[Evidence]
    offers: Reform | None = None
    asks: Reform | None = None


def regime(asked: Asked, ruling: Ruling) -> Ruling:
    """An answer under the rules that are the person's; other outcomes state no rule."""
    if ruling.outcome != "answered":
        return ruling
    query, reforms = asked.query, asked.snapshot.network.reforms
    settled = settle(
        ruling.evidence,
        asked.found.hits,
        query.profile,
        query.rules,
        reforms,
        _told(asked.snapshot),
    )
    if settled.asks:
        return ruling.because(
            "regime", f"la risposta cambia con la data della {settled.asks.of}, che non si sa",
            outcome="clarify", asks=settled.asks,
        )  # fmt: skip
    if list(settled.evidence) != list(ruling.evidence):
        ruling = ruling.because(
            "regime", "scelte le frasi secondo la data della domanda",
            evidence=settled.evidence,
        )  # fmt: skip
    return replace(ruling, offers=settled.offers)


def replies(reform: Reform, language: str) -> tuple[QuickReply, ...]:
    """Both sides of the date, to tap."""
    choices = (
        (reform.before, Period.before(reform.day)),
        (reform.since, Period.since(reform.day)),
    )
    return tuple(QuickReply(in_language(names, language), period) for names, period in choices)


def sides(unit: Unit, reform: Reform) -> frozenset[Side]:
    """The regimes whose rule `unit` states; none when its rule is the same for both."""
    text, said = plain(f"{unit.lead} {unit.text}"), _said(reform)
    if said.both.search(text):
        return _BOTH
    rules = list(said.rule.finditer(text))
    before = any(match["before1"] or match["before2"] for match in rules)
    since = any(match["since1"] or match["since2"] for match in rules)
    told: dict[Side, bool] = {"before": before, "since": since}
    return frozenset(side for side, said_so in told.items() if said_so)


# The regimes whose rule the unit at a position of a passage states.
Told = Callable[[Passage, int], frozenset[Side]]
_SIDES = UnitColumn(
    lambda unit, _, snapshot: tuple(sides(unit, reform) for reform in snapshot.network.reforms)
)


def _told(snapshot: Snapshot) -> list[Told]:
    """For each reform of the network what its snapshot keeps read."""

    def of(reform: int) -> Told:
        return lambda passage, n: _SIDES.of(passage, n, snapshot)[reform]

    return [of(reform) for reform in range(len(snapshot.network.reforms))]


def _now(reform: Reform) -> Told:
    return lambda passage, n: sides(passage.units[n], reform)


def _side(piece: Evidence, told: Told) -> frozenset[Side]:
    return told(piece.hit.passage, piece.position)


def settle(
    evidence: Sequence[Evidence],
    hits: Sequence[Hit],
    profile: Profile,
    named: frozenset[str],
    reforms: Sequence[Reform],
    told: Sequence[Told] = (),
) -> Settled:
    """What each reform, the newest first, makes of the evidence; the first that must ask asks.
    `named` has the ids of those of which the question says which rule it means; `told` has, for
    each of them, the regimes that a unit states (`sides` where it is not given)."""
    offers = None
    for reform, says in zip(reforms, told or [_now(reform) for reform in reforms], strict=True):
        settled = _settle(evidence, hits, profile, named, reform, says)
        if settled.asks:
            return settled
        evidence, offers = settled.evidence, offers or settled.offers
    return Settled(evidence, offers)


def _settle(
    evidence: Sequence[Evidence],
    hits: Sequence[Hit],
    profile: Profile,
    named: frozenset[str],
    reform: Reform,
    told: Told,
) -> Settled:
    """With the date known, the rules of the other regime leave the answer where the right one
    is there. Without it, a rule never stands alone where the same section has its counterpart;
    where that is in a section of its own, the date is asked for."""
    shown = frozenset[Side]().union(*(_side(piece, told) for piece in evidence))
    if not shown:
        return Settled(evidence)
    side = profile.application_date.side(reform.day) if profile.application_date else None
    if side:
        return Settled(_fitting(evidence, hits, side, told))
    open_date = (
        not profile.application_date
        and profile.title not in reform.settled
        and bool(_side(evidence[0], told))
    )
    offers = reform if open_date else None
    if shown == _BOTH:
        return Settled(evidence, offers)
    (missing,) = _BOTH - shown
    for at, piece in enumerate(evidence, start=1):
        counterpart = _side(piece, told) and _beside(piece, missing, piece.hit, told)
        if counterpart:
            return Settled([*evidence[:at], counterpart, *evidence[at:]], offers)
    own_section = evidence[0].hit.passage.role != "term"
    apart = own_section and any(
        _opens_with(hit.passage, missing, told) for hit in _same_guide(hits, evidence[0])
    )
    unsaid = reform.id not in named
    return Settled(evidence, asks=reform if open_date and apart and unsaid else None)


def _fitting(
    evidence: Sequence[Evidence], hits: Sequence[Hit], side: Side, told: Told
) -> Sequence[Evidence]:
    """What applies on this side; all of it when no unit found states this side's rule, because
    then the other rule, with its date in the sentence, is all there is to say."""
    stated = [_side(piece, told) for piece in evidence]
    fitting = [piece for piece, at in zip(evidence, stated, strict=True) if not at or side in at]
    if any(side in at for at in stated) or len(fitting) == len(evidence):
        return fitting
    against = next(piece for piece in evidence if piece not in fitting)
    near = [against.hit, *_same_guide(hits, against)]
    for hit in near:
        if found := _beside(against, side, hit, told):
            return [found if piece is against else piece for piece in (against, *fitting)]
    return evidence


def _beside(piece: Evidence, side: Side, hit: Hit, told: Told) -> Evidence | None:
    """The unit of a passage that states the rule of `side`, the nearest to where `piece` is."""
    units = enumerate(hit.passage.units)
    found = [n for n, unit in units if side in told(hit.passage, n) and quotable(unit)]
    if not found:
        return None
    at = min(found, key=lambda n: abs(n - piece.position))
    return Evidence(hit, hit.passage.units[at], at, piece.score, piece.asked)


def _same_guide(hits: Sequence[Hit], piece: Evidence) -> Iterable[Hit]:
    """Other sections of the guide of `piece`, best first; handouts are not evidence."""
    own = piece.hit.passage
    return (
        hit for hit in hits if hit.passage.guide == own.guide and hit.passage.anchor != own.anchor
    )


def _opens_with(passage: Passage, side: Side, told: Told) -> bool:
    """Whether the first rule with a date that a passage states is of this side alone."""
    stated = (found for n in range(len(passage.units)) if (found := told(passage, n)))
    return next(stated, None) == {side}
