"""The database of the journal: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from index.errors import BussolaError

OFF = "off"
FILE = "journal.sqlite"
BUSY_S = 5.0  # how long a writer waits for another one
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x627573736F6C61  # any number that is ours, for PostgreSQL's advisory lock


class JournalError(BussolaError):
    """The journal cannot be opened; the message says why, in Italian."""


def journal_url(setting: str, var: Path) -> str | None:
    """The address of the database, None when the journal is switched off."""
    if setting.strip().lower() == OFF:
        return None
    return setting.strip() or f"sqlite:///{(var / FILE).absolute()}"


def open_engine(url: str) -> Engine:
    """An engine with its tables at the newest revision. Raises JournalError, whose message never
    holds the URL, which may carry a password."""
    try:
        engine = _create(url)
        migrate(engine)
    except (ArgumentError, SQLAlchemyError, OSError, ImportError) as error:
        raise JournalError(f"Il registro non si apre ({type(error).__name__}).") from error
    return engine


def _create(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(
            address, pool_pre_ping=True, pool_size=4, connect_args={"connect_timeout": 5}
        )
    if address.get_backend_name() != "sqlite":
        raise ArgumentError("neither SQLite nor PostgreSQL")
    if address.database:
        _private_file(Path(address.database))
    engine = create_engine(address, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _private_file(path: Path) -> None:
    """Only the service's own user may read the journal; SQLite gives its WAL the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _tune_sqlite(connection: Any, _record: Any) -> None:
    """Committed means on the disk (FULL), erased means overwritten (secure_delete)."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; one process at a time, each migration whole."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with engine.connect() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
