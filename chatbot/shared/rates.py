"""Rates counted together: each server counts what it lets in, and tells the others once a second.

Nobody who asks waits for the database. What other servers let in within the last second is not
counted yet, and while the database is away each server counts its own: a rate may then be passed by
that much, never by more than the rate once for each server.
"""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

import structlog
from limits.storage import MemoryStorage
from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chatbot.problem import Unavailable
from chatbot.shared.table_drawer import away_is_told
from chatbot.shared.tables import rates

EVERY_S = 1.0
LATE_S = 5  # a transaction that began before ours may end after it
SLOW_S = 5.0  # without having heard of the others: then each counts its own
Told = dict[str, tuple[int, float]]  # digest of a window: how many, until when it matters (UTC, s)
log = structlog.get_logger()


class SharedCounts(MemoryStorage):
    """The counts of `limits`, to which those of the other servers are added. A window is named by
    its key and its time, so that it is the same on every server whose clock is right; what the
    database has of it is a digest."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._lock = Lock()  # guards what follows: questions count while a thread exchanges
        self._new: Told = {}
        self._told: Told = {}
        self._others: Told = {}
        self._heard = time.monotonic()
        self._stopping = Event()
        self._thread: Thread | None = None

    @property
    def together(self) -> bool:
        """Whether this server knows what the others let in."""
        return time.monotonic() - self._heard < SLOW_S

    def get(self, key: str) -> int:
        return super().get(key) + self._others.get(_digest(key), (0, 0.0))[0]

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        super().incr(key, expiry, amount)
        self._count(key, amount, time.time() + expiry)
        return self.get(key)

    def decr(self, key: str, amount: int = 1) -> int:
        super().decr(key, amount)
        self._count(key, -amount, time.time())
        return self.get(key)

    def _count(self, key: str, amount: int, until: float) -> None:
        with self._lock:
            _add(self._new, _digest(key), amount, until)

    def exchange(self) -> None:
        """Tell what was let in here since the last time, and hear of the others. Raises
        DrawerError, and then tells it the next time; where the answer alone was lost it is counted
        twice."""
        with self._lock:
            new, self._new = self._new, {}
        since = LATE_S + time.monotonic() - self._heard
        begun = time.monotonic()
        try:
            with away_is_told(), self._engine.begin() as connection:
                _tell(connection, new)
                heard = _hear(connection, since)
        except Unavailable:
            with self._lock:
                for digest, (n, until) in new.items():
                    _add(self._new, digest, n, until)
                self._forget()
            raise
        with self._lock:
            for digest, (n, until) in new.items():
                _add(self._told, digest, n, until)
            for digest, (n, until) in heard.items():
                self._others[digest] = n - self._told.get(digest, (0, 0.0))[0], until
            self._forget()
        self._heard = begun

    def start(self) -> None:
        """Exchange in a thread of its own."""
        self._thread = Thread(target=self._run, name="rates", daemon=True)
        self._thread.start()

    def close(self, timeout: float = 5.0) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            before = self.together
            try:
                self.exchange()
            except Unavailable:
                if before and not self.together:
                    log.error("rates_apart")

    def _forget(self) -> None:
        now = time.time()
        for kept in (self._new, self._told, self._others):
            for digest in [digest for digest, (_, until) in kept.items() if until < now]:
                del kept[digest]


def _tell(connection: Connection, new: Told) -> None:
    connection.execute(delete(rates).where(rates.c.until < func.clock_timestamp()))
    rows = [
        {"key": digest, "n": n, "until": datetime.fromtimestamp(until, UTC)}
        for digest, (n, until) in sorted(new.items())  # in one order: two servers do not entangle
        if n
    ]
    if rows:
        row = insert(rates).values(changed=func.clock_timestamp())
        more = {"n": rates.c.n + row.excluded.n, "changed": func.clock_timestamp()}
        connection.execute(row.on_conflict_do_update(index_elements=[rates.c.key], set_=more), rows)


def _hear(connection: Connection, seconds: float) -> Told:
    """The windows that changed in these last seconds, by the clock of the database."""
    recent = rates.c.changed > func.clock_timestamp() - timedelta(seconds=seconds)
    rows = connection.execute(select(rates.c.key, rates.c.n, rates.c.until).where(recent))
    return {key: (n, until.timestamp()) for key, n, until in rows}


def _add(told: Told, digest: str, n: int, until: float) -> None:
    before, longest = told.get(digest, (0, until))
    told[digest] = before + n, max(longest, until)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
