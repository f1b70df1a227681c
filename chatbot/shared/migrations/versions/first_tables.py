"""Documents of the desk and of who enters; snapshots, and which of them is published."""

import sqlalchemy as sa
from alembic import op

revision = "first"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("area", sa.String(60), primary_key=True),
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("stamp", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_attempts_key", "attempts", ["key"])
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_table(
        "pieces",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    # numbers do not get smaller: a piece is read and written as it is
    op.execute("ALTER TABLE pieces ALTER COLUMN data SET STORAGE EXTERNAL")
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("manifest", sa.LargeBinary, nullable=False),
    )
    _pieces_of("snapshot", sa.String(100), "snapshots.id")
    op.create_table(
        "editions",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("snapshot", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("ix_editions_snapshot", "editions", ["snapshot"])
    _pieces_of("edition", sa.Integer(), "editions.n")


def _pieces_of(owner: str, kind: sa.types.TypeEngine, column: str) -> None:
    """The table that says which pieces the files of an `owner` are made of."""
    op.create_table(
        f"{owner}_pieces",
        sa.Column(owner, kind, sa.ForeignKey(column, ondelete="CASCADE"), primary_key=True),
        sa.Column("path", sa.String(300), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("piece", sa.String(64), sa.ForeignKey("pieces.digest"), nullable=False),
    )
    op.create_index(f"ix_{owner}_pieces_piece", f"{owner}_pieces", ["piece"])


def downgrade() -> None:
    for table in ("edition_pieces", "editions", "snapshot_pieces", "snapshots", "pieces",
                  "attempts", "documents"):  # fmt: skip
        op.drop_table(table)
