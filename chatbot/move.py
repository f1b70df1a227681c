"""From files to a database that servers share, and back: all that cannot be made again.

The servers are stopped meanwhile. Nothing of where it comes from is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, func, insert, select

from chatbot.desk.drafts import DRAFTS, FOLDER
from chatbot.desk.impact import IMPACT
from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.sessions import FILE as SESSIONS
from chatbot.desk.suite import BOZZE
from chatbot.http.access import FILE as TOKENS
from chatbot.journal.engine import FILE as JOURNAL
from chatbot.journal.engine import open_engine
from chatbot.journal.records import metadata
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.drawer import Drawer, read
from chatbot.shared.editions import Editions
from chatbot.shared.follower import Follower
from index.errors import BussolaError
from index.outside.kept import FILE as LINKS
from index.publish.past import PAST, TEXTS
from index.publish.published import current_id

BATCH = 1_000  # rows read and written at a time
URL = "postgresql+psycopg://"
# the drawers, and of those that stand among other files the documents
DRAWERS: dict[str, tuple[str, ...]] = {
    "": (PEOPLE, SESSIONS, TOKENS, LINKS),
    FOLDER: ("digest.json",),
    DRAFTS: (),
    f"{FOLDER}/publications": (),
    IMPACT: (),
    PAST: (),
    TEXTS: (),
    BOZZE: ("bozze.yaml", ".bozze.json"),
}
NOT_EMPTY = (
    "Dove vuoi portare le cose c'è già qualcosa ({}): non lo tocco. Dai una cartella nuova, o un "
    "database vuoto."
)
Tell = Callable[[str, int], None]


class MoveError(BussolaError):
    """Nothing was moved, or not all; the message says why, in Italian."""


@dataclass(frozen=True, eq=False)
class Storage:
    """A folder of generated files with its guides, or a database; `var` of a database is only a
    passage."""

    var: Path
    guides: Path
    shared: Engine | None = None

    @classmethod
    def at(cls, named: str, guides: Path, passage: Path) -> Storage:
        """That of a URL or of a folder; `passage` is an empty folder to work in. Raises
        SharedError."""
        if named.startswith(URL):
            return cls(passage, guides, open_shared(named))
        return cls(Path(named), guides)

    def journal(self) -> Engine:
        """Its tables are made where they are not there. Raises JournalError."""
        if self.shared is None:
            return open_engine(f"sqlite:///{(self.var / JOURNAL).absolute()}")
        return open_engine(self.shared.url.render_as_string(hide_password=False))

    @property
    def has_journal(self) -> bool:
        return self.shared is not None or (self.var / JOURNAL).is_file()

    def drawers(self) -> Iterator[tuple[str, Drawer, Sequence[str]]]:
        """Each with the names of its documents. Raises DrawerError."""
        cabinet = Cabinet(self.var, self.shared)
        for area, names in DRAWERS.items():
            drawer = cabinet.drawer(area, private=not area)
            yield area, drawer, [n for n in names if drawer.look(n)] if names else [*drawer.all()]

    def filled(self) -> str:
        """What there is already, in a word; empty where there is nothing."""
        if self.has_journal and any(rows for _, rows in counted(self.journal())):
            return "il registro"
        if any(names for _, _, names in self.drawers()):
            return "persone, codici o bozze"
        if self.shared is not None:
            return "un'edizione pubblicata" if Editions(self.shared).newest() else ""
        if current_id(self.var):
            return "un'istantanea pubblicata"
        return "le guide" if self.guides.is_dir() and any(self.guides.iterdir()) else ""


def move(source: Storage, target: Storage, tell: Tell) -> None:
    """Copy all, and tell of each part how much. Raises MoveError for a target that is not empty,
    and where what has arrived is not what was sent; BussolaError, Unavailable, OSError."""
    if (source.shared is None) == (target.shared is None):
        raise MoveError("Una delle due è una cartella, l'altra un database: postgresql+psycopg://…")
    if source.shared is None and current_id(source.var) is None:
        raise MoveError(f"In {source.var} non c'è niente di pubblicato. Prima: bussola index build")
    if found := target.filled():
        raise MoveError(NOT_EMPTY.format(found))
    if source.has_journal:
        _move_journal(source.journal(), target.journal(), tell)
    _move_documents(source, target, tell)
    _move_published(source, target, tell)


def counted(engine: Engine) -> list[tuple[Table, int]]:
    """The journal's tables, each after those that it refers to, and how many rows each has."""
    with engine.connect() as connection:
        return [
            (table, connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in metadata.sorted_tables
        ]


def _move_journal(source: Engine, target: Engine, tell: Tell) -> None:
    """In one transaction: all of it is there, or nothing."""
    with ExitStack() as stack:
        stack.callback(source.dispose)
        stack.callback(target.dispose)
        reading = stack.enter_context(source.connect()).execution_options(yield_per=BATCH)
        writing = stack.enter_context(target.begin())
        for table in metadata.sorted_tables:
            moved = 0
            for rows in reading.execute(select(table)).mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in rows])
                moved += len(rows)
                tell(table.name, moved)
        _same(dict(counted(source)), _counts(writing))


def _counts(connection: Any) -> dict[Table, int]:
    return {
        table: connection.scalar(select(func.count()).select_from(table))
        for table in metadata.sorted_tables
    }


def _same(sent: dict[Table, int], arrived: dict[Table, int]) -> None:
    wrong = [table.name for table, rows in sent.items() if arrived[table] != rows]
    if wrong:
        raise MoveError(
            f"Il registro è cambiato mentre lo copiavo ({', '.join(wrong)}): ferma i server, e "
            "comincia da capo."
        )


def _move_documents(source: Storage, target: Storage, tell: Tell) -> None:
    for (area, taken, names), (_, given, _) in zip(source.drawers(), target.drawers(), strict=True):
        for n, name in enumerate(names, 1):
            data = read(taken, name) or b""
            given.write(name, data)
            if read(given, name) != data:
                raise MoveError(f"«{area}/{name}» non è arrivato intero.")
            tell(area or "accessi", n)


def _move_published(source: Storage, target: Storage, tell: Tell) -> None:
    """The published snapshot with the texts it was made from."""
    if target.shared is not None:
        follower = Follower(Editions(target.shared), source.var)
        follower.sync()
        follower.publish(current_id(source.var) or "", "trasloco", texts=source.guides)
        tell("edizione", 1)
        return
    assert source.shared is not None
    editions = Editions(source.shared)
    newest = Follower(editions, target.var).sync()
    if newest:
        texts = editions.texts(newest.n)
        editions.write_texts(texts, target.guides)
        tell("guide", len(texts))
