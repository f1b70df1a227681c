"""Dense vectors behind llama-index's vector store interface.

The rest of the code knows positions of passages and similarities, never FAISS or
llama-index: PostgreSQL with pgvector (`table.py`) takes their place here for large snapshots.
llama-index, which takes as long to import as all the rest, is so by whoever searches, not by each
command.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import faiss
import numpy as np

from index.files import write_file

if TYPE_CHECKING:
    from llama_index.vector_stores.faiss import FaissVectorStore

FLAT_BELOW = 100_000  # exact search under this many passages
LISTS_SEARCHED = 64
SAMPLE = 64  # vectors a list from which the centres are learnt
SEED = 7


class Store(Protocol):
    """What is searched: in memory (`VectorStore`) or in a database (`table.TableStore`)."""

    size: int

    def nearest(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Positions (k,) int64 and similarities (k,) float32, best first, of the rows nearest to
        `vector` (d,), L2-normalised."""


class VectorStore:
    """Nearest passages by cosine (inner product of L2-normalised vectors)."""

    def __init__(self, store: FaissVectorStore, size: int) -> None:
        self._store = store
        self.size = size

    @classmethod
    def build(cls, vectors: np.ndarray) -> VectorStore:
        """`vectors`: (n, d) float32, L2-normalised."""
        faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
        index = _empty_index(*vectors.shape)
        if not index.is_trained:
            index.train(_sample(vectors, SAMPLE * _lists(len(vectors))))
        index.add(vectors)
        from llama_index.vector_stores.faiss import FaissVectorStore

        return cls(FaissVectorStore(faiss_index=index), len(vectors))

    @classmethod
    def load(cls, path: Path, size: int) -> VectorStore:
        from llama_index.vector_stores.faiss import FaissVectorStore

        return cls(FaissVectorStore.from_persist_path(str(path)), size)

    def save(self, path: Path) -> None:
        write_file(path, faiss.serialize_index(self._store.client).tobytes())

    @property
    def kind(self) -> str:
        """The class of the index, as FAISS names it."""
        return type(faiss.downcast_index(self._store.client)).__name__

    @property
    def nbytes(self) -> int:
        """Bytes of the index when saved."""
        return int(faiss.serialize_index(self._store.client).nbytes)

    def nearest(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Positions (k,) int64 and similarities (k,) float32, best first."""
        from llama_index.core.vector_stores import VectorStoreQuery

        k = min(k, self.size)
        if not k:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        # of one question there is nothing to share out, and threads that wait for each other cost
        # far more than the search where other users keep the cores busy
        faiss.omp_set_num_threads(1)
        query = VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=k)
        result = self._store.query(query)
        positions = np.array([int(i) for i in result.ids or ()], dtype=np.int64)
        return positions, np.array(result.similarities or (), dtype=np.float32)


def _empty_index(size: int, dimension: int) -> faiss.Index:
    """Exact search while it is quick; then lists of int8 vectors around centres, those nearest to
    the question searched: see `docs/adr/0010-lists-of-vectors.md`."""
    if size < FLAT_BELOW:
        return faiss.IndexFlatIP(dimension)
    name = f"IVF{_lists(size)},SQ8"
    index = faiss.index_factory(dimension, name, faiss.METRIC_INNER_PRODUCT)
    faiss.extract_index_ivf(index).nprobe = LISTS_SEARCHED
    return index


def _lists(size: int) -> int:
    """The power of two nearest to the square root: as many centres to compare as vectors in each
    list."""
    return int(2 ** round(math.log2(size) / 2))


def _sample(vectors: np.ndarray, size: int) -> np.ndarray:
    """`size` of the vectors, drawn: those at the beginning are of few guides."""
    drawn = np.random.default_rng(SEED).choice(len(vectors), min(size, len(vectors)), replace=False)
    return vectors[np.sort(drawn)]
