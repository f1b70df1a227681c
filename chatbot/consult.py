"""From a query to hits and evidence: what the bot and the benchmarks do alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answer import Hit
from chatbot.decide import Signs, probability, signs
from chatbot.fuse import fuse, prior, rerank
from chatbot.late import TOP, Interaction, interact, token_weights
from chatbot.question import Query
from chatbot.read import Evidence, read
from chatbot.retrieve import Admit, Stages, retrieve
from index.encoder import QueryTokens
from index.snapshot import Snapshot

ALL_STAGES = Stages()


@dataclass(frozen=True)
class Consultation:
    """Hits, best first; the evidence read in them; how likely they are to answer."""

    hits: Sequence[Hit]
    evidence: Sequence[Evidence]
    signs: Signs
    confidence: float


def find(
    query: Query,
    asked: QueryTokens,
    snapshot: Snapshot,
    stages: Stages = ALL_STAGES,
    admit: Admit | None = None,
    step: Callable[[str], None] = lambda name: None,
) -> tuple[list[Hit], list[Interaction]]:
    """Hits best first and, for the top ones in the same order, how they meet the question.

    `step` is told the name of each stage as it begins.
    """
    step("retrieve")
    candidates = retrieve(asked.vector, query.stems, snapshot, stages, admit)
    step("fuse")
    hits = fuse(candidates, snapshot, stages)
    if not stages.late:
        return hits, []
    rows = [snapshot.positions[hit.passage.id] for hit in hits[:TOP]]
    met = dict(zip(rows, interact(asked.tokens, rows, snapshot), strict=True))
    weights = token_weights(asked, snapshot.lexical.weights(query.own_stems))
    priors = [prior(hit.passage, snapshot, query.definition) for hit in hits[: len(met)]]
    headings = snapshot.headings[rows] @ asked.vector
    hits = rerank(hits, list(met.values()), headings, weights, priors)
    return hits, [met[snapshot.positions[hit.passage.id]] for hit in hits[: len(met)]]


def consult(
    query: Query,
    asked: QueryTokens,
    snapshot: Snapshot,
    admit: Admit | None = None,
    step: Callable[[str], None] = lambda name: None,
) -> Consultation:
    """Find, read and weigh."""
    hits, met = find(query, asked, snapshot, ALL_STAGES, admit, step)
    step("read")
    weights = snapshot.lexical.weights(query.own_stems)
    evidence = read(weights, hits, met)
    step("decide")
    found = signs(weights, hits, met, evidence)
    return Consultation(hits, evidence, found, probability(found, query.language))
