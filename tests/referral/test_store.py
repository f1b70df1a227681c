"""A referral in the database: handed on once, forgotten when it was, closed when it is old."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from made_referrals import WRITTEN, made
from sqlalchemy import Engine, select

from chatbot.journal.records import now, referrals
from chatbot.journal.retention import purge
from chatbot.referral import store
from chatbot.referral.referral import Referral, digest


def only(engine: Engine) -> Referral:
    found = store.of_sender(engine, "operatore")
    assert found is not None
    return found


def test_one_that_waits_is_taken_by_one(engine: Engine) -> None:
    """A second server finds nothing until the first has had its time."""
    store.add(engine, made())
    first = store.claim(engine, now())
    assert first is not None
    assert (first.slip, first.tries) == (WRITTEN, 1)
    assert store.claim(engine, now()) is None
    assert store.claim(engine, now() + store.LEASE) is not None


def test_what_it_says_is_forgotten_when_it_arrives(engine: Engine) -> None:
    """No row says it any more and, in SQLite, no byte of it is left in the file."""
    store.add(engine, made())
    store.handed_on(engine, made(id=only(engine).id), "sent", now())
    assert (only(engine).state, only(engine).slip) == ("sent", None)
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"nome di prova" not in Path(str(engine.url.database)).read_bytes()


def test_the_service_answers_and_thinks_again(engine: Engine) -> None:
    """By its own link; the operator's and any other answer nothing."""
    store.add(engine, made(state="sent", slip=None))
    for wrong in ("operatore", "altro", ""):
        store.answer(engine, wrong, "taken", now())
    assert only(engine).state == "sent"
    store.answer(engine, "servizio", "refused", now())
    assert only(engine).state == "refused"
    store.answer(engine, "servizio", "taken", now())
    assert only(engine).state == "taken"


def test_an_answer_stands_against_a_late_attempt(engine: Engine) -> None:
    """The courier of a slow server does not undo what the service said."""
    store.add(engine, made(state="taken", slip=None))
    store.handed_on(engine, made(id=only(engine).id), "failed", now())
    assert only(engine).state == "taken"


def test_old_ones_are_closed(engine: Engine) -> None:
    """Without an answer it is expired; what it says and the links are gone, the state stays."""
    store.add(engine, made(at=now() - timedelta(days=31)))
    store.add(engine, made(receiver=digest("altro"), sender=digest("altra")))
    assert store.close_old(engine, now() - timedelta(days=30), now()) == 1
    assert store.of_receiver(engine, "servizio") is None
    assert store.of_sender(engine, "operatore") is None
    assert store.of_sender(engine, "") is None
    with engine.connect() as connection:
        rows = connection.execute(select(referrals.c.state, referrals.c.slip)).all()
    assert sorted(rows, key=str) == [("expired", None), ("waiting", WRITTEN.to_json())]


def test_rows_are_deleted_with_the_rest_of_the_journal(engine: Engine) -> None:
    """After the days of the journal nothing is left."""
    store.add(engine, made(at=now() - timedelta(days=200)))
    assert purge(engine, now() - timedelta(days=180))["referrals"] == 1
