"""Dense vectors behind llama-index's vector store interface.

The rest of the code knows positions of passages and similarities, never FAISS or
llama-index: another store (PostgreSQL with pgvector, say) takes their place here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from llama_index.core.vector_stores import VectorStoreQuery
from llama_index.vector_stores.faiss import FaissVectorStore

from index.files import write_file

FLAT_BELOW = 100_000  # exact search under this many passages
HNSW_LINKS = 32
SEARCH_DEPTH = 256


class VectorStore:
    """Nearest passages by cosine (inner product of L2-normalised vectors)."""

    def __init__(self, store: FaissVectorStore, size: int) -> None:
        self._store = store
        self.size = size

    @classmethod
    def build(cls, vectors: np.ndarray) -> VectorStore:
        """`vectors`: (n, d) float32, L2-normalised."""
        faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
        index = _empty_index(vectors)
        index.add(vectors)
        return cls(FaissVectorStore(faiss_index=index), len(vectors))

    @classmethod
    def load(cls, path: Path, size: int) -> VectorStore:
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


def _empty_index(vectors: np.ndarray) -> faiss.Index:
    dimension = vectors.shape[1]
    if len(vectors) < FLAT_BELOW:
        return faiss.IndexFlatIP(dimension)
    # the stubs of faiss take the kind of quantiser for a quantiser
    kind: Any = faiss.ScalarQuantizer.QT_8bit
    index = faiss.IndexHNSWSQ(dimension, kind, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = SEARCH_DEPTH
    index.train(vectors[: min(len(vectors), 100_000)])
    return index
