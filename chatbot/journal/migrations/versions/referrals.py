"""Slips sent to services, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "referrals"
down_revision = "2"


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("office", sa.String(100), nullable=False),
        sa.Column("service", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("need", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("slip", sa.JSON(), nullable=True),
        sa.Column("receiver", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("changed", sa.DateTime(), nullable=False),
        sa.Column("next_try", sa.DateTime(), nullable=False),
    )
    op.create_index("referrals_at", "referrals", ["at"])
    op.create_index("referrals_waiting", "referrals", ["state", "next_try"])
    op.create_index("referrals_receiver", "referrals", ["receiver"])
    op.create_index("referrals_sender", "referrals", ["sender"])


def downgrade() -> None:
    op.drop_table("referrals")
