"""One score from several, on a common scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.find.addressee import meant
from chatbot.find.meeting import Meeting, stems_of
from chatbot.find.retrieve import Candidates, Stages
from chatbot.question import Query
from index.passage import Passage
from index.publish.snapshot import Snapshot


@dataclass(frozen=True)
class Weights:
    """How much each standardised score counts. `dense` and `lexical` rank the candidates; the
    others rank the top ones again, as `python -m eval fit-ranking` fits them: see
    `docs/retrieval.md`."""

    dense: float = 0.65
    lexical: float = 0.35
    top_dense: float = 1.25
    top_lexical: float = 0.7
    agreement: float = -0.15
    form: float = 1.18
    yes_no: float = 0.72
    yes_no_unasked: float = -1.5
    late_unit: float = 0.49
    late_passage: float = 0.41
    heading: float = 0.7
    asked: float = 0.9
    words: float = 0.25
    numbers: float = 0.22
    now_heading: float = 0.79
    now_words: float = 1.2

    def of_signs(self) -> NDArray[np.float32]:
        """(14,): the weight of each column of `rank_signs`."""
        return np.array([getattr(self, name) for name in RANKING], dtype=np.float32)


RANKING = (
    "top_dense", "top_lexical", "agreement", "form", "yes_no", "yes_no_unasked", "late_unit",
    "late_passage", "heading", "asked", "words", "numbers", "now_heading", "now_words",
)  # fmt: skip
WEIGHTS = Weights()
LITERAL, LITERAL_WORTH = 0.96, 160.0  # a cosine of 1 is worth 6.4
# What a passage is, before it is read: a glossary entry or an emergency card answers few
# questions, contacts answer those that come near them. The fit of the weights takes them as given.
PRIORS: Mapping[str, float] = {
    "term": -2.7,
    "used": 0.6,
    "step": -0.4,
    "contact": 0.8,
    "emergency": -1.2,
    "opening": -0.7,
    "others": -2.0,
}


def standardise(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Zero mean, unit deviation; all zero where they do not differ."""
    deviation = scores.std() if len(scores) else 0.0
    if deviation < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def fuse(
    candidates: Candidates,
    snapshot: Snapshot,
    stages: Stages = Stages(),  # noqa: B008 (frozen)
    weights: Weights = WEIGHTS,
) -> list[Hit]:
    """Candidates as hits, best first by the weighted standard scores of both retrievers."""
    dense, lexical = standardise(candidates.dense), standardise(candidates.lexical)
    fused = weights.dense * dense + weights.lexical * lexical
    return [
        Hit(
            passage=snapshot.passages[candidates.rows[i]],
            lexical=float(candidates.lexical[i]) if stages.lexical else None,
            dense=float(candidates.dense[i]) if stages.dense else None,
            heading=float(candidates.heading[i]),
            asked=float(candidates.asked[i]),
            fused=float(fused[i]),
            standard=(float(dense[i]), float(lexical[i])),
        )
        for i in np.argsort(-fused, kind="stable")
    ]


def rerank(meetings: Sequence[Meeting], weights: Weights = WEIGHTS) -> list[Meeting]:
    """The meetings of the top hits in their final order, best first, each hit with its score."""
    priors = np.array([m.prior for m in meetings], dtype=np.float32)
    scores = rank_signs(meetings) @ weights.of_signs() + priors
    order = np.argsort(-scores, kind="stable")
    return [meetings[i].ranked(float(scores[i])) for i in order]


def rank_signs(meetings: Sequence[Meeting]) -> NDArray[np.float32]:
    """(n, 14): what ranks the top hits again, a column for each of `RANKING`, standardised over
    them but for those that are so already, their product and what is 1 or 0."""
    given = [
        (*m.hit.standard, m.hit.standard[0] * m.hit.standard[1], m.form, m.yes_no, m.yes_no_unasked)
        for m in meetings
    ]
    own = [
        (
            m.unit, m.late, m.hit.heading, m.hit.asked, m.words_searched, m.numbers,
            m.now_heading, m.now_words,
        )
        for m in meetings
    ]  # fmt: skip
    table = np.array(own, dtype=np.float32).reshape(-1, 8)
    columns = [standardise(column) for column in table.T]
    return np.column_stack([np.array(given, dtype=np.float32).reshape(-1, 6), *columns])


def prior(passage: Passage, snapshot: Snapshot, query: Query) -> float:
    """What speaks for or against a passage before it is read: the glossary is for who asks what a
    word means, and a little for who uses it; a guide for others than the person speaks to a
    question that does not say who."""
    guide = snapshot.guides.get(passage.guide)
    if passage.role == "term":
        used = frozenset() < stems_of(passage.heading_path[-1]) <= set(query.own_stems)
        return 0.0 if query.definition else PRIORS["term"] + used * PRIORS["used"]
    value = PRIORS.get(passage.role, 0.0)
    if guide and guide.kind == "emergenza":
        value += PRIORS["emergency"]
    if guide and len(passage.heading_path) < 2:
        value += PRIORS["opening"]
    if guide and query.unsaid and query.unsaid not in meant(passage, guide, snapshot.network):
        value += PRIORS["others"]
    return value


def literal(hit: Hit, query: Query) -> float:
    """What it is worth that a question which leads there is asked almost word for word, so that
    editors can count on what they write; a follow-up has the words of other turns."""
    return 0.0 if query.now else LITERAL_WORTH * max(0.0, hit.asked - LITERAL)
