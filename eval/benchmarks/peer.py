"""The peer: a plain llama-index pipeline on the same encoder, as its documentation builds one.

SentenceSplitter, HuggingFaceEmbedding in fp32 over the same rebuilt checkpoint, FaissVectorStore,
the five most similar nodes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = 5


@dataclass(frozen=True)
class Peer:
    """A built pipeline; `nodes` were indexed in `index_s` seconds, splitting included."""

    retriever: Any
    nodes: int
    index_s: float

    def search(self, question: str) -> tuple[list[str], float]:
        """Ids of the documents found, best first and once each, and the milliseconds it took."""
        start = time.perf_counter()
        found = self.retriever.retrieve(question)
        elapsed = (time.perf_counter() - start) * 1000
        return list(dict.fromkeys(node.node.ref_doc_id for node in found)), elapsed


def build_peer(
    model_dir: Path, ids: Sequence[str], titles: Sequence[str], texts: Sequence[str]
) -> Peer:
    """Index the documents. `model_dir` is the prepared model, loaded by sentence-transformers;
    loading it is not counted in `index_s`."""
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.faiss import FaissVectorStore

    embedding = HuggingFaceEmbedding(
        model_name=str(model_dir), device="cpu", query_instruction="query: ",
        text_instruction="passage: ",
    )  # fmt: skip
    embedding.get_query_embedding("riscaldamento")
    documents = [
        Document(id_=i, text=text, metadata={"title": title} if title else {})
        for i, title, text in zip(ids, titles, texts, strict=True)
    ]
    start = time.perf_counter()
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    dimension = len(embedding.get_query_embedding("dimensione"))
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(dimension))
    pipeline = VectorStoreIndex(
        nodes, storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=embedding,
    )  # fmt: skip
    elapsed = time.perf_counter() - start
    return Peer(pipeline.as_retriever(similarity_top_k=TOP), len(nodes), elapsed)
