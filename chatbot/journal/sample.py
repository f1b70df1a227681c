"""The live sample: each week some of the answers given, to be judged for all of them.

A week is drawn when it is over, by who first looks. Of a draw the journal keeps the names of the
answers, and deletes them with the answers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from chatbot.journal.estimate import Estimate, Judged, estimate
from chatbot.journal.reading import Reviewed, with_all_said
from chatbot.journal.records import RIGHT, Verdict, answers, citations, reviews, samples, week_of

WAITING = 4  # weeks that are over and still wait to be judged
BANDS = 3  # of confidence, of equal width
DANGEROUS: Verdict = "pericolosa"
SPOKEN = ("answered", "clarify", "emergency")  # the confidence is that the guides answer
NOT_ANSWERS = ("small_talk",)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of the journal as it is drawn: never its question. `drawn` is the
    week that it stands for, "" where it was not drawn; `verdict` is the last one."""

    id: str
    at: datetime
    outcome: str
    language: str
    need: str
    confidence: float
    snapshot: str
    drawn: str = ""
    verdict: str = ""

    @property
    def week(self) -> str:
        return week_of(self.at)

    @property
    def foretold(self) -> float:
        """How likely the bot thought that it was right: to answer, or not to."""
        return self.confidence if self.outcome in SPOKEN else 1.0 - self.confidence

    @property
    def stratum(self) -> tuple[str, str, str, int]:
        band = min(BANDS - 1, int(self.confidence * BANDS))
        return self.outcome, self.need, self.language, band


@dataclass(frozen=True, slots=True)
class Week:
    """The estimates of a week, of all answers and of those from the guides that are wrong; `drawn`
    is its sample, of which `judged` are done."""

    name: str
    answers: int
    drawn: int
    judged: int
    right: Estimate | None
    wrong: Estimate | None


@dataclass(frozen=True, slots=True)
class Course:
    """Week by week, oldest first; `right`, `wrong` and `dangerous` are of all weeks together.
    `changes` are the snapshots that came, each with the moment of its first answer."""

    weeks: tuple[Week, ...]
    right: Estimate | None
    wrong: Estimate | None
    dangerous: Estimate | None
    changes: tuple[tuple[datetime, str], ...]


def given(engine: Engine, needs: Mapping[str, Sequence[str]]) -> list[Given]:
    """Every answer in the journal, oldest first; `needs` are those of each guide."""
    query = select(
        answers.c.id, answers.c.at, answers.c.outcome, answers.c.language, answers.c.confidence,
        answers.c.snapshot, answers.c.hits,
    ).where(answers.c.outcome.not_in(NOT_ANSWERS)).order_by(answers.c.at, answers.c.id)  # fmt: skip
    first = select(citations.c.answer_id, citations.c.guide).where(citations.c.n == 1)
    said = select(reviews.c.answer_id, reviews.c.verdict).order_by(reviews.c.at)
    with engine.connect() as connection:
        cited = {row.answer_id: row.guide for row in connection.execute(first)}
        verdicts = {row.answer_id: row.verdict for row in connection.execute(said)}
        weeks = {row.answer_id: row.week for row in connection.execute(select(samples))}
        return [
            Given(
                row.id, row.at, row.outcome, row.language,
                _need(cited.get(row.id, "") or _nearest(row.hits), needs), row.confidence,
                row.snapshot, weeks.get(row.id, ""), verdicts.get(row.id, ""),
            )
            for row in connection.execute(query)
        ]  # fmt: skip


def draw(engine: Engine, needs: Mapping[str, Sequence[str]], size: int, today: datetime) -> None:
    """Draw `size` answers of each week that is over and was not drawn yet. Where the last one was,
    nothing is read."""
    with engine.connect() as connection:
        known = set(connection.execute(select(samples.c.week).distinct()).scalars())
    if size == 0 or _last_weeks(today)[0] in known:
        return
    new = [
        {"answer_id": one.id, "week": week}
        for week, own in by_week(given(engine, needs), today)
        if week not in known
        for one in spread(own, size)
    ]
    if new:
        with suppress(IntegrityError), engine.begin() as connection:  # somebody drew the same
            connection.execute(insert(samples), new)


def spread(found: Sequence[Given], size: int) -> list[Given]:
    """`size` of the answers of one week, or all of fewer, spread over the strata by their size.

    A systematic sample of a list ordered by stratum (Madow and Madow, Annals of Mathematical
    Statistics 15, 1944): within a stratum the order is random, every answer is as likely to be
    drawn as any other, and each stratum gets its share, rounded up or down. Digests of names stand
    for chance: the same week gives the same sample.
    """
    if len(found) <= size:
        return list(found)
    order = sorted(found, key=lambda one: (one.stratum, _chance(one.id), one.id))
    step = len(order) / size
    start = _chance(order[0].week) / 2**32 * step
    return [order[int(start + n * step)] for n in range(size)]


def by_week(found: Sequence[Given], today: datetime) -> list[tuple[str, list[Given]]]:
    """The weeks that are over, oldest first."""
    weeks = [(week, list(own)) for week, own in groupby(found, key=lambda one: one.week)]
    return [(week, own) for week, own in weeks if week < week_of(today)]


def waiting(engine: Engine, today: datetime) -> list[Reviewed]:
    """The answers drawn in the last weeks, oldest first, with what was said of each."""
    names = select(samples.c.answer_id).where(samples.c.week.in_(_last_weeks(today)))
    query = select(answers).where(answers.c.id.in_(names)).order_by(answers.c.at, answers.c.id)
    return with_all_said(engine, query)


def _last_weeks(today: datetime) -> list[str]:
    """Those that are over and wait, the newest first."""
    return [week_of(today - timedelta(weeks=n)) for n in range(1, WAITING + 1)]


def course(found: Sequence[Given], today: datetime) -> Course:
    """What the judgements of the samples tell of all answers, week by week and together. Only
    samples count: what people complained of is judged too, and is no sample of anything."""
    parts = [(week, own) for week, own in by_week(found, today) if any(one.drawn for one in own)]
    weeks = tuple(
        Week(
            name, len(own), sum(bool(one.drawn) for one in own),
            sum(bool(one.drawn and one.verdict) for one in own), _right([own]), _wrong([own]),
        )
        for name, own in parts
    )  # fmt: skip
    changes: dict[str, datetime] = {}
    for one in found:
        changes.setdefault(one.snapshot, one.at)
    moments = sorted((at, snapshot) for snapshot, at in changes.items())
    every = [own for _, own in parts]
    return Course(weeks, _right(every), _wrong(every), _dangerous(every), tuple(moments[1:]))


Weeks = Sequence[Sequence[Given]]


def _right(weeks: Weeks) -> Estimate | None:
    return _estimate(weeks, lambda one: one.verdict == RIGHT, lambda one: one.foretold)


def _wrong(weeks: Weeks) -> Estimate | None:
    """Of the answers taken from the guides, those that are not right."""
    own = [[one for one in week if one.outcome == "answered"] for week in weeks]
    return _estimate(own, lambda one: one.verdict != RIGHT, lambda one: 1.0 - one.foretold)


def _dangerous(weeks: Weeks) -> Estimate | None:
    return _estimate(weeks, lambda one: one.verdict == DANGEROUS, lambda one: 1.0 - one.foretold)


def _estimate(
    weeks: Weeks, is_so: Callable[[Given], bool], foretells: Callable[[Given], float]
) -> Estimate | None:
    """Weeks of which nothing was judged tell nothing and stand for nothing."""
    judged, rest = [], []
    for own in weeks:
        done = [one for one in own if one.drawn and one.verdict]
        judged += [Judged(is_so(one), foretells(one), len(own) / len(done)) for one in done]
        rest += [foretells(one) for one in own if done and one not in done]
    return estimate(judged, rest)


def _chance(name: str) -> int:
    return zlib.crc32(name.encode())


def _need(guide: str, needs: Mapping[str, Sequence[str]]) -> str:
    return next(iter(needs.get(guide) or ()), "")


def _nearest(hits: Sequence[Mapping[str, Any]]) -> str:
    return str(hits[0].get("passage", "")).partition("#")[0] if hits else ""
