"""The database of the journal: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from chatbot.shared.database import NO_DRIVER, connect, migrate
from index.errors import BussolaError

OFF = "off"
FILE = "journal.sqlite"
_MIGRATIONS = Path(__file__).parent / "migrations"


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
        engine = connect(url)
        migrate(engine, _MIGRATIONS)
    except ModuleNotFoundError as error:
        raise JournalError(NO_DRIVER.format(error.name)) from error
    except (ArgumentError, SQLAlchemyError, OSError, ImportError) as error:
        raise JournalError(f"Il registro non si apre ({type(error).__name__}).") from error
    return engine
