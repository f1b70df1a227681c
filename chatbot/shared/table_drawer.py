"""A drawer in PostgreSQL: a row for each document, a lock of the database for who changes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, case, func, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from chatbot.shared.database import own_lock
from chatbot.shared.drawer import Contents, DrawerError, InUse, Stamp
from chatbot.shared.tables import documents

AWAY = "Il database non risponde: riprova fra poco. Le risposte alle domande continuano."


class TableDrawer:
    """The documents of an `area`; safe between threads, processes and machines. What is written
    inside `alone` is committed together when it ends, and taken back where it fails."""

    def __init__(self, engine: Engine, area: str) -> None:
        self._engine, self._area = engine, area
        self._under_way = threading.local()  # the transaction of the thread that is alone

    def look(self, name: str, known: Stamp | None = None) -> Contents | None:
        stamp, data = documents.c.stamp, documents.c.data
        wanted = case((stamp == (known or (-1, 0))[0], null()), else_=data)
        query = select(stamp, wanted).where(
            documents.c.area == self._area, documents.c.name == name
        )
        with self._connection() as connection:
            row = connection.execute(query).first()
        return Contents((row[0], 0), row[1]) if row else None

    def all(self) -> dict[str, bytes]:
        query = select(documents.c.name, documents.c.data).where(documents.c.area == self._area)
        with self._connection() as connection:
            return dict(sorted((name, data) for name, data in connection.execute(query)))

    def names(self) -> set[str]:
        query = select(documents.c.name).where(documents.c.area == self._area)
        with self._connection() as connection:
            return set(connection.scalars(query))

    def write(self, name: str, data: bytes) -> None:
        row = {"data": data, "stamp": 1, "changed": datetime.now(UTC)}
        new = insert(documents).values(area=self._area, name=name, **row)
        key = [documents.c.area, documents.c.name]
        again = {**row, "stamp": documents.c.stamp + 1}
        with self._connection() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=key, set_=again))

    @contextmanager
    def alone(self, name: str = "", wait: bool = True) -> Iterator[None]:
        take = func.pg_advisory_xact_lock if wait else func.pg_try_advisory_xact_lock
        lock = take(own_lock(self._area), func.hashtext(name))
        with self._connection() as connection:
            if connection.scalar(select(lock)) is False:
                raise InUse(name)
            self._under_way.connection = connection
            try:
                yield
            finally:
                self._under_way.connection = None

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """The transaction under way in this thread, else a new one."""
        under_way: Connection | None = getattr(self._under_way, "connection", None)
        if under_way is not None:
            yield under_way
            return
        with away_is_told(), self._engine.begin() as connection:
            yield connection


@contextmanager
def away_is_told() -> Iterator[None]:
    """An error of the database as one for a person. Raises DrawerError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DrawerError(AWAY) from error
