"""From which area it is asked, week by week: counts, tied to no question."""

import sqlalchemy as sa
from alembic import op

revision = "askings"
down_revision = "referrals"


def upgrade() -> None:
    op.create_table(
        "askings",
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("area", sa.String(80), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("askings")
