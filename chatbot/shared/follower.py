"""Brings to this server what is published in the shared database, and publishes there.

A notice of PostgreSQL wakes it (LISTEN), and where one is lost it looks by itself. What it brings
here, snapshots and texts of the guides in `var`, is a copy that may be thrown away at any moment.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from chatbot.problem import Unavailable
from chatbot.shared.editions import CHANNEL, Edition, EditionError, Editions
from chatbot.shared.pieces import digests
from chatbot.shared.table_drawer import AWAY
from index.errors import BussolaError
from index.files import discard, rename, sync_tree
from index.publish.published import current_id, point_current, snapshots_dir
from index.publish.shelf import BuildUnderWay, build_lock, remove_old, snapshot_ids

GUIDES = "guides"  # in var: the texts of the newest edition
ARRIVING = ".arriving"  # in var: a snapshot that is not whole yet
LOOK_S = 1.0  # how late a publication is seen whose notice was lost
AGAIN_S = 1.0  # after a database that does not answer
SLOW_S = 5.0  # without an answer, as if it did not
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL = (
    "Il disco di questo server è pieno: quello che è pubblicato non ci sta. Fai spazio dove sta "
    "la cartella BUSSOLA_VAR: poi il server lo prende da sé."
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Following:
    """How far this server has come: the edition it has, the newest it knows of, whether the
    database answers, and why the newest is not here."""

    here: Edition | None = None
    newest: Edition | None = None
    reached: bool = False
    error: str = ""

    @property
    def stuck(self) -> bool:
        """Whether what is published cannot be had here. A database that is away is no reason: the
        others know no more."""
        return self.reached and self.here != self.newest and bool(self.error)


class Follower:
    """`arrived` is called after an edition has come, in the thread that brought it."""

    def __init__(self, editions: Editions, var: Path) -> None:
        self.editions, self.var, self.guides = editions, var, var / GUIDES
        self.status = Following()
        self._asked = inf  # when the question under way was put to the database
        self._arrived: Callable[[], Any] = lambda: None
        self._lock = RLock()  # one thread at a time changes what is in var
        self._stopping = Event()
        self._thread: Thread | None = None

    @property
    def status(self) -> Following:
        """As it is now; a database that has not answered for a while is away."""
        if monotonic() - self._asked > SLOW_S:
            return replace(self._status, reached=False, error=AWAY)
        return self._status

    @status.setter
    def status(self, status: Following) -> None:
        self._status = status

    def sync(self, again: bool = False) -> Edition | None:
        """Have here what is published; None where nothing is. What is here is not looked at again
        unless that is asked. Raises EditionError, Unavailable, OSError, and keeps what it had."""
        with self._lock:
            try:
                newest = self._newest()
                self.status = replace(self.status, newest=newest, reached=True)
                if newest and (again or not self._has(newest)):
                    self._bring(newest)
            except (BussolaError, Unavailable, OSError) as error:
                away = isinstance(error, Unavailable)
                self.status = replace(self.status, reached=not away, error=_told(error))
                raise
            self.status = Following(newest, newest, True)
            return newest

    def publish(self, snapshot_id: str, by: str, why: str = "", texts: Path | None = None) -> None:
        """Tell every server of a snapshot of this one, made from the `texts` (those in var). Raises
        Overtaken, Unavailable, OSError: then nothing was published."""
        with self._lock:
            here = self.status.here
            if here and here.snapshot == snapshot_id:
                return  # told already, by who could not say so
            made = self.editions.put(
                snapshot_id, snapshots_dir(self.var) / snapshot_id, texts or self.guides,
                here.n if here else 0, by, why,
            )  # fmt: skip
            self.status = Following(made, made, True)

    def start(self, arrived: Callable[[], Any]) -> None:
        """Follow in a thread of its own."""
        self._arrived = arrived
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def close(self, timeout: float = 5.0) -> None:
        """Stop following."""
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout)

    def _newest(self) -> Edition | None:
        self._asked = monotonic()
        try:
            return self.editions.newest()
        finally:
            self._asked = inf

    def _has(self, edition: Edition) -> bool:
        same = self.status.here == edition and current_id(self.var) == edition.snapshot
        return same and self.guides.is_dir() and self._place(edition).is_dir()

    def _place(self, edition: Edition) -> Path:
        return snapshots_dir(self.var) / edition.snapshot

    def _bring(self, edition: Edition) -> None:
        """The snapshot, then the texts, then the pointer: each step may be done again."""
        place = self._place(edition)
        if not place.is_dir():
            arriving = self.var / ARRIVING / edition.snapshot
            at_hand = [snapshots_dir(self.var) / name for name in snapshot_ids(self.var)]
            self.editions.fetch(edition.snapshot, arriving, at_hand)
            sync_tree(arriving)
            place.parent.mkdir(parents=True, exist_ok=True)
            rename(arriving, place)
        self._write_texts(edition)
        point_current(self.var, edition.snapshot)
        discard(self.var / ARRIVING)
        if self.status.here != edition:
            log.info("edition_arrived", n=edition.n, snapshot=edition.snapshot)
        try:
            with build_lock(self.var):
                remove_old(self.var)
        except BuildUnderWay:
            pass  # who builds throws away the old ones too

    def _write_texts(self, edition: Edition) -> None:
        """Every text as it was published, and no other."""
        texts = self.editions.texts(edition.n)
        if not texts:
            raise EditionError(f"Dell'edizione {edition.n} non ci sono più le guide.")
        self.guides.mkdir(parents=True, exist_ok=True)
        wrong = {p: names for p, names in texts.items() if digests(self.guides / p) != names}
        self.editions.write_texts(wrong, self.guides)
        for file in sorted(self.guides.rglob("*")):
            if file.is_file() and file.relative_to(self.guides).as_posix() not in texts:
                file.unlink()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (SQLAlchemyError, Unavailable, BussolaError, OSError) as error:
                log.error("edition_not_here", why=type(error).__name__)
                if isinstance(error, (SQLAlchemyError, Unavailable)):
                    self.status = replace(self.status, reached=False, error=AWAY)
                self._stopping.wait(AGAIN_S)

    def _listen(self) -> None:
        """Look at every notice, and once in a while without one, as long as all goes well."""
        with self.editions.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            driver: Any = connection.connection.driver_connection
            try:
                while not self._stopping.is_set():
                    before = self.status.here
                    if self.sync() != before:
                        self._arrived()
                    for _ in driver.notifies(timeout=LOOK_S, stop_after=1):
                        pass
            except driver_errors() as error:
                raise Unavailable(AWAY) from error
            finally:
                connection.invalidate()  # it listens: nobody else is to have it


def _told(error: Exception) -> str:
    """Why what is published is not here, for who looks after the servers."""
    if not isinstance(error, OSError):
        return str(error)
    if error.errno in NO_ROOM:
        return FULL
    return f"Quello che è pubblicato non si scrive sul disco di questo server ({error.strerror})."


def driver_errors() -> tuple[type[Exception], ...]:
    """What psycopg raises, which is there only where PostgreSQL is used."""
    import psycopg

    return (psycopg.Error,)
