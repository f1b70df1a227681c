"""Retrieval as the guides grow: vectors and words of real passages, those of a corpus and other
texts among which they stand, and beyond them of copies.

A copy is no passage that anybody wrote: its vector lies between those of two real ones, its words
are those of the first with one in five from the second. It measures time, memory and how near the
index comes to exact search, never whether what is found answers.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import psutil
from numpy.typing import NDArray
from sqlalchemy import text

from chatbot.find.retrieve import DEPTH, Stages, retrieve
from eval.beir import Beir
from eval.benchmarks.distractors import read_distractors
from eval.plain import snapshot_of_texts
from eval.runs.metrics import quantiles_ms
from index.encode.encoder import Encoder
from index.encode.vectors import VectorCache
from index.errors import BussolaError
from index.publish.snapshot import Snapshot
from index.search.lexical import LexicalIndex, terms
from index.search.store import Store, VectorStore
from index.search.table import TableStore, VectorTables, table_of

TOP = 10
SWAPPED = 0.2  # words of a copy that come from another passage
WORDS = 60  # of a copy, so that a million of them fit in memory
SEED = 7
QUESTIONS = 200
Vectors = NDArray[np.float32]
Words = NDArray[np.object_]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Corpus:
    """Real passages, `texts` (n) and `vectors` (n, d), those of the snapshot `base` first;
    `questions` (q) on the snapshot and their vectors `asked` (q, d)."""

    base: Snapshot
    texts: Sequence[str]
    vectors: Vectors
    questions: Sequence[str]
    asked: Vectors


def read_corpus(
    data: Beir, distractors: Path | None, model_dir: Path, var: Path, progress: Progress
) -> Corpus:
    """Passages of a BEIR folder, those of a JSONL of other texts, and up to QUESTIONS of the
    folder's questions, encoded through the cache."""
    encoder = Encoder.load(model_dir)
    tell = lambda done, total: progress("passaggi", done, total)  # noqa: E731
    base = snapshot_of_texts(
        data.ids, data.titles, data.texts, encoder, VectorCache(var / "vectors", encoder), tell
    )
    texts = [passage.embedded for passage in base.passages]
    vectors = base.vectors
    if distractors:
        others = read_distractors(distractors, encoder, var, tell)
        texts += others.texts
        vectors = np.concatenate([vectors, others.vectors])
    questions = list(data.queries.values())[:QUESTIONS]
    return Corpus(base, texts, vectors, questions, encoder.encode_queries(questions))


def benchmark(
    corpus: Corpus, sizes: Sequence[int], progress: Progress, tables: VectorTables | None = None
) -> dict[str, Any]:
    """For each size the kind of index that `index/search/store.py` chooses, times in milliseconds,
    recall@10 of exact search, seconds to build and bytes a passage; under `database` the same of
    the vectors in `tables`, where there are any. Raises BussolaError for tables that are in use."""
    figures: dict[str, Any] = {}
    for done, size in enumerate(sizes):
        progress(f"{size} passaggi", done, len(sizes))
        figures[str(size)] = measure(corpus, size)
        if tables:
            vectors = grow(corpus, size)[0]
            figures[str(size)]["database"] = in_database(tables, vectors, corpus.asked)
    progress("fatto", len(sizes), len(sizes))
    return {
        "sizes": figures, "real_passages": len(corpus.texts),
        "n_questions": len(corpus.questions),
        "beyond": "perturbed copies: between two real vectors, one word in five from the second",
    }  # fmt: skip


def measure(corpus: Corpus, size: int) -> dict[str, Any]:
    """One size, through the code that answers: `retrieve` over a snapshot in memory."""
    vectors, texts = grow(corpus, size)
    start = time.perf_counter()
    store = VectorStore.build(vectors)
    dense_s = time.perf_counter() - start
    start = time.perf_counter()
    lexical = LexicalIndex.build(texts)
    lexical_s = time.perf_counter() - start
    lent = corpus.base.passages  # no retriever looks at their text
    passages = tuple(lent[n % len(lent)] for n in range(size))
    grown = replace(corpus.base, passages=passages, vectors=vectors, store=store, lexical=lexical)
    stems = [terms(question) for question in corpus.questions]
    found = {
        name: [_timed(vector, words, grown, stages) for vector, words in
               zip(corpus.asked, stems, strict=True)]
        for name, stages in (
            ("dense", Stages(lexical=False)), ("lexical", Stages(dense=False)), ("both", Stages()),
        )
    }  # fmt: skip
    return {
        "index": store.kind, "recall@10": recall(store, vectors, corpus.asked),
        **{name: quantiles_ms(times) for name, times in found.items()},
        "build_s": {"dense": dense_s, "lexical": lexical_s},
        "bytes_per_passage": {
            "dense": store.nbytes / size, "lexical": lexical.nbytes / size,
            "vectors": vectors.nbytes / size,
        },
        "rss_mb": psutil.Process().memory_info().rss / 1e6,
        "copies": max(0, size - len(corpus.texts)),
    }  # fmt: skip


def in_database(tables: VectorTables, vectors: Vectors, asked: Vectors) -> dict[str, Any]:
    """The vectors alone, through HNSW: each question, its times and recall@10; what is written is
    dropped again. Raises BussolaError where vectors of snapshots are there already."""
    with tables.engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('vector_snapshots')")):
            raise BussolaError("In quel database ci sono già vettori: per misurare, uno vuoto.")
    table = table_of(vectors)
    try:
        start = time.perf_counter()
        tables.put("misura", {"passages": vectors})
        build_s = time.perf_counter() - start
        store = tables.store("misura", "passages", vectors)
        times = [_searched(store, vector) for vector in asked]
        found = recall(store, vectors, asked)
        with tables.engine.connect() as connection:
            size = text("SELECT pg_total_relation_size(:one) + pg_total_relation_size(:other)")
            names = {"one": table, "other": f"{table}_rows"}
            nbytes = int(connection.execute(size, names).scalar_one())
    finally:
        with tables.engine.begin() as connection:
            dropped = f"{table}_rows, {table}, vector_snapshots"
            connection.execute(text(f"DROP TABLE IF EXISTS {dropped}"))
    return {
        "recall@10": found, **quantiles_ms(times), "build_s": build_s,
        "bytes_per_passage": nbytes / len(vectors), "in_file": store.in_file,
    }  # fmt: skip


def _searched(store: TableStore, vector: Vectors) -> float:
    start = time.perf_counter()
    store.nearest(vector, DEPTH)
    return (time.perf_counter() - start) * 1000


def grow(corpus: Corpus, size: int) -> tuple[Vectors, list[str]]:
    """`size` vectors (L2-normalised) and texts: the real ones, then copies."""
    written, known = list(corpus.texts), corpus.vectors
    real = min(size, len(written))
    dice = np.random.default_rng(SEED)
    first = dice.integers(0, len(written), size - real)
    second = dice.integers(0, len(written), size - real)
    share = dice.uniform(0.1, 0.5, (size - real, 1)).astype(np.float32)
    vectors = np.empty((size, known.shape[1]), dtype=np.float32)
    vectors[:real] = known[:real]
    vectors[real:] = (1 - share) * known[first] + share * known[second]
    faiss.normalize_L2(vectors)
    cut = [np.array(text.split()[:WORDS], dtype=object) for text in written]
    copies = [_mixed(cut[i], cut[j], dice) for i, j in zip(first, second, strict=True)]
    return vectors, [*written[:real], *copies]


def _mixed(words: Words, others: Words, dice: np.random.Generator) -> str:
    """The words (w,) of a text, a share of them taken from those of another."""
    if not len(others):
        return " ".join(words)
    drawn = dice.random(len(words))
    # of those swapped, the number drawn says with which: it is uniform under SWAPPED
    picked = (drawn * (len(others) / SWAPPED)).astype(np.int64) % len(others)
    return " ".join(np.where(drawn < SWAPPED, others[picked], words))


def _timed(vector: Vectors, stems: Sequence[str], snapshot: Snapshot, stages: Stages) -> float:
    start = time.perf_counter()
    retrieve(vector[None], stems, snapshot, stages)
    return (time.perf_counter() - start) * 1000


def recall(store: Store, vectors: Vectors, asked: Vectors) -> float:
    """Mean share of the exact ten nearest that are the ten nearest of what the index finds, asked
    for as many as the bot asks and compared by their own vectors as `retrieve` does."""
    shares = []
    for vector in asked:
        similar = vectors @ vector
        exact = np.argpartition(similar, -TOP)[-TOP:]
        near = store.nearest(vector, DEPTH)[0]
        found = near[np.argsort(-similar[near], kind="stable")][:TOP]
        shares.append(len(np.intersect1d(exact, found)) / TOP)
    return float(np.mean(shares))


def growth_svg(sizes: Mapping[str, Mapping[str, Any]]) -> str:
    """p95 of retrieval against the number of passages, both on a logarithmic scale."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    numbers = [int(size) for size in sizes]
    figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for name, label, mark in (("dense", "vettori", "o"), ("lexical", "parole", "s"),
                              ("both", "tutti e due", "^")):  # fmt: skip
        axes.plot(numbers, [row[name]["p95_ms"] for row in sizes.values()], marker=mark,
                  label=label)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="passaggi", ylabel="p95, millisecondi")
    axes.legend()
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg")
    plt.close(figure)
    return drawn.getvalue()
