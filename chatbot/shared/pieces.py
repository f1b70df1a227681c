"""Files cut into pieces that are kept once, and put together again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from chatbot.shared.tables import pieces

PIECE_BYTES = 2 * 2**20


def cut(file: Path) -> Iterator[tuple[str, bytes]]:
    """The pieces of a file in their order, each with its SHA-256; one, empty, of an empty file."""
    with file.open("rb") as source:
        data = source.read(PIECE_BYTES)
        yield _digest(data), data
        while data := source.read(PIECE_BYTES):
            yield _digest(data), data


def digests(file: Path) -> list[str]:
    """The names of its pieces; none where there is no file."""
    return [digest for digest, _ in cut(file)] if file.is_file() else []


def keep(connection: Connection, files: Iterable[tuple[str, Path]]) -> list[dict[str, object]]:
    """Keep the pieces of files that are not there yet; (path, n, piece) of each, as rows."""
    known = set(connection.scalars(select(pieces.c.digest)))
    rows: list[dict[str, object]] = []
    for path, file in files:
        for n, (digest, data) in enumerate(cut(file)):
            rows.append({"path": path, "n": n, "piece": digest})
            if digest not in known:
                new = insert(pieces).values(digest=digest, data=data)
                connection.execute(new.on_conflict_do_nothing())
                known.add(digest)
    return rows


def put_together(connection: Connection, names: Iterable[str], target: Path) -> str:
    """Write a file from its pieces; the SHA-256 of the whole. Raises OSError."""
    whole = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for name in names:
            data = connection.scalar(select(pieces.c.data).where(pieces.c.digest == name)) or b""
            whole.update(data)
            file.write(data)
    return whole.hexdigest()


def is_inside(path: str) -> bool:
    """Whether a path of the database stays in the folder that it is written under."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
