"""A schema of PostgreSQL for each network: its connections see the tables in it, and no others."""

from __future__ import annotations

import re

from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from chatbot.shared.cabinet import SharedError
from chatbot.shared.database import NO_DRIVER, connect, lock_migrations

# the name of a network is that of its schema, of its folder and of its environment variables
SCHEMA = re.compile(r"(?!pg_|public$|information_schema$)(?=.{1,30}$)[a-z][a-z0-9]*(_[a-z0-9]+)*")


def in_schema(url: str, name: str) -> str:
    """The address of the same database, for connections that look nowhere but in this schema."""
    address = make_url(url)
    given = address.query.get("options", "")
    options = " ".join([*([given] if isinstance(given, str) and given else []),
                        f"-csearch_path={name}"])  # fmt: skip
    return address.update_query_dict({"options": options}).render_as_string(hide_password=False)


def make_schema(url: str, name: str) -> None:
    """Make the schema where it is missing. Raises SharedError, without the URL in its message."""
    try:
        engine = connect(url)
        with engine.begin() as connection:
            lock_migrations(connection)  # of two servers that start together one makes it
            found = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
            if connection.scalar(found, {"name": name}) is None:
                connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
        engine.dispose()
    except ModuleNotFoundError as error:
        raise SharedError(NO_DRIVER.format(error.name)) from error
    except (ArgumentError, SQLAlchemyError) as error:
        raise SharedError(
            f"Lo schema «{name}» non si crea nel database di BUSSOLA_DATABASE_URL "
            f"({type(error).__name__}): controlla che sia acceso, e che l'utente possa crearlo."
        ) from error
