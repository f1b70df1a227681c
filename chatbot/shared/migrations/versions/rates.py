"""What was let in of each rate, by all servers together."""

import sqlalchemy as sa
from alembic import op

revision = "rates"
down_revision = "first"


def upgrade() -> None:
    op.create_table(
        "rates",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_rates_until", "rates", ["until"])
    op.create_index("ix_rates_changed", "rates", ["changed"])


def downgrade() -> None:
    op.drop_table("rates")
