"""The tables of what several servers share. The journal's are its own."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# people, sessions, tokens, drafts, publications: what one machine keeps in files
documents = Table(
    "documents",
    metadata,
    Column("area", String(60), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("stamp", BigInteger, nullable=False),  # another number at each change
    Column("changed", DateTime(timezone=True), nullable=False),
)

# failed attempts to enter, by a digest of who made them
attempts = Table(
    "attempts",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", String(64), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

# what was let in of each rate in a window of time, by all servers together. Not logged: who starts
# again after a fault has lost a minute of counts, and the disk writes nothing of them
rates = Table(
    "rates",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False, index=True),
    Column("changed", DateTime(timezone=True), nullable=False, index=True),
    prefixes=["UNLOGGED"],
)

# parts of files, each kept once: most of a snapshot is that of the one before
pieces = Table(
    "pieces",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("manifest", LargeBinary, nullable=False),
)

snapshot_pieces = Table(
    "snapshot_pieces",
    metadata,
    Column(
        "snapshot", String(100), ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("path", String(300), primary_key=True),
    Column("n", Integer, primary_key=True),  # from 0, in their order
    Column("piece", String(64), ForeignKey("pieces.digest"), nullable=False, index=True),
)

# what was published, one after the other; the highest number is what every server serves
editions = Table(
    "editions",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("snapshot", String(100), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# the texts that an edition was made from, so that any server can go on from them
edition_pieces = Table(
    "edition_pieces",
    metadata,
    Column("edition", Integer, ForeignKey("editions.n", ondelete="CASCADE"), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("piece", String(64), ForeignKey("pieces.digest"), nullable=False, index=True),
)
