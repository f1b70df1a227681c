"""The journal keeps what it acknowledged, and delays nobody."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from journal_crash import write_for_ever
from made_journal import PATIENCE_S, entry, ids, keep
from sqlalchemy import select, text

from chatbot.journal import reading as journal_reading
from chatbot.journal.engine import open_engine
from chatbot.journal.records import AuditLine, Cited, Feedback, Review, answers, citations, feedback
from chatbot.journal.twice import to_review
from chatbot.journal.writer import Journal, NotKeptError
from chatbot.shared.database import BUSY_S

KILLS = 50


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


def test_overflow_is_counted_and_never_waits(tmp_path: Path) -> None:
    """With the database locked, records over the capacity are refused at once and counted; the
    others are written when the lock goes."""
    file = tmp_path / "journal.sqlite"
    journal = Journal.open(f"sqlite:///{file}", capacity=10)
    blocker = sqlite3.connect(file, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    first = journal.put(entry(0))
    while not journal._queue.empty():
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
        future.result(timeout=PATIENCE_S)
    assert journal.status.written == 11
    journal.close()


def test_a_duplicate_does_not_take_its_batch_down(journal: Journal) -> None:
    """A row already written (a commit whose answer was lost) counts as written, and the rows
    beside it are."""
    keep(journal, entry(1))
    keep(journal, entry(1), entry(2), entry(3))
    assert set(ids(journal.engine)) == {"a1", "a2", "a3"}


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
