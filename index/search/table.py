"""Vectors in PostgreSQL (pgvector), searched there by HNSW, for snapshots too large for memory.

They are derived from a snapshot and may be thrown away: whoever needs them first writes them. A
vector is kept once for all snapshots that have it, so that a publication adds what changed and no
more; `vector_rows` says which row of which snapshot is which vector. While the database does not
answer, the snapshot's own file is searched whole: slower, and exact.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

KEPT = 3  # snapshots, the newest ones, as many as can be gone back to
# what connections need: more neighbours looked at than asked for, more yet where those found are of
# other snapshots, and a plan made for each question, which knows how few are asked for
OPTIONS = (
    "-c hnsw.ef_search=600 -c hnsw.iterative_scan=strict_order "
    "-c plan_cache_mode=force_custom_plan -c statement_timeout=2s"
)
AGAIN_S = 5.0  # after a database that did not answer
CHUNK = 50_000  # vectors read from the file at a time
log = structlog.get_logger()
Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass
class VectorTables:
    """Those of one database; `schema` is where pgvector is in it."""

    engine: Engine
    schema: str = "public"
    _rest_until: float = field(default=0.0, init=False)

    def put(self, snapshot: str, matrices: Mapping[str, NDArray[np.floating]]) -> int:
        """Have the rows of each matrix (n, d), L2-normalised, by kind; how many vectors were not
        there yet. What is there already is left. Raises SQLAlchemyError, also where the server has
        no pgvector."""
        added = 0
        with self.engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # an index takes minutes
            lock = "SELECT pg_advisory_xact_lock(hashtext(concat(current_schema(), ' vectors')))"
            connection.execute(text(lock))
            self._make(connection)
            if connection.scalar(text("SELECT 1 FROM vector_snapshots WHERE id = :id"),
                                 {"id": snapshot}):  # fmt: skip
                return 0
            connection.execute(text("INSERT INTO vector_snapshots (id) VALUES (:id)"),
                               {"id": snapshot})  # fmt: skip
            for kind, matrix in matrices.items():
                added += self._put(connection, snapshot, kind, matrix)
            self._forget(connection, [table_of(matrix) for matrix in matrices.values()])
        return added

    def store(self, snapshot: str, kind: str, matrix: NDArray[np.floating]) -> TableStore:
        return TableStore(self, snapshot, kind, matrix)

    def nearest(
        self, snapshot: str, kind: str, vector: Scores, table: str, k: int
    ) -> tuple[Rows, Scores] | None:
        """Rows and cosines, best first; None while the database does not answer."""
        if time.monotonic() < self._rest_until:
            return None
        near = f'v.vector OPERATOR("{self.schema}".<#>) CAST(:q AS "{self.schema}".halfvec)'
        query = text(
            f"SELECT r.row, -({near}) FROM {table} v JOIN {table}_rows r ON r.vector = v.id "
            f"AND r.snapshot = :snapshot WHERE v.kind = '{kind}' ORDER BY {near} LIMIT {k}"
        )
        words = {"q": f"[{','.join(map(str, vector.tolist()))}]", "snapshot": snapshot}
        try:
            with self.engine.connect() as connection:
                found = connection.execute(query, words).all()
        except SQLAlchemyError as error:
            self._rest_until = time.monotonic() + AGAIN_S
            log.warning("searched_in_the_file", why=type(error).__name__)
            return None
        rows, cosines = zip(*found, strict=True) if found else ((), ())
        return np.array(rows, dtype=np.int64), np.array(cosines, dtype=np.float32)

    def _make(self, connection: Connection) -> None:
        at = "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        find = text(f"{at} WHERE extname = 'vector'")
        if connection.scalar(find) is None:  # in `public`, which every schema's user may look into
            connection.execute(text("CREATE EXTENSION vector SCHEMA public"))
        self.schema = str(connection.scalar(find))
        connection.execute(text(
            "CREATE TABLE IF NOT EXISTS vector_snapshots (id text PRIMARY KEY, "
            "at timestamptz NOT NULL DEFAULT clock_timestamp())"
        ))  # fmt: skip

    def _put(
        self, connection: Connection, snapshot: str, kind: str, matrix: NDArray[np.floating]
    ) -> int:
        table, width = table_of(matrix), matrix.shape[1]
        halfvec = f'"{self.schema}".halfvec({width})'
        for statement in (
            f"CREATE TABLE IF NOT EXISTS {table} (id bigint GENERATED ALWAYS AS IDENTITY "
            f"PRIMARY KEY, kind text NOT NULL, digest bytea NOT NULL, vector {halfvec} NOT NULL, "
            "UNIQUE (kind, digest))",
            f"CREATE TABLE IF NOT EXISTS {table}_rows (snapshot text NOT NULL REFERENCES "
            "vector_snapshots ON DELETE CASCADE, kind text NOT NULL, row integer NOT NULL, "
            f"vector bigint NOT NULL REFERENCES {table}, PRIMARY KEY (snapshot, kind, row))",
            f"CREATE INDEX IF NOT EXISTS {table}_of ON {table}_rows (vector, snapshot)",
            f"CREATE TEMPORARY TABLE incoming (row integer, digest bytea, vector {halfvec}) "
            "ON COMMIT DROP",
        ):
            connection.execute(text(statement))
        _copy(connection, matrix)
        new = connection.execute(text(
            f"INSERT INTO {table} (kind, digest, vector) SELECT DISTINCT ON (digest) '{kind}', "
            "digest, vector FROM incoming ON CONFLICT DO NOTHING"
        ))  # fmt: skip
        added = int(new.rowcount)
        connection.execute(text(
            f"INSERT INTO {table}_rows (snapshot, kind, row, vector) SELECT :snapshot, '{kind}', "
            f"i.row, v.id FROM incoming i JOIN {table} v ON v.digest = i.digest "
            f"AND v.kind = '{kind}'"
        ), {"snapshot": snapshot})  # fmt: skip
        connection.execute(text("DROP TABLE incoming"))
        # built over what is there: one vector at a time takes several times as long
        connection.execute(text(
            f"CREATE INDEX IF NOT EXISTS {table}_{kind} ON {table} USING hnsw "
            f"(vector \"{self.schema}\".halfvec_ip_ops) WHERE kind = '{kind}'"
        ))  # fmt: skip
        connection.execute(text(f"ANALYZE {table}, {table}_rows"))
        return added

    def _forget(self, connection: Connection, tables: Sequence[str]) -> None:
        connection.execute(text(
            "DELETE FROM vector_snapshots WHERE id NOT IN "
            f"(SELECT id FROM vector_snapshots ORDER BY at DESC LIMIT {KEPT})"
        ))  # fmt: skip
        for table in dict.fromkeys(tables):
            connection.execute(text(
                f"DELETE FROM {table} v WHERE NOT EXISTS "
                f"(SELECT 1 FROM {table}_rows r WHERE r.vector = v.id)"
            ))  # fmt: skip


class TableStore:
    """As `VectorStore`, of the rows of one kind of one snapshot; `matrix` (n, d) are the same
    vectors in its file."""

    def __init__(
        self, tables: VectorTables, snapshot: str, kind: str, matrix: NDArray[np.floating]
    ) -> None:
        self._tables, self._snapshot, self._kind, self._matrix = tables, snapshot, kind, matrix
        self.size = len(matrix)
        self.in_file = 0  # questions for which the database did not answer

    def nearest(self, vector: Scores, k: int) -> tuple[Rows, Scores]:
        """Positions (k,) int64 and similarities (k,) float32, best first."""
        k = min(k, self.size)
        if not k:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        table = table_of(self._matrix)
        found = self._tables.nearest(self._snapshot, self._kind, vector, table, k)
        if found is None:
            self.in_file += 1
            return exact(self._matrix, vector, k)
        return found


def table_of(matrix: NDArray[np.floating]) -> str:
    """A table has vectors of one width: another model may have another."""
    return f"vectors_{matrix.shape[1]}"


def exact(matrix: NDArray[np.floating], vector: Scores, k: int) -> tuple[Rows, Scores]:
    """The `k` rows of `matrix` (n, d) nearest to `vector` (d,), best first, and their cosines."""
    cosines = np.concatenate([
        matrix[start : start + CHUNK].astype(np.float32) @ vector
        for start in range(0, len(matrix), CHUNK)
    ])  # fmt: skip
    rows = np.argpartition(-cosines, k - 1)[:k]
    rows = rows[np.argsort(-cosines[rows], kind="stable")]
    return rows.astype(np.int64), cosines[rows]


def _copy(connection: Connection, matrix: NDArray[np.floating]) -> None:
    """Row, digest and vector of each into `incoming`, in PostgreSQL's own binary form."""
    driver = connection.connection.driver_connection
    assert driver is not None
    head = matrix.shape[1].to_bytes(2, "big") + b"\0\0"
    with (
        driver.cursor() as cursor,
        cursor.copy("COPY incoming (row, digest, vector) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(["int4", "bytea", "bytea"])
        for start in range(0, len(matrix), CHUNK):
            halves = np.asarray(matrix[start : start + CHUNK], dtype=">f2")
            for row, half in enumerate(halves, start):
                data = half.tobytes()
                copy.write_row((row, sha256(data).digest()[:16], head + data))
