"""What the journal keeps: frozen records, and the tables they are rows of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from chatbot.answer import Answer
from chatbot.question import Question

Reason = Literal[
    "ottima", "sbagliata", "incompleta", "non_aggiornata", "fonte_sbagliata", "poco_chiara"
]
Verdict = Literal["giusta", "sbagliata", "pericolosa"]
GOOD: Reason = "ottima"
RIGHT: Verdict = "giusta"


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer: which section, which words."""

    n: int
    guide: str
    anchor: str
    quote: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and what became of it. `latency_ms` is the bot's total."""

    id: str
    question: str
    outcome: str
    language: str = "it"
    snapshot: str = ""
    confidence: float = 0.0
    latency_ms: float = 0.0
    conversation: str = ""
    cited: tuple[Cited, ...] = ()
    hits: tuple[dict[str, Any], ...] = ()
    reasons: tuple[dict[str, str], ...] = ()  # rule and why, as in the answer
    at: datetime = field(default_factory=now)

    @classmethod
    def of(cls, question: Question, answer: Answer, conversation: str = "") -> Entry:
        """The entry for an answer just given; neither history nor profile is kept."""
        return cls(
            id=answer.id,
            question=question.text,
            outcome=answer.outcome,
            language=answer.language,
            snapshot=answer.snapshot,
            confidence=answer.confidence,
            latency_ms=answer.timings_ms.get("total", 0.0),
            conversation=conversation,
            cited=tuple(
                Cited(c.n, c.guide, c.url.partition("#")[2], c.quote) for c in answer.citations
            ),
            hits=tuple({"passage": h.passage.id, "score": round(h.fused, 4)} for h in answer.hits),
            reasons=tuple({"rule": r.rule, "why": r.why} for r in answer.reasons),
        )


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an operator thinks of an answer."""

    answer_id: str
    reason: Reason
    comment: str = ""
    id: str = field(default_factory=new_id)
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Review:
    """What an evaluator thinks of an answer; `passage` is the one that should have been cited."""

    answer_id: str
    verdict: Verdict
    reviewer: str
    passage: str = ""
    note: str = ""
    id: str = field(default_factory=new_id)
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what: never a question, a token or a passphrase."""

    actor: str
    action: str
    detail: str = ""
    address: str = ""
    id: str = field(default_factory=new_id)
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Asking:
    """That a question came from an area, in a week: counted, and tied to no question."""

    area: str  # empty where it was not said
    at: datetime = field(default_factory=now)


Record = Entry | Feedback | Review | AuditLine | Asking


def week_of(moment: datetime) -> str:
    """The ISO week of a moment in UTC, such as `2031-W07`: sorted by name it is sorted by time."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


class Utc(TypeDecorator[datetime]):
    """Moments in UTC; SQLite has no time zones, so they are taken off and put back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


metadata = MetaData()

answers = Table(
    "answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("conversation", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("snapshot", String(64), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("latency_ms", Float, nullable=False),
    Column("hits", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Index("answers_at", "at"),
    Index("answers_conversation", "conversation"),
    Index("answers_outcome", "outcome", "at"),
)

citations = Table(
    "citations",
    metadata,
    Column("answer_id", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("guide", String(200), nullable=False),
    Column("anchor", String(200), nullable=False),
    Column("quote", Text, nullable=False),
    Index("citations_guide", "guide"),
)

# No foreign key from here to `answers`: an answer lost to overflow may still be judged.
feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("answer_id", String(64), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("comment", Text, nullable=False),
    Index("feedback_answer", "answer_id"),
    Index("feedback_at", "at"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("answer_id", String(64), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("reviewer", String(64), nullable=False),
    Column("passage", String(400), nullable=False),
    Column("note", Text, nullable=False),
    Index("reviews_answer", "answer_id"),
    Index("reviews_at", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("address", String(64), nullable=False),
    Index("audit_at", "at"),
)

# Written by chatbot/referral; `slip` is what was written, until it is handed on.
referrals = Table(
    "referrals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("office", String(100), nullable=False),
    Column("service", String(200), nullable=False),
    Column("title", String(300), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("need", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("slip", JSON(none_as_null=True), nullable=True),
    Column("receiver", String(64), nullable=False),
    Column("sender", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("changed", Utc, nullable=False),
    Column("next_try", Utc, nullable=False),
    Index("referrals_at", "at"),
    Index("referrals_waiting", "state", "next_try"),
    Index("referrals_receiver", "receiver"),
    Index("referrals_sender", "sender"),
)

askings = Table(
    "askings",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("area", String(80), primary_key=True),
    Column("n", Integer, nullable=False),
)

# Written by chatbot/journal/sample.py: an answer drawn, and the week that it stands for.
samples = Table(
    "samples",
    metadata,
    Column("answer_id", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("week", String(8), nullable=False),
    Index("samples_week", "week"),
)

TABLE_OF: dict[type[Record], Table] = {
    Entry: answers, Feedback: feedback, Review: reviews, AuditLine: audit,
}  # fmt: skip
