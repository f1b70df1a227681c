"""The live sample: which answers were drawn to be judged for all of their week."""

import sqlalchemy as sa
from alembic import op

revision = "samples"
down_revision = "askings"


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column(
            "answer_id",
            sa.String(64),
            sa.ForeignKey("answers.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("week", sa.String(8), nullable=False),
    )
    op.create_index("samples_week", "samples", ["week"])


def downgrade() -> None:
    op.drop_table("samples")
