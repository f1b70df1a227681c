"""Editions: what was published in the shared database, one after the other.

An edition is a snapshot and the texts it was made from, written in one transaction. Its number is
one more than that of the edition it was made over: of two that were made over the same one is
refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, exists, func, insert, select

from chatbot.shared.database import own_lock
from chatbot.shared.pieces import Place, is_inside, keep, put_together
from chatbot.shared.table_drawer import away_is_told
from chatbot.shared.tables import edition_pieces, editions, pieces, snapshot_pieces, snapshots
from index.errors import BussolaError
from index.files import discard, file_digest, write_file
from index.publish.manifest import MANIFEST

CHANNEL = "bussola_edition"
KEPT = 3  # snapshots that one can go back to, the published one included
KEPT_TEXTS = 10  # editions whose texts are kept
_LOCK = "edition"  # one at a time is written
Rows = Sequence[dict[str, Any]]


class Overtaken(BussolaError):  # noqa: N818 (it reads as what happened)
    """Another edition was published meanwhile."""


class EditionError(BussolaError):
    """An edition cannot be fetched whole; the message says why, in Italian."""


@dataclass(frozen=True, slots=True)
class Edition:
    n: int
    snapshot: str
    at: datetime


class Editions:
    """Those of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def newest(self) -> Edition | None:
        """What is to be served. Raises DrawerError."""
        with away_is_told(), self.engine.connect() as connection:
            return _newest(connection)

    def put(
        self, snapshot_id: str, folder: Path, texts: Path, over: int, by: str, why: str = ""
    ) -> Edition:
        """Publish the snapshot in `folder`, made from the files in `texts`, over the edition of
        that number (0: none). Raises Overtaken, DrawerError, OSError."""
        with away_is_told(), self.engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(own_lock(_LOCK))))
            newest = _newest(connection)
            if (newest.n if newest else 0) != over:
                raise Overtaken(
                    "Nel frattempo un altro server ha pubblicato: guarda che cosa è cambiato e "
                    "riprova."
                )
            self._put_snapshot(connection, snapshot_id, folder)
            made = Edition(over + 1, snapshot_id, datetime.now(UTC))
            row = {"n": made.n, "snapshot": made.snapshot, "at": made.at, "by": by, "why": why}
            connection.execute(insert(editions).values(row))
            rows = keep(connection, _files(texts))
            _insert(connection, edition_pieces, [{**row, "edition": made.n} for row in rows])
            _forget(connection)
            connection.execute(select(func.pg_notify(CHANNEL, str(made.n))))
        return made

    def fetch(self, snapshot_id: str, folder: Path, at_hand: Iterable[Path]) -> None:
        """Write a snapshot into the new `folder`; files that the snapshots `at_hand` have already
        become a second name of theirs, and of the others only the pieces are asked for that those
        do not have. Raises EditionError, DrawerError, OSError."""
        discard(folder)
        with self._at_one_moment() as connection:
            found = snapshots.c.id == snapshot_id
            manifest = connection.scalar(select(snapshots.c.manifest).where(found))
            if manifest is None:
                raise EditionError(f"Nel database non c'è l'istantanea {snapshot_id}.")
            folders = tuple(at_hand)
            here, places = _files_at_hand(folders), _pieces_at_hand(connection, folders)
            parts = _by_path(connection, snapshot_pieces, snapshot_pieces.c.snapshot == snapshot_id)
            for path, digest in json.loads(manifest)["files"].items():
                target, names = _inside(folder, path), parts.get(path, [])
                if (known := here.get(digest)) and _link(known, target, digest):
                    continue
                # where a piece at hand is not what it was, all of them are asked for
                if all(put_together(connection, names, target, some) != digest
                       for some in (places, {})):  # fmt: skip
                    raise EditionError(f"«{path}» dell'istantanea {snapshot_id} è arrivato rotto.")
        write_file(folder / MANIFEST, bytes(manifest))

    def texts(self, n: int) -> dict[str, list[str]]:
        """The files that an edition was made from, each with the names of its pieces in their
        order. Raises DrawerError."""
        with away_is_told(), self.engine.connect() as connection:
            return _by_path(connection, edition_pieces, edition_pieces.c.edition == n)

    def write_texts(self, files: dict[str, list[str]], folder: Path) -> None:
        """Write files from their pieces, each whole or not at all. Raises DrawerError, OSError."""
        with self._at_one_moment() as connection:
            for path, names in files.items():
                target = _inside(folder, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                beside = target.with_name(f".{target.name}.new")
                put_together(connection, names, beside, {})
                os.replace(beside, target)

    @contextmanager
    def _at_one_moment(self) -> Iterator[Connection]:
        """What is read is of one moment: what is thrown away meanwhile is still there."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with away_is_told(), engine.connect() as connection:
            yield connection

    def _put_snapshot(self, connection: Connection, snapshot_id: str, folder: Path) -> None:
        """With its manifest as it is now, which also says who published it."""
        manifest = (folder / MANIFEST).read_bytes()
        connection.execute(delete(snapshots).where(snapshots.c.id == snapshot_id))
        connection.execute(insert(snapshots).values(id=snapshot_id, manifest=manifest))
        rows = keep(connection, ((p, f) for p, f in _files(folder) if p != MANIFEST))
        _insert(connection, snapshot_pieces, [{**row, "snapshot": snapshot_id} for row in rows])


def _newest(connection: Connection) -> Edition | None:
    newest = select(editions).order_by(editions.c.n.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    return Edition(row["n"], row["snapshot"], row["at"]) if row else None


def _forget(connection: Connection) -> None:
    """What is so old that nobody goes back to it."""
    newest = func.max(editions.c.n)
    used = select(editions.c.snapshot).group_by(editions.c.snapshot).order_by(newest.desc())
    connection.execute(delete(snapshots).where(snapshots.c.id.not_in(used.limit(KEPT))))
    last = select(newest).scalar_subquery()
    connection.execute(delete(edition_pieces).where(edition_pieces.c.edition <= last - KEPT_TEXTS))
    in_snapshot = exists().where(snapshot_pieces.c.piece == pieces.c.digest)
    in_text = exists().where(edition_pieces.c.piece == pieces.c.digest)
    connection.execute(delete(pieces).where(~in_snapshot, ~in_text))


def _insert(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _by_path(connection: Connection, table: Table, owned: Any) -> dict[str, list[str]]:
    query = select(table.c.path, table.c.piece).where(owned).order_by(table.c.path, table.c.n)
    found: dict[str, list[str]] = {}
    for path, piece in connection.execute(query):
        found.setdefault(path, []).append(piece)
    return found


def _files(folder: Path) -> list[tuple[str, Path]]:
    """The files of a folder that are not hidden, each with its path in it."""
    found = ((p.relative_to(folder), p) for p in sorted(folder.rglob("*")) if p.is_file())
    return [
        (path.as_posix(), file)
        for path, file in found
        if not any(part.startswith(".") for part in path.parts)
    ]


def _files_at_hand(folders: Iterable[Path]) -> dict[str, Path]:
    """The files of the snapshots of this machine by their digests."""
    found: dict[str, Path] = {}
    for folder in folders:
        with suppress(OSError, ValueError, KeyError):
            listed = json.loads((folder / MANIFEST).read_bytes())["files"]
            found |= {digest: folder / path for path, digest in listed.items()}
    return found


def _pieces_at_hand(connection: Connection, folders: Iterable[Path]) -> dict[str, Place]:
    """Where the pieces stand of the snapshots of this machine that the database knows."""
    folder_of = {folder.name: folder for folder in folders}
    row, found = snapshot_pieces.c, dict[str, Place]()
    query = (
        select(row.snapshot, row.path, row.piece, func.octet_length(pieces.c.data))
        .join(pieces, pieces.c.digest == row.piece)
        .where(row.snapshot.in_(folder_of))
        .order_by(row.snapshot, row.path, row.n)
    )
    ends: dict[Path, int] = {}
    for snapshot, path, piece, length in connection.execute(query):
        file = folder_of[snapshot] / path
        start = ends.get(file, 0)
        ends[file] = start + length
        found[piece] = Place(file, start, length)
    return found


def _link(source: Path, target: Path, digest: str) -> bool:
    """A second name of a file that nobody writes to; False where it is not what it was."""
    with suppress(OSError):
        if file_digest(source) == digest:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target)
            return True
    return False


def _inside(folder: Path, path: str) -> Path:
    if not is_inside(path):
        raise EditionError(f"«{path}» porta fuori dalla cartella: non lo scrivo.")
    return folder / path
