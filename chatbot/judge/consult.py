"""Find, read and judge: what the bot and the benchmarks do alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chatbot.answer import Outcome, Reason
from chatbot.find.rank import ALL_STAGES, Found, find
from chatbot.find.retrieve import Admit
from chatbot.judge.draft import Asked, Draft
from chatbot.judge.judgement import probabilities
from chatbot.judge.rules import RULES, Rule, apply
from chatbot.question import Query, QueryVectors
from chatbot.read.evidence import read
from chatbot.weights import Weights
from index.guide import Guide
from index.publish.snapshot import Snapshot


@dataclass(frozen=True)
class Consultation:
    """What was found, and the draft that the rules made of it."""

    found: Found
    draft: Draft


def consult(
    query: Query,
    vectors: QueryVectors,
    snapshot: Snapshot,
    weights: Weights,
    *,
    admit: Admit | None = None,
    cards: tuple[Guide, ...] = (),
    rules: tuple[Rule, ...] = RULES,
    step: Callable[[str], None] = lambda name: None,
) -> Consultation:
    """`admit` says which passages may be shown, `cards` are those of a danger; `step` is told the
    name of each stage as it begins."""
    step("retrieve")
    found = find(query, vectors, snapshot, weights, ALL_STAGES, admit)
    step("read")
    evidence = read(query, found, snapshot, weights)
    step("decide")
    chances = probabilities(query, found, evidence, snapshot, weights)
    draft = judge(query, chances, Draft("no_answer", evidence, chances), found, weights)
    return Consultation(found, apply(Asked(query, found, snapshot, cards), draft, rules))


def judge(
    query: Query, chances: tuple[float, ...], draft: Draft, found: Found, weights: Weights
) -> Draft:
    """The outcome that the probabilities ask for: what is answered keeps its evidence, what is not
    is named."""
    answered = {n for n, chance in enumerate(chances) if chance >= weights.numbers["answer"]}
    best = max(chances, default=0.0)
    why = f"probabilità che le guide rispondano: {best:.0%}"
    if answered:
        kept = [piece for piece in draft.evidence if piece.asked in answered]
        silent = tuple(
            part for n, part in enumerate(query.asks) if n not in answered and len(query.asks) > 1
        )
        outcome: Outcome = "answered"
        return Draft(outcome, kept, chances, silent, reasons=(Reason("giudizio", why),))
    nearest = max((hit.dense or 0.0 for hit in found.hits[:1]), default=0.0)
    if best >= weights.numbers["related"]:
        outcome = "related"
    elif nearest < weights.numbers["subject"]:
        outcome = "out_of_scope"
    else:
        outcome = "no_answer"
    return Draft(outcome, (), chances, reasons=(Reason("giudizio", why),))
