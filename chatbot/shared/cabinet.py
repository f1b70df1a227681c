"""Where things are kept: in folders of this machine, or in the database that servers share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from chatbot.settings import Settings
from chatbot.shared.attempts import Attempts, MemoryAttempts
from chatbot.shared.database import NO_DRIVER, connect, migrate, own_lock
from chatbot.shared.drawer import Drawer, InUse
from chatbot.shared.folder_drawer import FolderDrawer
from chatbot.shared.rates import SharedCounts
from chatbot.shared.table_attempts import TableAttempts
from chatbot.shared.table_drawer import TableDrawer, away_is_told
from index.errors import BussolaError

VERSION_TABLE = "shared_version"  # beside the journal's own
DESK = "desk"
_MIGRATIONS = Path(__file__).parent / "migrations"


class SharedError(BussolaError):
    """The shared database cannot be opened; the message says why, in Italian."""


@dataclass(frozen=True, eq=False)
class Cabinet:
    """`engine` is the shared database, None where this machine is alone."""

    var: Path
    engine: Engine | None = None

    @classmethod
    def of(cls, settings: Settings) -> Cabinet:
        """Opens and migrates the database that the settings name. Raises SharedError."""
        url = settings.database_url.get_secret_value()
        return cls(settings.var, open_shared(url) if url else None)

    def drawer(self, folder: str = "", private: bool = False) -> Drawer:
        """That of a folder of `var`; `private` files are read by the service's own user alone."""
        if self.engine is not None:
            return TableDrawer(self.engine, folder)
        return FolderDrawer(self.var / folder, private)

    def attempts(self) -> Attempts:
        """Of who tries to enter, on this server or on all."""
        return MemoryAttempts() if self.engine is None else TableAttempts(self.engine)

    def counts(self) -> SharedCounts | None:
        """Of rates, those of all servers; None where this one is alone."""
        return None if self.engine is None else SharedCounts(self.engine)

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Of all servers one does `what`, as long as it takes; the lock goes with the process,
        however it ends. Raises InUse, DrawerError."""
        if self.engine is None:
            with FolderDrawer(self.var / DESK).alone(what, wait=False):
                yield
            return
        # a connection of its own, outside a transaction: minutes would hold up the vacuum
        lock = own_lock(f"bussola {what}")
        with away_is_told():
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            with away_is_told():
                taken = connection.scalar(select(func.pg_try_advisory_lock(lock)))
            if not taken:
                raise InUse(what)
            try:
                yield
            finally:
                try:
                    connection.execute(select(func.pg_advisory_unlock(lock)))
                except SQLAlchemyError:
                    connection.invalidate()  # the lock goes with the connection


def open_shared(url: str) -> Engine:
    """An engine with its tables at the newest revision. Raises SharedError, whose message never
    holds the URL, which may carry a password."""
    try:
        engine = connect(url)
        migrate(engine, _MIGRATIONS, VERSION_TABLE)
    except ModuleNotFoundError as error:
        raise SharedError(NO_DRIVER.format(error.name)) from error
    except (ArgumentError, SQLAlchemyError, OSError) as error:
        raise SharedError(
            f"Il database di BUSSOLA_DATABASE_URL non si apre ({type(error).__name__}): controlla "
            "che sia acceso, e che indirizzo, nome e parola chiave siano giusti."
        ) from error
    return engine
