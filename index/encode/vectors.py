"""The vector cache: what was encoded once for a model is not encoded again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encode.encoder import Encoder, TokenVectors
from index.errors import BussolaError
from index.search.tokens import HEADING, quantise

Progress = Callable[[int, int], None]
KEYS = 500  # looked up in one query
BATCH = 32  # passages encoded between two commits: what a kill can cost


class Text(NamedTuple):
    """A text to be encoded; its units begin at the characters `starts`, ascending."""

    text: str
    starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Encoded:
    """One text: `vector` (d,) float32; `tokens` (t, d) int8 with `scales` (t,) float16; `owners`
    (t,) int16, the ordinal of the unit that each token stands in, or HEADING; `units` (u, d)
    float16, of each unit the mean of its tokens, L2-normalised: a unit as it reads where it stands.
    One that the encoder did not reach is zero."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.int8]
    scales: NDArray[np.float16]
    owners: NDArray[np.int16]
    units: NDArray[np.float16]

    @classmethod
    def of(cls, text: Text, vectors: TokenVectors) -> Encoded:
        values, scales = quantise(vectors.tokens)
        starts = np.array(text.starts, dtype=np.int64)
        ordinals = np.searchsorted(starts, vectors.offsets[:, 0], side="right") - 1
        owners = np.where(ordinals < 0, HEADING, ordinals).astype(np.int16)
        units = _means(vectors.last, owners, len(starts)).astype(np.float16)
        return cls(vectors.vector, values, scales, owners, units)


def _means(tokens: NDArray[np.float32], owners: NDArray[np.int16], count: int) -> NDArray[Any]:
    """The mean (count, d) of the tokens (t, d) of each owner, L2-normalised."""
    total = np.zeros((count, tokens.shape[1]), dtype=np.float32)
    np.add.at(total, owners[owners >= 0], tokens[owners >= 0])
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def text_key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _key(text: Text) -> bytes:
    return text_key(f"{text.text}\0{' '.join(map(str, text.starts))}")


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
                "CREATE TABLE IF NOT EXISTS passages "
                "(key BLOB PRIMARY KEY, vector BLOB, tokens BLOB, scales BLOB, owners BLOB,"
                " units BLOB)"
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
        self, texts: Sequence[Text], progress: Progress | None = None
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

    def _encode(
        self, texts: Sequence[Text], progress: Progress | None
    ) -> tuple[list[Encoded], int]:
        with closing(self._connect()) as connection:
            known = self._read(connection, map(_key, texts))
            missing = list(dict.fromkeys(t for t in texts if _key(t) not in known))
            for start in range(0, len(missing), BATCH):
                batch = missing[start : start + BATCH]
                known |= dict(
                    zip(map(_key, batch), encode_texts(self._encoder, batch), strict=True)
                )
                with connection:
                    self._write(connection, {k: known[k] for k in map(_key, batch)})
                if progress:
                    progress(min(start + BATCH, len(missing)), len(missing))
        return [known[_key(text)] for text in texts], len(missing)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors (n, d) of texts that read as questions: headings, `domande`, danger signals."""
        with self._told(), closing(self._connect()) as connection:
            by_key = {text_key(text): text for text in texts}
            kept = _kept(connection, list(by_key))
            known = {by_key[key]: np.frombuffer(vector, np.float32) for key, vector in kept}
            missing = [text for text in by_key.values() if text not in known]
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
        query = "SELECT vector, tokens, scales, owners, units FROM passages WHERE key = ?"
        for key in keys:
            row = connection.execute(query, (key,)).fetchone()
            if row:
                found[key] = _unpack(row, self._encoder.dimension)
        return found

    def _write(self, connection: sqlite3.Connection, entries: dict[bytes, Encoded]) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            [
                (key, *(a.tobytes() for a in (e.vector, e.tokens, e.scales, e.owners, e.units)))
                for key, e in entries.items()
            ],
        )


def _kept(connection: sqlite3.Connection, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The keys of questions that the cache has, each with its vector: many to a query."""
    for start in range(0, len(keys), KEYS):
        some = keys[start : start + KEYS]
        marks = ",".join("?" * len(some))
        yield from connection.execute(f"SELECT key, vector FROM asked WHERE key IN ({marks})", some)


def encode_texts(
    encoder: Encoder, texts: Sequence[Text], progress: Progress | None = None
) -> list[Encoded]:
    """Every text encoded, in the order given, whether it was before or not."""
    found = encoder.encode_passage_tokens([text.text for text in texts], progress)
    return [Encoded.of(text, vectors) for text, vectors in zip(texts, found, strict=True)]


def _unpack(row: tuple[bytes, bytes, bytes, bytes, bytes], dimension: int) -> Encoded:
    vector, tokens, scales, owners, units = row
    return Encoded(
        np.frombuffer(vector, dtype=np.float32),
        np.frombuffer(tokens, dtype=np.int8).reshape(-1, dimension),
        np.frombuffer(scales, dtype=np.float16),
        np.frombuffer(owners, dtype=np.int16),
        np.frombuffer(units, dtype=np.float16).reshape(-1, dimension),
    )
