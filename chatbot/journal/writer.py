"""The journal: what is kept of questions and feedback, for editors and evaluators.

`put` never waits: records go on a bounded queue and one thread writes them in batches. What a
record's future says is done is committed and on the disk. Personal data is taken out in that
thread, the only place that writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError

from chatbot.journal.engine import open_engine
from chatbot.journal.records import (
    TABLE_OF,
    Asking,
    AuditLine,
    Entry,
    Feedback,
    Record,
    Review,
    askings,
    citations,
    now,
    week_of,
)
from chatbot.journal.retention import purge
from chatbot.privacy.redact import redact

CAPACITY = 2_000  # records waiting; about 4 MB
BATCH = 200
IDLE_S = 0.5
RETRY_S = 0.25
SLOW_S = 5.0  # a write under way for longer is told as one that does not succeed
PURGE_EVERY_S = 3_600.0
CLOSE_S = 5.0

log = structlog.get_logger()
Waiting = tuple[Record, "Future[None]"]
Clean = Callable[[str], str]  # takes personal data out of a text


class NotKeptError(Exception):
    """The record was not kept: the queue was full, or the database refused it."""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the journal, for `/api/health`: records, since the start."""

    written: int
    overflowed: int  # never queued
    refused: int  # queued, and not accepted by the database
    waiting: int
    working: bool  # the last write succeeded, and none is under way for long


class Journal:
    """The writing side; safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        retention_days: int | None = None,
        capacity: int = CAPACITY,
        clean: Clean = redact,
    ) -> None:
        self.engine = engine
        self.retention_days = retention_days
        self._clean = clean
        self._queue: Queue[Waiting] = Queue(capacity)
        self._stopping = Event()
        self._lock = Lock()  # guards `_overflowed`, which many threads count
        self._overflowed = self._written = self._refused = 0
        self._taken = 0  # from the queue, and not written yet
        self._working = True
        self._began = float("inf")  # the write under way
        self._purge_at = monotonic()
        self._give_up_at = float("inf")
        self._writer = Thread(target=self._run, name="journal", daemon=True)
        self._writer.start()

    @classmethod
    def open(cls, url: str, retention_days: int | None = None, capacity: int = CAPACITY) -> Journal:
        """Open (and migrate) the database and start writing. Raises JournalError."""
        return cls(open_engine(url), retention_days, capacity)

    def put(self, record: Record) -> Future[None]:
        """Queue a record, without waiting. The future is done when it is committed; it holds
        NotKeptError when it will not be."""
        future: Future[None] = Future()
        try:
            if self._stopping.is_set():
                raise Full
            self._queue.put_nowait((record, future))
        except Full:
            with self._lock:
                self._overflowed += 1
            future.set_exception(NotKeptError())
        return future

    @property
    def status(self) -> Status:
        working = self._working and monotonic() - self._began < SLOW_S
        waiting = self._queue.qsize() + self._taken
        return Status(self._written, self._overflowed, self._refused, waiting, working)

    def close(self, timeout: float = CLOSE_S) -> None:
        """Write what is waiting, at most `timeout` seconds, and stop."""
        self._give_up_at = monotonic() + timeout
        self._stopping.set()
        self._writer.join(timeout + 1)
        self.engine.dispose()

    def _run(self) -> None:
        while True:
            self._purge_when_due()
            batch = self._collect()
            if batch:
                self._write_stubbornly(batch)
            elif self._stopping.is_set():
                return

    def _collect(self) -> list[Waiting]:
        """Wait a moment for the first record, then take those that came meanwhile."""
        batch: list[Waiting] = []
        with suppress(Empty):
            batch.append(self._queue.get(timeout=0.01 if self._stopping.is_set() else IDLE_S))
            while len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        return batch

    def _write_stubbornly(self, batch: Sequence[Waiting]) -> None:
        """A database that is away is waited for; one that refuses a row refuses only that row."""
        self._taken = len(batch)
        clean = [(redacted(record, self._clean), future) for record, future in batch]
        while not self._try(clean):
            if monotonic() >= self._give_up_at:
                self._refuse(clean)
                break
            sleep(RETRY_S)
        self._taken = 0

    def _try(self, batch: Sequence[Waiting]) -> bool:
        """False when the database is away and the batch is to be tried again."""
        try:
            self._commit(batch)
        except (OperationalError, InterfaceError) as error:
            if self._working:
                log.error("journal_unavailable", error=type(error).__name__)
            self._working = False
            return False
        except SQLAlchemyError as error:
            self._one_by_one(batch, error)
        self._working = True
        return True

    def _commit(self, batch: Sequence[Waiting]) -> None:
        self._began = monotonic()
        try:
            with self.engine.begin() as connection:
                store(connection, [record for record, _ in batch])
        finally:
            self._began = float("inf")
        self._written += len(batch)
        for _, future in batch:
            _settle(future)

    def _one_by_one(self, batch: Sequence[Waiting], error: SQLAlchemyError) -> None:
        if len(batch) > 1:
            for item in batch:
                while not self._try([item]) and monotonic() < self._give_up_at:
                    sleep(RETRY_S)
        elif isinstance(error, IntegrityError):
            _settle(batch[0][1])  # the same id: written before a connection broke
        else:
            self._refuse(batch)

    def _refuse(self, batch: Sequence[Waiting]) -> None:
        log.error("journal_refused", records=len(batch))
        self._refused += len(batch)
        for _, future in batch:
            _settle(future, NotKeptError())

    def _purge_when_due(self) -> None:
        if self.retention_days is None or monotonic() < self._purge_at:
            return
        self._purge_at = monotonic() + PURGE_EVERY_S
        with suppress(SQLAlchemyError):  # an unreachable database: told by the next write
            removed = purge(self.engine, now() - timedelta(days=self.retention_days))
            log.info("journal_purged", **removed)


def _settle(future: Future[None], error: Exception | None = None) -> None:
    with suppress(InvalidStateError):  # whoever waited may have given up
        future.set_exception(error) if error else future.set_result(None)


def redacted(record: Record, clean: Clean = redact) -> Record:
    """The record without personal data in what a person wrote; `clean` takes it out of a text."""
    match record:
        case Entry():
            told = ({**reason, "why": clean(reason["why"])} for reason in record.reasons)
            return replace(record, question=clean(record.question), reasons=tuple(told))
        case Feedback():
            return replace(record, comment=clean(record.comment))
        case Review():
            return replace(record, note=clean(record.note))
        case AuditLine() | Asking():
            return record


def store(connection: Connection, records: Sequence[Record]) -> None:
    """Insert records, already without personal data, table by table."""
    for kind, table in TABLE_OF.items():
        rows = [_row(record) for record in records if isinstance(record, kind)]
        if rows:
            connection.execute(insert(table), rows)
    quotes = [
        {"answer_id": record.id, **asdict(cited)}
        for record in records
        if isinstance(record, Entry)
        for cited in record.cited
    ]
    if quotes:
        connection.execute(insert(citations), quotes)
    _count(connection, [record for record in records if isinstance(record, Asking)])


def _count(connection: Connection, records: Sequence[Asking]) -> None:
    """Add to the counts by week and area."""
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for (week, area), n in Counter((week_of(r.at), r.area[:80]) for r in records).items():
        row = upsert(askings).values(week=week, area=area, n=n)
        more = {"n": askings.c.n + row.excluded.n}
        places = [askings.c.week, askings.c.area]
        connection.execute(row.on_conflict_do_update(index_elements=places, set_=more))


def _row(record: Record) -> dict[str, Any]:
    row = asdict(record)
    row.pop("cited", None)
    return row
