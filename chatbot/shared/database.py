"""Connections to SQLite or PostgreSQL, and tables brought to the newest revision."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError

BUSY_S = 5.0  # how long a writer waits for another one
CONNECT_S = 5  # and whoever asks, for a server that does not answer
# a network that was cut is noticed within seconds, not by the quarter of an hour of TCP; what a
# slow server does not finish in a minute is given up
_PATIENCE = {
    "connect_timeout": CONNECT_S,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # ms
    "options": "-c statement_timeout=60s",
}
DRIVER = "postgresql+psycopg"
NO_DRIVER = (
    "Per PostgreSQL manca il pacchetto {}: python -m pip install -r requirements-postgres.lock"
)
log = structlog.get_logger()
_LOCK = 0x627573736F6C61  # any number that is ours, for PostgreSQL's advisory lock


def connect(url: str) -> Engine:
    """An engine; nothing is asked of the server yet. Raises ArgumentError for what is no address
    of SQLite or PostgreSQL, ModuleNotFoundError without the driver of the latter."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        said = address.query  # what the address itself says of them holds
        return create_engine(
            address.set(drivername=DRIVER),
            pool_pre_ping=True,
            pool_size=4,
            connect_args={name: said.get(name, value) for name, value in _PATIENCE.items()}
            | {"options": f"{_PATIENCE['options']} {said.get('options', '')}".strip()},
        )
    if address.get_backend_name() != "sqlite":
        raise ArgumentError("neither SQLite nor PostgreSQL")
    if address.database:
        _private_file(Path(address.database))
    engine = create_engine(address, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _private_file(path: Path) -> None:
    """Only the service's own user may read the file; SQLite gives its WAL the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _tune_sqlite(connection: Any, _record: Any) -> None:
    """Committed means on the disk (FULL), erased means overwritten (secure_delete)."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def migrate(engine: Engine, scripts: Path, version_table: str = "alembic_version") -> None:
    """Bring the tables of one folder of migrations to the newest revision, which `version_table`
    keeps; one process at a time, each migration whole. Tables that a newer server has changed
    meanwhile are left as they are: while servers are renewed one by one, an older one may start."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["version_table"] = version_table
    scripts_known = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = _revision(connection, version_table)
    if current == scripts_known.get_current_head():
        return
    if current and current not in {one.revision for one in scripts_known.walk_revisions()}:
        log.warning("tables_are_newer", revision=current)
        return
    with engine.connect() as connection:
        lock_migrations(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _revision(connection: Connection, version_table: str) -> str | None:
    options = {"version_table": version_table}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def own_lock(what: str) -> ColumnElement[int]:
    """The number of a lock of PostgreSQL, another in each schema: locks are of the whole database,
    and networks that share one do not wait for each other."""
    return func.hashtext(func.concat(func.current_schema(), " ", what))


def lock_migrations(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # of a large table, minutes
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
