"""What the journal tells those who direct: how much is asked, about what, and what came of it.

No figure is about a person: nothing but counts leaves here, and a count under LEAST is hidden with
enough others that it cannot be worked out from what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from chatbot.journal.records import answers, askings, citations, referrals, week_of

LEAST = 5  # the smallest count that is shown
UNANSWERED = ("no_answer", "related")
NOT_QUESTIONS = ("small_talk",)
ARRIVED = ("sent", "delivered", "taken", "refused")
NO_NEED = "-"  # of guides that name none, or of a need that is gone
Counts = Mapping[str, int | None]  # None is hidden


@dataclass(frozen=True, slots=True)
class Usage:
    """The counts of the days from `first` to `last`, both included; None is a hidden count."""

    first: date
    last: date
    questions: int | None
    answered: float | None  # share of the questions about the guides' subjects, dangers apart
    outcomes: Counts
    needs: Counts
    unanswered: Counts
    languages: Counts
    weeks: Counts
    areas: Counts
    made: int | None
    states: Counts
    referral_needs: Counts


def usage(
    engine: Engine, first: date, last: date, zone: str, needs: Mapping[str, Sequence[str]]
) -> Usage:
    """Count what the journal holds; `needs` are those of each guide, `zone` says where days begin.

    Weeks are ISO weeks of UTC; those at the two ends may be cut.
    """
    begin, end = _moments(first, last, zone)
    rows = [r for r in _answers(engine, begin, end) if r["outcome"] not in NOT_QUESTIONS]
    outcomes = Counter(row["outcome"] for row in rows)
    sent = _referrals(engine, begin, end)
    return Usage(
        first, last,
        questions=_shown(len(rows)),
        answered=_share(outcomes),
        outcomes=hide(outcomes),
        needs=hide(_by_need((row["cited"] for row in rows if row["cited"]), needs)),
        unanswered=hide(
            _by_need((r["near"] for r in rows if r["outcome"] in UNANSWERED and r["near"]), needs)
        ),
        languages=hide(Counter(row["language"] for row in rows)),
        weeks=hide(Counter(week_of(row["at"]) for row in rows), in_order=True),
        areas=hide(_areas(engine, begin, end)),
        made=_shown(len(sent)),
        states=hide(Counter(row["state"] for row in sent)),
        referral_needs=hide(Counter(row["need"] or NO_NEED for row in sent)),
    )  # fmt: skip


def hide(counts: Mapping[str, int], in_order: bool = False) -> dict[str, int | None]:
    """Counts, the greatest first or by name, those under LEAST hidden. One hidden count alone could
    be worked out from the sum: the next smallest is hidden with it."""
    order = sorted(counts, key=lambda name: (name if in_order else -counts[name], name))
    small = {name for name in order if counts[name] < LEAST}
    if len(small) == 1:
        others = [name for name in order if name not in small]
        small |= {min(others, key=lambda name: (counts[name], name))} if others else set()
    return {name: None if name in small else counts[name] for name in order}


def _shown(n: int) -> int | None:
    return n if n >= LEAST or n == 0 else None


def _share(outcomes: Mapping[str, int]) -> float | None:
    asked = sum(outcomes.get(name, 0) for name in ("answered", "clarify", *UNANSWERED))
    answered = outcomes.get("answered", 0)
    tells = min(answered, asked - answered) >= LEAST
    return round(answered / asked, 3) if tells else None


def _moments(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    midnight = time(tzinfo=ZoneInfo(zone))
    begin = datetime.combine(first, midnight).astimezone(UTC)
    return begin, datetime.combine(last + timedelta(days=1), midnight).astimezone(UTC)


def _answers(engine: Engine, begin: datetime, end: datetime) -> list[dict[str, Any]]:
    """Outcome, language and time of each answer, the guide it cites first, the one it found."""
    held = answers.c.at >= begin, answers.c.at < end
    query = select(
        answers.c.id, answers.c.at, answers.c.outcome, answers.c.language, answers.c.hits
    ).where(*held)
    first = select(citations.c.answer_id, citations.c.guide).join(answers).where(
        citations.c.n == 1, *held
    )  # fmt: skip
    with engine.connect() as connection:
        cited = {row.answer_id: row.guide for row in connection.execute(first)}
        return [
            {"at": row.at, "outcome": row.outcome, "language": row.language,
             "cited": cited.get(row.id, ""), "near": _first_guide(row.hits)}
            for row in connection.execute(query)
        ]  # fmt: skip


def _first_guide(hits: Sequence[Mapping[str, Any]]) -> str:
    return str(hits[0].get("passage", "")).partition("#")[0] if hits else ""


def _by_need(guides: Iterable[str], needs: Mapping[str, Sequence[str]]) -> Counter[str]:
    """How many questions lead to each need; to each of its needs where a guide has several."""
    counts: Counter[str] = Counter()
    for guide in guides:
        counts.update(needs.get(guide) or (NO_NEED,))
    return counts


def _areas(engine: Engine, begin: datetime, end: datetime) -> Counter[str]:
    """By area: kept by week, without a tie to questions."""
    last = week_of(end - timedelta(seconds=1))
    held = select(askings).where(askings.c.week >= week_of(begin), askings.c.week <= last)
    counts: Counter[str] = Counter()
    with engine.connect() as connection:
        for row in connection.execute(held):
            counts[row.area] += row.n
    return counts


def _referrals(engine: Engine, begin: datetime, end: datetime) -> list[dict[str, Any]]:
    query = select(referrals.c.state, referrals.c.need).where(
        referrals.c.at >= begin, referrals.c.at < end
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
