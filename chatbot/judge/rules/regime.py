"""The two regimes of the 2026 reform: which rule a unit states, and which one the person has.

Guides say a condition in the sentence that states the rule («per la domanda presentata prima del
12 giugno 2026 …»), and `index check` holds them to it, so a unit tells its own regime.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatbot.answer import Hit
from chatbot.judge.draft import Asked, Draft
from chatbot.period import BEFORE, SINCE, Side
from chatbot.question import Profile
from chatbot.read.evidence import Evidence, quotable
from index.guide import Unit
from index.passage import Passage

# Titles for which the date of an asylum application decides nothing any more, or never did.
SETTLED_TITLES = frozenset(
    (
        "titolare-protezione", "protezione-speciale", "casi-speciali", "protezione-temporanea",
        "altri-permessi", "senza-permesso",
    )
)  # fmt: skip
_DAY = r"(?P<{0}>prima del|dal) 12 giugno 2026"
_RULE = re.compile(
    r"\b(?:domand\w+|documento rilasciato|asilo|presentat\w+|registrat\w+|fatta|quell[ae])"
    + r"[^.;:|]{0,40}?\b"
    + _DAY.format("then")
    + r"|\b"
    + _DAY.format("ahead")
    + r"[^.;:|]{0,30}?\b(?:domand|chiest|presentat)",
    re.IGNORECASE,
)
_BOTH_IN_ONE = re.compile(r"\bprima (?:e|o) dal 12 giugno 2026", re.IGNORECASE)
_BOTH: frozenset[Side] = frozenset(("before", "since"))
# The question is about the rules themselves, or says by their mark which of them it means.
_NAMES_A_RULE = re.compile(
    r"\b(?:riforma|nuov[oaie]|vecchi[oaie]?|60|90|sessanta|novanta|nominativo"
    r"|adesso|ora|reforme?a?|new|old|now)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """Evidence as it is shown; `offers`: the date would narrow it down; `asks`: without the date
    it would be right for half of the people."""

    evidence: Sequence[Evidence]
    offers: bool = False
    asks: bool = False


def regime(asked: Asked, draft: Draft) -> Draft:
    """An answer under the rules that are the person's; other outcomes state no rule."""
    if draft.outcome != "answered":
        return draft
    query = asked.query
    settled = settle(draft.evidence, asked.found.hits, query.profile, query.text)
    if settled.asks:
        return draft.because(
            "regime", "la risposta cambia con la data della domanda di asilo, che non si sa",
            outcome="clarify", asks=True,
        )  # fmt: skip
    if list(settled.evidence) != list(draft.evidence):
        draft = draft.because(
            "regime", "scelte le frasi secondo la data della domanda di asilo",
            evidence=settled.evidence,
        )  # fmt: skip
    return draft if not settled.offers else replace(draft, offers=True)


def replies(words: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Both sides of the date, to tap; `words` are the texts of a language."""
    choices = (("before_reform", BEFORE), ("since_reform", SINCE))
    return tuple(
        {"label": words[key], "profile": {"application_date": str(period)}}
        for key, period in choices
    )


def sides(unit: Unit) -> frozenset[Side]:
    """The regimes whose rule `unit` states; none when its rule is the same for both."""
    text = f"{unit.lead} {unit.text}"
    if _BOTH_IN_ONE.search(text):
        return _BOTH
    days = (match["then"] or match["ahead"] for match in _RULE.finditer(text))
    return frozenset("before" if day.lower().startswith("prima") else "since" for day in days)


def settle(
    evidence: Sequence[Evidence], hits: Sequence[Hit], profile: Profile, text: str
) -> Settled:
    """With the date known, the rules of the other regime leave the answer where the right one
    is there. Without it, a rule never stands alone where the same section has its counterpart;
    where that is in a section of its own, the date is asked for."""
    shown = frozenset[Side]().union(*(sides(piece.unit) for piece in evidence))
    if not shown:
        return Settled(evidence)
    side = profile.application_date.side if profile.application_date else None
    if side:
        return Settled(_fitting(evidence, hits, side))
    open_date = (
        not profile.application_date
        and profile.title not in SETTLED_TITLES
        and bool(sides(evidence[0].unit))
    )
    if shown == _BOTH:
        return Settled(evidence, offers=open_date)
    (missing,) = _BOTH - shown
    for at, piece in enumerate(evidence, start=1):
        counterpart = sides(piece.unit) and _beside(piece, missing, piece.hit)
        if counterpart:
            return Settled([*evidence[:at], counterpart, *evidence[at:]], offers=open_date)
    own_section = evidence[0].hit.passage.role != "term"
    apart = own_section and any(
        _opens_with(hit.passage, missing) for hit in _same_guide(hits, evidence[0])
    )
    return Settled(evidence, asks=open_date and apart and not _NAMES_A_RULE.search(text))


def _fitting(evidence: Sequence[Evidence], hits: Sequence[Hit], side: Side) -> Sequence[Evidence]:
    """What applies on this side; all of it when no unit found states this side's rule, because
    then the other rule, with its date in the sentence, is all there is to say."""
    fitting = [piece for piece in evidence if not sides(piece.unit) or side in sides(piece.unit)]
    if any(side in sides(piece.unit) for piece in fitting) or len(fitting) == len(evidence):
        return fitting
    against = next(piece for piece in evidence if piece not in fitting)
    near = [against.hit, *_same_guide(hits, against)]
    for hit in near:
        if found := _beside(against, side, hit):
            return [found if piece is against else piece for piece in (against, *fitting)]
    return evidence


def _beside(piece: Evidence, side: Side, hit: Hit) -> Evidence | None:
    """The unit of a passage that states the rule of `side`, the nearest to where `piece` is."""
    units = enumerate(hit.passage.units)
    found = [n for n, unit in units if side in sides(unit) and quotable(unit)]
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


def _opens_with(passage: Passage, side: Side) -> bool:
    """Whether the first rule with a date that a passage states is of this side alone."""
    stated = (found for unit in passage.units if (found := sides(unit)))
    return next(stated, None) == {side}
