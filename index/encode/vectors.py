"""The vector cache: what was encoded once for a model is not encoded again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encode.encoder import Encoder, TokenVectors
from index.errors import BussolaError
from index.search.tokens import quantise

Progress = Callable[[int, int], None]
BATCH = 32  # passages encoded between two commits: what a kill can cost


@dataclass(frozen=True)
class Encoded:
    """One text: `vector` (d,) float32; `tokens` (t, d) int8 with `scales` (t,) float16;
    `offsets` (t, 2) int32, characters in the text."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.int8]
    scales: NDArray[np.float16]
    offsets: NDArray[np.int32]

    @classmethod
    def of(cls, vectors: TokenVectors) -> Encoded:
        values, scales = quantise(vectors.tokens)
        return cls(vectors.vector, values, scales, vectors.offsets)


def text_key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


class VectorCache:
    """An SQLite file per model digest, keyed by the embedded text. Losing it costs only time."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self._path = folder / f"{encoder.digest[:16]}.sqlite"
        with self._told():
            try:
                self._create()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._start_anew()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What keeps the cache from being written, told to who can do something about it."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise BussolaError(f"Non riesco a scrivere in {self._path.parent}: {error}") from error

    def _create(self) -> None:
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS encoded "
                "(key BLOB PRIMARY KEY, vector BLOB, tokens BLOB, scales BLOB, offsets BLOB)"
            )
            connection.execute(
                "CREATE TABLE IF NOT EXISTS asked (key BLOB PRIMARY KEY, vector BLOB)"
            )

    def _start_anew(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._create()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        return connection

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[list[Encoded], int]:
        """Every text encoded, in the order given, and how many were not in the cache.

        A damaged cache is thrown away and filled again.
        """
        with self._told():
            try:
                return self._encode(texts, progress)
            except sqlite3.OperationalError:
                raise
            except (sqlite3.DatabaseError, ValueError):
                self._start_anew()
                return self._encode(texts, progress)

    def _encode(self, texts: Sequence[str], progress: Progress | None) -> tuple[list[Encoded], int]:
        with closing(self._connect()) as connection:
            known = self._read(connection, map(text_key, texts))
            missing = list(dict.fromkeys(t for t in texts if text_key(t) not in known))
            for start in range(0, len(missing), BATCH):
                batch = missing[start : start + BATCH]
                for text, vectors in zip(
                    batch, self._encoder.encode_passage_tokens(batch), strict=True
                ):
                    known[text_key(text)] = Encoded.of(vectors)
                with connection:
                    self._write(connection, {k: known[k] for k in map(text_key, batch)})
                if progress:
                    progress(min(start + BATCH, len(missing)), len(missing))
        return [known[text_key(text)] for text in texts], len(missing)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, d) of texts that read as questions: headings, `domande`, danger signals."""
        with self._told(), closing(self._connect()) as connection:
            query = "SELECT vector FROM asked WHERE key = ?"
            rows = {t: connection.execute(query, (text_key(t),)).fetchone() for t in set(texts)}
            known = {t: np.frombuffer(row[0], np.float32) for t, row in rows.items() if row}
            missing = [t for t in rows if t not in known]
            known |= dict(zip(missing, self._encoder.encode_queries(missing), strict=True))
            with connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO asked VALUES (?, ?)",
                    [(text_key(t), known[t].tobytes()) for t in missing],
                )
        vectors = [known[t] for t in texts]
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self._encoder.dimension)

    def _read(self, connection: sqlite3.Connection, keys: Iterable[bytes]) -> dict[bytes, Encoded]:
        found = {}
        query = "SELECT vector, tokens, scales, offsets FROM encoded WHERE key = ?"
        for key in keys:
            row = connection.execute(query, (key,)).fetchone()
            if row:
                found[key] = _unpack(row, self._encoder.dimension)
        return found

    def _write(self, connection: sqlite3.Connection, entries: dict[bytes, Encoded]) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO encoded VALUES (?, ?, ?, ?, ?)",
            [
                (key, *(a.tobytes() for a in (e.vector, e.tokens, e.scales, e.offsets)))
                for key, e in entries.items()
            ],
        )


def _unpack(row: tuple[bytes, bytes, bytes, bytes], dimension: int) -> Encoded:
    vector, tokens, scales, offsets = row
    return Encoded(
        np.frombuffer(vector, dtype=np.float32),
        np.frombuffer(tokens, dtype=np.int8).reshape(-1, dimension),
        np.frombuffer(scales, dtype=np.float16),
        np.frombuffer(offsets, dtype=np.int32).reshape(-1, 2),
    )
