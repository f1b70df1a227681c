"""Records of a journal, made for the tests."""

from __future__ import annotations

from sqlalchemy import Engine, select

from chatbot.journal.records import AuditLine, Cited, Entry, Feedback, Review, answers
from chatbot.journal.writer import Journal

PATIENCE_S = 300  # a disk that others use too is slow, not wrong


def entry(n: int, **changes: object) -> Entry:
    values: dict[str, object] = {
        "id": f"a{n}", "question": f"Domanda {n}?", "outcome": "answered", "snapshot": "s1",
        "confidence": 0.75, "latency_ms": 12.5, "conversation": "c1",
        "cited": (Cited(1, "tirocinio", "durata", "Dura sei mesi."),),
        "hits": ({"passage": "tirocinio#durata:0", "score": 0.9},), **changes,
    }  # fmt: skip
    return Entry(**values)  # type: ignore[arg-type]


def keep(journal: Journal, *records: Entry | Feedback | Review | AuditLine) -> None:
    for future in [journal.put(record) for record in records]:
        future.result(timeout=PATIENCE_S)


def ids(engine: Engine) -> list[str]:
    """Of the answers that are kept."""
    with engine.connect() as connection:
        return list(connection.scalars(select(answers.c.id)))
