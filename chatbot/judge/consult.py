"""From a query to hits and evidence: what the bot and the benchmarks do alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Hit
from chatbot.find.addressee import asked_about, for_others, speaks_of_others
from chatbot.find.fuse import fuse, literal, prior, rerank
from chatbot.find.late import TOP
from chatbot.find.meeting import Meeting, covered, meet, meet_now, stems_of
from chatbot.find.retrieve import Admit, Stages, retrieve
from chatbot.judge.decide import ALMOST, NOTHING, Signs, probability, signs
from chatbot.question import Query
from chatbot.read.evidence import Evidence, read
from chatbot.words.forms import strict_kinds
from chatbot.words.yes_no import says_whether
from index.encode.encoder import QueryTokens
from index.publish.snapshot import Snapshot

ALL_STAGES = Stages()
NEAR_BY = 5  # passages that a «Sì» or a «No» is compared with
SETTLED = 0.5  # of what the best of them has of the question, the part it must have


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
    now: NDArray[np.float32] | None = None,
) -> tuple[list[Hit], list[Meeting]]:
    """Hits best first and, for the top ones in the same order, how the question meets them.

    `step` is told the name of each stage as it begins; `now` (d,) is the vector of `query.now`.
    """
    if query.language != "it":  # words that a foreign question shares with guides are chance
        stages = replace(stages, lexical=False)
    step("retrieve")
    candidates = retrieve(asked.vector, query.stems, snapshot, stages, admit)
    step("fuse")
    hits = fuse(candidates, snapshot, stages)
    if not stages.late:
        return hits, []
    top = [
        replace(m, prior=prior(m.hit.passage, snapshot, query) + literal(m.hit, query))
        for m in meet(query, asked, hits[:TOP], snapshot)
    ]
    if now is not None:
        top = meet_now(top, query.now, now, snapshot)
    ranked = rerank(top)
    # the others follow in their order; their scores are of the ranking before
    return [m.hit for m in ranked] + hits[len(ranked) :], ranked


def consult(
    query: Query,
    asked: QueryTokens,
    snapshot: Snapshot,
    admit: Admit | None = None,
    step: Callable[[str], None] = lambda name: None,
    now: NDArray[np.float32] | None = None,
) -> Consultation:
    """Find, read and weigh; see `find`."""
    hits, met = find(query, asked, snapshot, ALL_STAGES, admit, step, now)
    step("read")
    telling = snapshot.lexical.weights(query.own_stems)
    kinds = strict_kinds(query.text)
    wanted = asked_about(query, snapshot.network)
    theirs = [m for m in met if not for_others(m.hit.passage, snapshot, wanted)]
    evidence = read(
        telling, kinds, theirs, lambda text: not speaks_of_others(text, wanted, snapshot.network)
    )
    step("decide")
    # the best of theirs stands out from the passages for others too, or does not
    compared = [*theirs[:1], *(m for m in met if m is not theirs[0])] if theirs else []
    found = signs(query, telling, kinds, compared, evidence)
    confidence = probability(found, query.language)
    if _is_on_something_else(query, telling, evidence, met):
        confidence = min(ALMOST, confidence)
    if confidence < ALMOST and len(theirs) < len(met):
        # what the guides say for others is near, and no more
        anyone = signs(query, telling, kinds, met, read(telling, kinds, met))
        confidence = max(confidence, min(ALMOST, probability(anyone, query.language)))
        found = anyone if found == NOTHING else found
    return Consultation(hits, evidence, found, confidence)


def _is_on_something_else(
    query: Query, telling: Mapping[str, float], evidence: Sequence[Evidence], met: Sequence[Meeting]
) -> bool:
    if query.language == "it" and _settles_something_else(telling, evidence, met):
        return True
    return bool(query.unsaid) and not _has_what_is_asked(telling, evidence)


def _settles_something_else(
    telling: Mapping[str, float], evidence: Sequence[Evidence], met: Sequence[Meeting]
) -> bool:
    """Whether a «Sì» or a «No» answers another question: another passage near by has more than
    twice as much of what was asked. «il richiedente può chiedere la cittadinanza?» is near to all
    that such people can and cannot ask for, and a «No» is read as its answer."""
    if not evidence or not says_whether(evidence[0].unit.text):
        return False
    most = max((m.words_searched for m in met[:NEAR_BY]), default=0.0)
    return covered(telling, evidence[0].hit.passage.searched) < SETTLED * most


def _has_what_is_asked(telling: Mapping[str, float], evidence: Sequence[Evidence]) -> bool:
    """Whether the most telling word of a question is in what answers it, or in the questions that
    lead there: a title of stay that is added to «può chiedere la cittadinanza?» makes all that
    speaks of such people near."""
    if not telling:
        return True
    wanted = max(telling, key=telling.__getitem__)
    passages = [piece.hit.passage for piece in evidence]
    return any(wanted in stems_of(text) for p in passages for text in (p.embedded, p.searched))
