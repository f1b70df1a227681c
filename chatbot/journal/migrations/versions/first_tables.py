"""The first tables: answers, citations, feedback, reviews, audit.

Written out, not taken from `chatbot.journal.records`: a migration says what the tables were on its
day.
"""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

SMALL, MEDIUM, LONG = sa.String(20), sa.String(64), sa.Text()


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", MEDIUM, primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("conversation", MEDIUM, nullable=False),
        sa.Column("question", LONG, nullable=False),
        sa.Column("outcome", SMALL, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("snapshot", MEDIUM, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("latency_ms", sa.Float(), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
    )
    op.create_index("answers_at", "answers", ["at"])
    op.create_index("answers_conversation", "answers", ["conversation"])
    op.create_index("answers_outcome", "answers", ["outcome", "at"])
    op.create_table(
        "citations",
        sa.Column(
            "answer_id", MEDIUM, sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("guide", sa.String(200), nullable=False),
        sa.Column("anchor", sa.String(200), nullable=False),
        sa.Column("quote", LONG, nullable=False),
    )
    op.create_index("citations_guide", "citations", ["guide"])
    _create_judgements()


def _create_judgements() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer_id", MEDIUM, nullable=False),
        sa.Column("reason", SMALL, nullable=False),
        sa.Column("comment", LONG, nullable=False),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer_id", MEDIUM, nullable=False),
        sa.Column("verdict", SMALL, nullable=False),
        sa.Column("reviewer", MEDIUM, nullable=False),
        sa.Column("passage", sa.String(400), nullable=False),
        sa.Column("note", LONG, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", MEDIUM, nullable=False),
        sa.Column("action", MEDIUM, nullable=False),
        sa.Column("detail", LONG, nullable=False),
        sa.Column("address", MEDIUM, nullable=False),
    )
    for table in ("feedback", "reviews"):
        op.create_index(f"{table}_answer", table, ["answer_id"])
    for table in ("feedback", "reviews", "audit"):
        op.create_index(f"{table}_at", table, ["at"])


def downgrade() -> None:
    for table in ("audit", "reviews", "feedback", "citations", "answers"):
        op.drop_table(table)
