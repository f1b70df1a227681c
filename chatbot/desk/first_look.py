"""The first questions of an impact run: those that a draft is likeliest to move, asked in the
server itself, which has all that they need at hand.

They are those that lead to the passages that change: as editors wrote them (`domande`), as people
put them (precedents), as the network decided them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, Literal

from chatbot.answer import OUTCOME_WORDS, Answer
from index.publish.diff import compare_snapshots
from index.publish.snapshot import Snapshot

By = Literal["guida", "persona", "decisione"]
Effect = Literal["better", "worse", "changed", "same"]
MOST = 12  # questions: a few seconds of a thread that lets the others pass


@dataclass(frozen=True, slots=True)
class Likely:
    """A question that a draft may move: whose it is, and the sections (`guide#anchor`) that it is
    known to lead to; none where the network decided that nothing answers it."""

    text: str
    by: By
    sections: frozenset[str]


def likely(before: Snapshot, after: Snapshot) -> list[Likely]:
    """At most MOST, people's and editors' in turn, of the passages that differ."""
    changes = compare_snapshots(before, after)
    passages = {change.passage for change in changes} | {c.was for c in changes if c.was}
    sections = {passage.rpartition(":")[0] for passage in passages}
    kinds = (
        _of_decisions(before, after),
        _of_guides(after, passages),
        _of_people(before, after, sections),
        _of_guides(before, passages),
    )
    turns = chain.from_iterable(zip_longest(*kinds))
    found = {one.text: one for one in turns if one is not None}
    return list(found.values())[:MOST]


def _of_decisions(before: Snapshot, after: Snapshot) -> Iterator[Likely]:
    old = set(before.network.decisions)
    for decision in after.network.decisions:
        if decision not in old:
            sections = frozenset([decision.section] if decision.section else [])
            yield from (Likely(text, "decisione", sections) for text in decision.questions)


def _of_guides(snapshot: Snapshot, passages: Iterable[str]) -> Iterator[Likely]:
    """One question of each passage, then the second of each, and so on."""
    rows = [snapshot.positions[name] for name in sorted(passages) if name in snapshot.positions]
    changed = [snapshot.passages[row] for row in rows]
    asked = [
        [Likely(text, "guida", frozenset([f"{p.guide}#{p.anchor}"])) for text in p.questions]
        for p in changed
    ]
    yield from (one for turn in zip_longest(*asked) for one in turn if one is not None)


def _of_people(before: Snapshot, after: Snapshot, sections: set[str]) -> Iterator[Likely]:
    for precedent in chain(after.precedents, before.precedents):
        led = frozenset(f"{lead.guide}#{lead.anchor}" for lead in precedent.leads)
        if led & sections:
            yield Likely(precedent.text, "persona", led)


def compared(one: Likely, now: Answer, then: Answer) -> dict[str, Any]:
    """What becomes of a question, in the form of the cases of the suite: better or worse where
    only one of the two answers quotes a section that it leads to."""
    return {
        "id": "", "question": one.text, "by": one.by, "effect": effect(now, then, one.sections),
        "before": _side(now, one), "after": _side(then, one),
    }  # fmt: skip


def effect(now: Answer, then: Answer, sections: Iterable[str]) -> Effect:
    """What changes for a question that leads to `sections`."""
    was, will = (_quotes(answer, sections) for answer in (now, then))
    if was != will:
        return "better" if will else "worse"
    return "same" if now.answer == then.answer else "changed"


def _quotes(answer: Answer, sections: Iterable[str]) -> bool:
    cited = {f"{one.guide}#{one.url.partition('#')[2]}" for one in answer.citations}
    return bool(cited & set(sections))


def _side(answer: Answer, one: Likely) -> dict[str, str]:
    word = OUTCOME_WORDS[answer.outcome]
    if _quotes(answer, one.sections):
        word += ", dalla sezione giusta"
    return {"verdict": answer.outcome, "word": word, "answer": answer.answer}


def moved(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that do not stay as they are, the worst first."""
    order = ("worse", "better", "changed")
    return sorted(
        (case for case in cases if case["effect"] in order),
        key=lambda case: order.index(case["effect"]),
    )
