"""Files cut into pieces that are kept once, and put together again.

A file is cut where what stands there says so, not at every so many bytes: a row put into the middle
of an array or of a list changes the piece that it falls into, and those after it are as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from chatbot.shared.tables import pieces

LEAST, MOST = 2**16, 2**19  # bytes of a piece; but the last of a file may be shorter
LOOK = 2**17  # places looked at together
TOGETHER = 16  # pieces asked for or written at once
_BEGINS = ord("e")  # a piece may begin here: in numbers no more frequent than any other byte
_MARK_BITS = 9  # and does, of so many powers of two, once
_WORD = 8  # bytes; two of them, one after the other, say where
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd: they mix well


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece stands in a file of this machine."""

    file: Path
    start: int
    length: int


AtHand = Mapping[str, Place]


def cut(file: Path) -> Iterator[tuple[str, bytes]]:
    """The pieces of a file in their order, each with its SHA-256; one, empty, of an empty file."""
    with file.open("rb") as source:
        ahead = source.read(MOST)
        if not ahead:
            yield _digest(b""), b""
        while ahead:
            end = _end(ahead)
            yield _digest(ahead[:end]), ahead[:end]
            ahead = ahead[end:] + source.read(end)


def _end(ahead: bytes) -> int:
    """Where the piece that begins with these bytes ends, of which there are no more than MOST."""
    for place in range(LEAST, len(ahead), LOOK):
        marks = _marks(ahead[place : place + LOOK + 2 * _WORD - 1])
        if len(marks):
            return place + int(marks[0])
    return len(ahead)


def _marks(part: bytes) -> NDArray[np.int64]:
    """The places of `part` at which a piece begins: what follows says so, wherever it stands."""
    count = len(part) - 2 * _WORD + 1
    if count < 1:
        return np.empty(0, dtype=np.int64)
    places = np.flatnonzero(np.frombuffer(part, dtype=np.uint8, count=count) == _BEGINS)
    words: NDArray[np.uint64] = np.ndarray((count + _WORD,), "<u8", part, strides=(1,))
    mixed = words[places] * _FIRST + words[places + _WORD] * _SECOND
    return places[mixed >> np.uint64(64 - _MARK_BITS) == 0]


def digests(file: Path) -> list[str]:
    """The names of its pieces; none where there is no file."""
    return [digest for digest, _ in cut(file)] if file.is_file() else []


def keep(connection: Connection, files: Iterable[tuple[str, Path]]) -> list[dict[str, object]]:
    """Keep the pieces of files that are not there yet; (path, n, piece) of each, as rows."""
    known = set(connection.scalars(select(pieces.c.digest)))
    rows: list[dict[str, object]] = []
    new: list[dict[str, object]] = []
    for path, file in files:
        for n, (digest, data) in enumerate(cut(file)):
            rows.append({"path": path, "n": n, "piece": digest})
            if digest not in known:
                known.add(digest)
                new.append({"digest": digest, "data": data})
            if len(new) == TOGETHER:
                _keep_new(connection, new)
                new = []
    _keep_new(connection, new)
    return rows


def _keep_new(connection: Connection, new: Sequence[dict[str, object]]) -> None:
    if new:
        connection.execute(insert(pieces).on_conflict_do_nothing(), new)


def put_together(
    connection: Connection, names: Sequence[str], target: Path, at_hand: AtHand
) -> str:
    """Write a file from its pieces, those `at_hand` from this machine; the SHA-256 of the whole,
    which also tells whether what was at hand is what it was. Raises OSError."""
    whole = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for first in range(0, len(names), TOGETHER):
            some = names[first : first + TOGETHER]
            here = {name: _read(at_hand[name]) for name in some if name in at_hand}
            missing = [name for name in some if here.get(name) is None]
            sent = _fetch(connection, missing) if missing else {}
            for name in some:
                data = sent.get(name) or here.get(name) or b""
                whole.update(data)
                file.write(data)
    return whole.hexdigest()


def _fetch(connection: Connection, names: Sequence[str]) -> dict[str, bytes]:
    wanted = select(pieces.c.digest, pieces.c.data).where(pieces.c.digest.in_(names))
    return {digest: bytes(data) for digest, data in connection.execute(wanted)}


def _read(place: Place) -> bytes | None:
    """A piece of a file; None where the file has gone meanwhile."""
    with suppress(OSError), place.file.open("rb") as source:
        source.seek(place.start)
        return source.read(place.length)
    return None


def is_inside(path: str) -> bool:
    """Whether a path of the database stays in the folder that it is written under."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
