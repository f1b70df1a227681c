"""Retrieval and silence on a BEIR folder, with the project's own stages switched on one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import ir_measures

from chatbot.answer import Hit
from chatbot.bot import Bot
from chatbot.find.rank import find
from chatbot.find.retrieve import Admit, Stages
from chatbot.judge.consult import consult
from chatbot.question import Query, QueryVectors, Question
from chatbot.understand.query import understand
from eval.beir import Beir
from eval.benchmarks.peer import Peer
from eval.plain import snapshot_of_texts
from eval.runs import metrics
from index.encode.encoder import Encoder
from index.encode.vectors import VectorCache
from index.publish.snapshot import Snapshot

# One relevant document is the common case, so R@k is the share of questions that find it by
# rank k; with several, the share of them found (ir-measures' R@k).
MEASURES = {
    "R@1": ir_measures.R @ 1,
    "R@3": ir_measures.R @ 3,
    "R@5": ir_measures.R @ 5,
    "R@10": ir_measures.R @ 10,
    "MRR@10": ir_measures.RR @ 10,
    "nDCG@10": ir_measures.nDCG @ 10,
}
CONFIGURATIONS = {
    "bm25": Stages(dense=False, late=False),
    "dense": Stages(lexical=False, late=False),
    "hybrid": Stages(late=False),
    "full": Stages(),
}
PEER = "llama-index"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class EncodedQuery:
    """A question understood and encoded; `understand_ms` and `encode_ms` are what it took."""

    query: Query
    vectors: QueryVectors
    understand_ms: float
    encode_ms: float


@dataclass
class Column:
    """What one configuration found: rankings by question and milliseconds each."""

    rankings: dict[str, list[str]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def figures(self, qrels: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
        table = metrics.ranking_scores(qrels, self.rankings, MEASURES)
        means = {name: sum(row[name] for row in table.values()) / len(table) for name in MEASURES}
        return means | metrics.quantiles_ms(self.times)


class Bench:
    """A corpus as a snapshot, and the bot's steps over it."""

    def __init__(self, data: Beir, encoder: Encoder, cache: VectorCache | None = None,
                 progress: Progress | None = None) -> None:  # fmt: skip
        self.data = data
        self.encoder = encoder
        tell = (lambda done, total: progress("passaggi", done, total)) if progress else None
        self.snapshot: Snapshot = snapshot_of_texts(
            data.ids, data.titles, data.texts, encoder, cache, tell
        )
        bot = Bot(encoder)
        self.weights = bot.weights
        self.reference = bot.prepare(self.snapshot).reference

    def ask(self, text: str) -> EncodedQuery:
        start = perf_counter()
        query = understand(Question(text, language="it"), self.reference)
        understood = perf_counter()
        vectors = QueryVectors.of(query, self.encoder)
        encoded = perf_counter()
        return EncodedQuery(
            query, vectors, (understood - start) * 1000, (encoded - understood) * 1000
        )

    def search(
        self, encoded: EncodedQuery, stages: Stages, barred: Collection[str] = ()
    ) -> tuple[Sequence[Hit], float]:
        """Hits best first, without the passages `barred`, and the milliseconds it took in all."""
        start = perf_counter()
        admit = _without(barred)
        hits = find(encoded.query, encoded.vectors, self.snapshot, self.weights, stages, admit).hits
        spent = (perf_counter() - start) * 1000 + encoded.understand_ms
        # words alone need no vector
        return hits, spent + (encoded.encode_ms if stages.dense or stages.late else 0.0)

    def judge(
        self, encoded: EncodedQuery, barred: Collection[str] = ()
    ) -> tuple[Sequence[Hit], tuple[float, bool], float]:
        """Hits without the passages `barred`, then the confidence that they answer and whether
        the bot would, then milliseconds in all."""
        start = perf_counter()
        found = consult(
            encoded.query, encoded.vectors, self.snapshot, self.weights, admit=_without(barred)
        )
        ruling = found.ruling
        spent = (perf_counter() - start) * 1000 + encoded.understand_ms + encoded.encode_ms
        return found.found.hits, (ruling.confidence, ruling.outcome == "answered"), spent


def _without(barred: Collection[str]) -> Admit | None:
    return (lambda passage: passage.id not in barred) if barred else None


def benchmark(
    bench: Bench, unanswerable: Mapping[str, str] | None = None, peer: Peer | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What `benchmark retrieval --json` prints. Silence is measured on the questions of the set
    against those of `unanswerable`, and (hard form) against themselves with their relevant
    passages taken away. No setting is changed for the data measured."""
    data, columns = bench.data, {name: Column() for name in CONFIGURATIONS}
    kept: list[tuple[float, bool]] = []
    hard: list[tuple[float, bool]] = []
    for done, (query, grades) in enumerate(data.qrels.items(), start=1):
        asked = bench.ask(data.queries[query])
        for name, stages in CONFIGURATIONS.items():
            if name == "full":
                hits, verdict, spent = bench.judge(asked)
                kept.append(verdict)
            else:
                hits, spent = bench.search(asked, stages)
            columns[name].rankings[query] = [hit.passage.id for hit in hits]
            columns[name].times.append(spent)
        hard.append(bench.judge(asked, frozenset(grades))[1])
        if progress:
            progress("domande", done, len(data.qrels))
    figures: dict[str, Any] = {name: c.figures(data.qrels) for name, c in columns.items()}
    figures["abstention"] = None
    if unanswerable:
        figures["abstention"] = silence(kept, _confidences(bench, unanswerable, progress))
    figures["abstention_hard"] = silence(kept, hard)
    if peer:
        figures[PEER] = _peer_figures(peer, data, progress)
    return figures | {"n_queries": len(data.qrels), "n_passages": len(data.ids)}


def silence(
    answerable: Sequence[tuple[float, bool]], silent: Sequence[tuple[float, bool]]
) -> dict[str, float]:
    """How well the confidence tells the two kinds apart. F1, precision and recall of silence at
    the bot's own threshold; `F1_best` at the best one for these data, an upper bound."""
    pairs = [*answerable, *silent]
    confidences = [confidence for confidence, _ in pairs]
    truth = [False] * len(answerable) + [True] * len(silent)
    return {
        "AUROC": metrics.auroc([not quiet for quiet in truth], confidences),
        **metrics.abstention(truth, [not answered for _, answered in pairs]),
        "F1_best": metrics.best_f1(truth, confidences),
    }


def _confidences(
    bench: Bench, questions: Mapping[str, str], progress: Progress | None
) -> list[tuple[float, bool]]:
    found = []
    for done, text in enumerate(questions.values(), start=1):
        found.append(bench.judge(bench.ask(text))[1])
        if progress:
            progress("senza risposta", done, len(questions))
    return found


def _peer_figures(peer: Peer, data: Beir, progress: Progress | None) -> dict[str, float]:
    column = Column()
    for done, query in enumerate(data.qrels, start=1):
        column.rankings[query], spent = peer.search(data.queries[query])
        column.times.append(spent)
        if progress:
            progress(PEER, done, len(data.qrels))
    return column.figures(data.qrels)


def open_bench(folder: Path, var: Path, data: Beir, progress: Progress | None = None) -> Bench:
    """A bench over `data`, vectors cached in `var` so that a second run encodes nothing."""
    encoder = Encoder.load(folder)
    return Bench(data, encoder, VectorCache(var / "vectors", encoder), progress)
