"""Find, read and judge: what the bot and the benchmarks do alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from chatbot.answer import Outcome, Reason
from chatbot.find.rank import ALL_STAGES, Found, find
from chatbot.find.retrieve import Admit
from chatbot.judge.judgement import probabilities
from chatbot.judge.rules import RULES, Rule, apply
from chatbot.judge.ruling import Asked, Ruling
from chatbot.question import Query, QueryVectors
from chatbot.read.evidence import read, said_once
from chatbot.read.reader import AnyReader
from chatbot.read.reading import by_reading, read_passages
from chatbot.weights import Weights
from index.guide import Guide
from index.publish.snapshot import Snapshot


@dataclass(frozen=True)
class Consultation:
    """What was found, and the ruling that the rules made of it."""

    found: Found
    ruling: Ruling


def consult(
    query: Query,
    vectors: QueryVectors,
    snapshot: Snapshot,
    weights: Weights,
    *,
    admit: Admit | None = None,
    cards: tuple[Guide, ...] = (),
    rules: tuple[Rule, ...] = RULES,
    today: date | None = None,
    reader: AnyReader | None = None,
    step: Callable[[str], None] = lambda name: None,
) -> Consultation:
    """`admit` says which passages may be shown, `cards` are those of a danger, `today` is the day
    that notices are looked at on; a `reader` reads the best passages, with `weights` that were
    fitted with it; `step` is told the name of each stage as it begins."""
    step("retrieve")
    found = find(query, vectors, snapshot, weights, ALL_STAGES, admit)
    step("read")
    if reader:
        found = by_reading(read_passages(query, found, snapshot, reader), weights)
    evidence = read(query, found, snapshot, weights)
    step("decide")
    chances = probabilities(query, found, evidence, snapshot, weights)
    ruling = judge(query, chances, Ruling("no_answer", evidence, chances), found, weights)
    ruling = apply(Asked(query, found, snapshot, cards, today), ruling, rules)
    return Consultation(found, _finished(query, ruling, snapshot))


def judge(
    query: Query, chances: tuple[float, ...], ruling: Ruling, found: Found, weights: Weights
) -> Ruling:
    """The outcome that the probabilities ask for; what is answered keeps its evidence."""
    answered = {n for n, chance in enumerate(chances) if chance >= weights.numbers["answer"]}
    best = max(chances, default=0.0)
    why = f"probabilità che le guide rispondano: {best:.0%}"
    if answered:
        kept = [piece for piece in ruling.evidence if piece.asked in answered]
        outcome: Outcome = "answered"
        least = min(chances[n] for n in answered)
        sure = least >= weights.numbers.get("sure", 0.0)
        return Ruling(outcome, kept, chances, sure=sure, reasons=(Reason("giudizio", why),))
    nearest = max((hit.dense or 0.0 for hit in found.hits[:1]), default=0.0)
    if best >= weights.numbers["related"]:
        outcome = "related"
    elif nearest < weights.numbers["subject"]:
        outcome = "out_of_scope"
    else:
        outcome = "no_answer"
    return Ruling(outcome, (), chances, reasons=(Reason("giudizio", why),))


def _finished(query: Query, ruling: Ruling, snapshot: Snapshot) -> Ruling:
    """Nothing said twice; of several things asked, those that no evidence is left for are named,
    whether they never had any or a rule took it."""
    left = {piece.asked for piece in ruling.evidence}
    silent = tuple(part for n, part in enumerate(query.asks) if n not in left)
    return replace(
        ruling,
        evidence=said_once(ruling.evidence, snapshot),
        silent=silent if ruling.outcome == "answered" else (),
    )
