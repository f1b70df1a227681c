"""Why an answer is what it is: the rules that made it so, each with its sentence."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    reasons = sa.Column("reasons", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    op.add_column("answers", reasons)


def downgrade() -> None:
    op.drop_column("answers", "reasons")
