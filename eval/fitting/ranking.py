"""Fits how the top passages are ranked again (`chatbot/find/fuse.py`), one configuration for all.

From the cases that the guides answer and from BEIR folders: the listwise softmax loss (ListNet,
Cao et al. 2007), in which every source counts alike. What is printed is cross-validated, by source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from chatbot.bot import Bot, admit
from chatbot.find.fuse import RANKING, WEIGHTS, rank_signs
from chatbot.find.meeting import Meeting
from chatbot.judge.consult import find
from chatbot.understand.query import understand
from eval.beir import Beir
from eval.benchmarks.retrieval import Bench
from eval.runs.run import last_question
from eval.suite.case import Case
from index.publish.snapshot import Snapshot

CASES = "casi"
SAMPLE = 1_500  # questions taken from a BEIR folder
RELEVANT, BARELY = 2, 0.5  # a grade below RELEVANT counts so much
L2, FOLDS = 0.003, 3
DEPTHS = (1, 3)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Ranked:
    """The top passages of one question: `signs` (n, 14), `prior` (n,), `grades` (n,) from 0, the
    `names` (n,) by which two passages are one for the judges (a section, a document)."""

    source: str
    group: str
    signs: Array
    prior: Array
    grades: Array
    names: tuple[str, ...]

    @classmethod
    def of(
        cls, source: str, group: str, met: Sequence[Meeting], names: Sequence[str],
        grades: Mapping[str, int],
    ) -> Ranked:  # fmt: skip
        signs = rank_signs(met).astype(float)
        prior = np.array([m.prior for m in met])
        graded = np.array([grades.get(name, 0) for name in names], dtype=float)
        return cls(source, group, signs, prior, graded, tuple(names))

    def first_right(self, weights: Array) -> int | None:
        """The rank of the first relevant name, from 0."""
        order = np.argsort(-(self.signs @ weights + self.prior), kind="stable")
        names = list(dict.fromkeys(self.names[i] for i in order))
        right = {name for name, grade in zip(self.names, self.grades, strict=True) if grade > 0}
        return next((rank for rank, name in enumerate(names) if name in right), None)


def ranked_cases(cases: Sequence[Case], snapshot: Snapshot, bot: Bot) -> Iterator[Ranked]:
    """Italian cases of which the guides have a passage, but emergencies."""
    reference = bot.prepare(snapshot).reference
    for case in cases:
        query = understand(last_question(bot, snapshot, case), reference)
        right = max(case.passages.values(), default=0) >= RELEVANT
        if query.language != "it" or case.expected == "emergency" or not right:
            continue
        asked = bot.encoder.encode_query_tokens(query.text)
        admitted = admit(query, snapshot)
        _, met = find(query, asked, snapshot, admit=admitted, now=bot.now(query))
        names = [f"{m.hit.passage.guide}#{m.hit.passage.anchor}" for m in met]
        yield Ranked.of(CASES, case.id, met, names, case.passages)


def ranked_corpus(name: str, bench: Bench, seed: int) -> Iterator[Ranked]:
    """Questions of a BEIR folder; those of one title share a fold."""
    data: Beir = bench.data
    titles = dict(zip(data.ids, data.titles, strict=True))
    random = np.random.default_rng(seed)
    for query in random.permutation(sorted(data.qrels))[:SAMPLE].tolist():
        asked = bench.ask(data.queries[query])
        _, met = find(asked.query, asked.tokens, bench.snapshot)
        names = [m.hit.passage.id for m in met]
        group = titles[min(data.qrels[query])] or query
        yield Ranked.of(name, group, met, names, data.qrels[query])


def fit_ranking(rows: Sequence[Ranked]) -> dict[str, Any]:
    """`weights` by name; `cross-validated` and `in use`: for each source the part of questions
    with a relevant passage first and among three."""
    held: list[int | None] = [None] * len(rows)
    groups = [f"{row.source} {row.group}" for row in rows]
    for learnt, left_out in GroupKFold(FOLDS).split(rows, groups=groups):
        weights = _fit([rows[n] for n in learnt])
        for n in left_out:
            held[n] = rows[n].first_right(weights)
    used = WEIGHTS.of_signs().astype(float)
    fitted = _fit(rows)
    return {
        "weights": dict(zip(RANKING, fitted.round(2).tolist(), strict=True)),
        "cross-validated": _shares(rows, held),
        "in use": _shares(rows, [row.first_right(used) for row in rows]),
    }


def _fit(rows: Sequence[Ranked]) -> Array:
    useful = [row for row in rows if row.grades.max(initial=0) > 0]
    sizes = Counter(row.source for row in useful)
    start = np.full(len(RANKING), 0.5)

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = L2 * float(weights @ weights), 2 * L2 * weights
        for row in useful:
            scores = row.signs @ weights + row.prior
            given = np.exp(scores - scores.max())
            given /= given.sum()
            # the grades of a corpus are 1 or more alike
            barely = (row.source == CASES) & (row.grades < RELEVANT)
            wanted = given * np.where(barely, BARELY, 1.0) * (row.grades > 0)
            total -= float(np.log(wanted.sum() + 1e-12)) / sizes[row.source]
            pull = wanted / (wanted.sum() + 1e-12) - given
            slope = slope - row.signs.T @ pull / sizes[row.source]
        return total, slope

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _shares(rows: Sequence[Ranked], ranks: Sequence[int | None]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for source in sorted({row.source for row in rows}):
        own = [rank for row, rank in zip(rows, ranks, strict=True) if row.source == source]
        found[source] = {
            f"R@{depth}": round(float(np.mean([r is not None and r < depth for r in own])), 3)
            for depth in DEPTHS
        }
    return found


def report(figures: Mapping[str, Any]) -> str:
    """What to copy into `chatbot/find/fuse.py`, and what it gives."""
    lines = [f"{name}: float = {weight}" for name, weight in figures["weights"].items()]
    for kind in ("cross-validated", "in use"):
        for source, shares in figures[kind].items():
            shown = ", ".join(f"{name} {value:.3f}" for name, value in shares.items())
            lines.append(f"{source}, {kind}: {shown}")
    return "\n".join(lines)
