"""What editors and evaluators read in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, exists, func, select

from chatbot.journal.records import (
    GOOD,
    RIGHT,
    AuditLine,
    Cited,
    Entry,
    Feedback,
    Review,
    answers,
    audit,
    citations,
    feedback,
    reviews,
)

LIMIT = 500
UNANSWERED = ("no_answer", "related")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An answer with what operators and evaluators said of it."""

    entry: Entry
    feedback: tuple[Feedback, ...] = ()
    reviews: tuple[Review, ...] = ()


def unanswered(
    engine: Engine, since: datetime | None = None, outcomes: Sequence[str] = UNANSWERED,
    limit: int = LIMIT,
) -> list[Entry]:  # fmt: skip
    """Questions the guides did not answer, newest first."""
    query = select(answers).where(answers.c.outcome.in_(outcomes))
    return [r.entry for r in with_all_said(engine, recent(query, since, limit))]


def to_correct(engine: Engine, since: datetime | None = None, limit: int = LIMIT) -> list[Reviewed]:
    """Answers that an operator did not find good or an evaluator found wrong, newest first."""
    bad = exists().where(feedback.c.answer_id == answers.c.id, feedback.c.reason != GOOD)
    wrong = exists().where(reviews.c.answer_id == answers.c.id, reviews.c.verdict != RIGHT)
    return with_all_said(engine, recent(select(answers).where(bad | wrong), since, limit))


def find_answer(engine: Engine, answer_id: str) -> Reviewed | None:
    """One answer with all that was said of it."""
    found = with_all_said(engine, select(answers).where(answers.c.id == answer_id))
    return found[0] if found else None


def counts_by_guide(engine: Engine, since: datetime | None = None) -> dict[str, int]:
    """How many answers each guide grounds (an answer counts once for a guide)."""
    count = func.count(citations.c.answer_id.distinct())
    query = select(citations.c.guide, count).group_by(citations.c.guide)
    if since:
        query = query.join(answers, answers.c.id == citations.c.answer_id)
        query = query.where(answers.c.at >= since)
    with engine.connect() as connection:
        return _pairs(connection.execute(query))


def counts_by_outcome(engine: Engine, since: datetime | None = None) -> dict[str, int]:
    """How many answers of each outcome."""
    query = select(answers.c.outcome, func.count()).group_by(answers.c.outcome)
    if since:
        query = query.where(answers.c.at >= since)
    with engine.connect() as connection:
        return _pairs(connection.execute(query))


def _pairs(rows: Iterable[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


def audit_lines(engine: Engine, limit: int = LIMIT) -> list[AuditLine]:
    """Who did what, newest first."""
    query = select(audit).order_by(audit.c.at.desc()).limit(limit)
    with engine.connect() as connection:
        return [AuditLine(**row) for row in connection.execute(query).mappings()]


def recent(query: Select[Any], since: datetime | None, limit: int) -> Select[Any]:
    """The newest answers of a query."""
    if since:
        query = query.where(answers.c.at >= since)
    return query.order_by(answers.c.at.desc(), answers.c.id).limit(limit)


def with_all_said(engine: Engine, query: Select[Any]) -> list[Reviewed]:
    """The answers of a query with citations, feedback and reviews: four statements in all."""
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
        ids = [row["id"] for row in rows]
        said: dict[str, list[dict[str, Any]]] = {}
        for table, order in ((citations, "n"), (feedback, "at"), (reviews, "at")):
            part = select(table).where(table.c.answer_id.in_(ids)).order_by(table.c[order])
            said[table.name] = [dict(row) for row in connection.execute(part).mappings()]
    cited = _grouped(said["citations"], drop=True)
    comments, verdicts = _grouped(said["feedback"]), _grouped(said["reviews"])
    return [
        Reviewed(
            Entry(
                **row | {"hits": tuple(row["hits"]), "reasons": tuple(row["reasons"])},
                cited=tuple(Cited(**c) for c in cited.get(row["id"], ())),
            ),
            tuple(Feedback(**f) for f in comments.get(row["id"], ())),
            tuple(Review(**r) for r in verdicts.get(row["id"], ())),
        )
        for row in rows
    ]


def _grouped(rows: Sequence[dict[str, Any]], drop: bool = False) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        answer_id = row.pop("answer_id") if drop else row["answer_id"]
        groups.setdefault(answer_id, []).append(row)
    return groups
