"""The journal's database: what it is made of, and who may read it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import ValidationError
from sqlalchemy import inspect, text

from chatbot.journal.engine import JournalError, journal_url, open_engine
from chatbot.journal.records import metadata
from chatbot.settings import Settings


def test_a_migrated_database_is_the_one_described(url: str) -> None:
    """The migrations make exactly the tables of `records`; a second start does nothing."""
    engine = open_engine(url)
    open_engine(url).dispose()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == "samples"
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_sqlite_is_private_durable_and_in_wal_mode(tmp_path: Path) -> None:
    """Only the owner reads the file; a commit is synced; a deleted row is overwritten."""
    engine = open_engine(f"sqlite:///{tmp_path / 'var' / 'j.sqlite'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    expected = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    assert pragmas == expected
    assert stat.S_IMODE((tmp_path / "var" / "j.sqlite").stat().st_mode) == 0o600
    engine.dispose()


def test_a_database_that_cannot_be_opened_tells_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error for a wrong URL is readable and holds nothing of the URL; no file is made."""
    monkeypatch.chdir(tmp_path)
    for bad in ("postgresql://u:segreta@127.0.0.1:1/x", "nonsense", "oracle://u:segreta@h/x"):
        with pytest.raises(JournalError) as caught:
            open_engine(bad)
        assert "segreta" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_shared_database_holds_the_journal_too(tmp_path: Path) -> None:
    """Unless it is put elsewhere, or off; an address that is none is refused without being told."""
    shared = "postgresql+psycopg://u:segreta@banca/rete"
    assert Settings(_env_file=None, database_url=shared).journal_url == shared
    assert Settings(_env_file=None, database_url=shared, journal_url="off").journal_url == "off"
    assert Settings(_env_file=None).journal_url == ""
    assert "segreta" not in repr(Settings(_env_file=None, database_url=shared).database_url)
    with pytest.raises(ValidationError, match=r"comincia con postgresql\+psycopg") as caught:
        Settings(_env_file=None, database_url="mysql://u:segreta@banca/rete")
    assert "segreta" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install: it is an extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(JournalError, match=r"psycopg: .*requirements-postgres\.lock"):
        open_engine("postgresql+psycopg://u@127.0.0.1:1/x")


def test_the_setting_names_the_database(tmp_path: Path) -> None:
    """Empty is SQLite in var, `off` is nothing, anything else is the URL itself."""
    assert journal_url("", tmp_path) == f"sqlite:///{tmp_path / 'journal.sqlite'}"
    assert journal_url(" OFF ", tmp_path) is None
    assert journal_url("postgresql://h/x", tmp_path) == "postgresql://h/x"
