"""What leaves the journal: purged by age, exported or erased by conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from chatbot.journal.records import (
    answers,
    askings,
    audit,
    citations,
    feedback,
    referrals,
    reviews,
    samples,
    week_of,
)


def purge(engine: Engine, before: datetime) -> dict[str, int]:
    """Delete what is older than `before`: rows deleted by table. What was said of an answer goes
    with the answer, so that nothing outlives its question."""
    with engine.begin() as connection:
        old = select(answers.c.id).where(answers.c.at < before)
        removed = _delete_answers(connection, old)
        for table in (feedback, reviews, audit, referrals):
            late = connection.execute(delete(table).where(table.c.at < before)).rowcount
            removed[table.name] = removed.get(table.name, 0) + late
        past = delete(askings).where(askings.c.week < week_of(before))
        removed["askings"] = connection.execute(past).rowcount
    _forget_pages(engine, removed)
    return removed


def export(engine: Engine, conversation: str) -> dict[str, Any]:
    """All that is kept of a conversation, oldest first; empty lists when nothing is."""
    with engine.connect() as connection:
        mine = select(answers.c.id).where(answers.c.conversation == conversation)
        rows: dict[str, Any] = {"conversation": conversation}
        query = select(answers).where(answers.c.conversation == conversation)
        rows["answers"] = _json(connection, query.order_by(answers.c.at))
        cited = select(citations).where(citations.c.answer_id.in_(mine))
        rows["citations"] = _json(connection, cited.order_by(citations.c.answer_id, citations.c.n))
        for table in (feedback, reviews):
            said = select(table).where(table.c.answer_id.in_(mine))
            rows[table.name] = _json(connection, said.order_by(table.c.at))
        drawn = select(samples).where(samples.c.answer_id.in_(mine))
        rows["samples"] = _json(connection, drawn.order_by(samples.c.week))
        return rows


def erase(engine: Engine, conversation: str) -> dict[str, int]:
    """Delete all that is kept of a conversation: rows deleted by table."""
    with engine.begin() as connection:
        mine = select(answers.c.id).where(answers.c.conversation == conversation)
        removed = _delete_answers(connection, mine)
    _forget_pages(engine, removed)
    return removed


def erase_answers(engine: Engine, ids: Sequence[str]) -> dict[str, int]:
    """Delete these answers, their questions and all that was said of them: rows deleted by
    table."""
    with engine.begin() as connection:
        removed = _delete_answers(connection, list(ids))
    _forget_pages(engine, removed)
    return removed


def _delete_answers(connection: Connection, ids: Any) -> dict[str, int]:
    removed = {}
    for table in (feedback, reviews, citations):
        statement = delete(table).where(table.c.answer_id.in_(ids))
        removed[table.name] = connection.execute(statement).rowcount
    connection.execute(delete(samples).where(samples.c.answer_id.in_(ids)))
    removed["answers"] = connection.execute(delete(answers).where(answers.c.id.in_(ids))).rowcount
    return removed


def _forget_pages(engine: Engine, removed: dict[str, int]) -> None:
    """Old copies of deleted rows also leave SQLite's write-ahead log."""
    if engine.dialect.name == "sqlite" and any(removed.values()):
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _json(connection: Connection, query: Any) -> list[dict[str, Any]]:
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [
        {key: value.isoformat() if isinstance(value, datetime) else value
         for key, value in row.items()}
        for row in rows
    ]  # fmt: skip
