"""A copy of a SQLite journal taken while it is in use, and put back."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from chatbot.journal.engine import JournalError
from index.files import rename

PAGES = 256  # copied at a time, so that a writer never waits for long


def sqlite_file(url: str) -> Path:
    """The file behind a URL. Raises JournalError for PostgreSQL, which has pg_dump: the message
    says the command, without the password, which psql's own file or variable keeps."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        said = address._replace(drivername="postgresql", password=None).render_as_string()
        one = "".join(f"--schema={name} " for name in _schemas(address))
        raise JournalError(
            "Il registro è in PostgreSQL, che ha i suoi comandi. Copia: pg_dump --format=custom "
            f"{one}--file=bussola.dump '{said}'. Ripristino, a servizio fermo: pg_restore --clean "
            f"--if-exists --dbname='{said}' bussola.dump. Vedi docs/deploy/README.md."
        )
    if address.get_backend_name() != "sqlite" or not address.database:
        raise JournalError("Il registro non è in un file: non c'è niente da copiare.")
    return Path(address.database)


def _schemas(address: URL) -> list[str]:
    """Those that the connections of an address look in, where it says so: of a network among
    several."""
    return re.findall(r"search_path=(\w+)", str(address.query.get("options", "")))


def backup(journal: Path, copy: Path) -> None:
    """Write to `copy` the journal as it is at one moment, through SQLite's online backup; `copy`
    appears whole or not at all. Raises JournalError."""
    if not journal.is_file():
        raise JournalError(f"Il registro {journal.name} non c'è.")
    beside = copy.with_name(f".{copy.name}.new")
    beside.unlink(missing_ok=True)
    os.close(os.open(beside, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        with (
            closing(sqlite3.connect(journal)) as source,
            closing(sqlite3.connect(beside)) as target,
        ):
            source.backup(target, pages=PAGES)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        check(beside)
        rename(beside, copy)
    finally:
        beside.unlink(missing_ok=True)


def restore(copy: Path, journal: Path) -> None:
    """Put a copy in the place of the journal; the server must be stopped. Raises JournalError
    for a damaged copy, and leaves the journal as it was."""
    check(copy)
    backup(copy, journal.with_name(f".{journal.name}.restored"))
    for suffix in ("-wal", "-shm"):
        journal.with_name(journal.name + suffix).unlink(missing_ok=True)
    rename(journal.with_name(f".{journal.name}.restored"), journal)


def check(file: Path) -> None:
    """Raises JournalError unless `file` is a whole journal."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            state = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT count(*) FROM answers").fetchone()
    except sqlite3.Error as error:
        raise JournalError(f"La copia {file.name} non si legge ({error}).") from error
    if state != "ok":
        raise JournalError(f"La copia {file.name} è danneggiata.")
