"""The figures on people's questions, worked out by hand on a few scores."""

from __future__ import annotations

from dataclasses import replace

from chatbot.answer import Answer, Hit
from chatbot.question import Question
from eval.benchmarks.people import benchmark, figures, kinds
from eval.collections.item import Item, Part, Quote, Wanted
from eval.collections.score import Score
from index.passage import Passage


def item(name: str, wanted: Wanted = "answer", **changes: object) -> Item:
    part = Part(frozenset({f"{name}#a"}), (Quote(f"{name}#a", "Sì."),))
    made = Item(
        id=name, turns=(name,), language="it", asker="migrante", wanted=wanted,
        parts=(part,) if wanted in ("answer", "clarify_or_answer") else (), partial=frozenset(),
        origin="faq",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def scored(
    of: Item, given: bool, right: bool, parts: tuple[bool, ...], rank: int | None, ms: float = 10.0
) -> Score:
    return Score(of, given, right, parts, parts, parts, rank, ms)


SCORES = [
    scored(item("intera"), True, True, (True, True), 0, 10),
    scored(item("meta", long=True, origin="utente"), True, False, (True, False), 2, 20),
    scored(item("sbagliata", language="fr"), True, False, (False,), 5, 30),
    scored(item("muta"), False, False, (False,), None, 40),
    scored(item("silenzio", "abstain"), False, True, (), None, 50),
    scored(item("inventata", "abstain"), True, False, (), None, 60),
    scored(item("istruzioni", "abstain", injected=True), True, True, (), None, 70),
    scored(item("pericolo", "emergency"), True, True, (), None, 80),
]


def test_what_is_answered_by_hand() -> None:
    """Of four with an answer one is wholly right, two in some part, one silent; of the four answers
    given, to questions without an answer too, two have no part right; of the two told as sure,
    one."""
    scores = [replace(one, sure=one.item.id in ("intera", "inventata")) for one in SCORES]
    found = kinds(scores)["answerable"]
    assert found == {
        "n": 4, "right": 0.25, "some": 0.5, "wrong_given": 0.5, "sure": 0.5, "wrong_sure": 0.5,
        "silent": 0.25, "units": 0.5,
        "hit@1": 0.25, "hit@3": 0.5, "hit@20": 0.75,
    }  # fmt: skip


def test_silence_by_hand() -> None:
    """Instructions are no question without an answer: their outcome does not count."""
    assert kinds(SCORES)["unanswerable"] == {"n": 2, "silent": 0.5}


def test_the_object_is_that_of_the_design() -> None:
    """Its names and its order; times over all items."""
    found = figures(SCORES)
    assert list(found) == [
        "n", "answerable", "unanswerable", "emergencies", "by", "p50_ms", "p95_ms",
    ]  # fmt: skip
    assert found["n"] == 8
    assert found["emergencies"] == {"n": 1, "right": 1.0}
    assert (found["p50_ms"], found["p95_ms"]) == (45.0, 76.5)
    assert {name: sorted(groups) for name, groups in found["by"].items()} == {
        "origin": ["faq", "utente"], "language": ["fr", "it"], "length": ["long", "short"],
    }  # fmt: skip
    assert found["by"]["language"]["fr"]["answerable"]["wrong_given"] == 1.0
    assert found["by"]["length"]["long"]["answerable"]["some"] == 1.0


def test_nothing_to_measure_is_zero_not_an_error() -> None:
    """A collection of one kind only has the other figures too."""
    found = figures([])
    assert (found["n"], found["p50_ms"], found["by"]["origin"]) == (0, 0.0, {})
    assert set(found["answerable"].values()) == {0}


class Knows:
    """A bot that finds the passage of each question, and answers with it."""

    def reply(self, question: Question, snapshot: object) -> Answer:
        name = question.text
        passage = Passage(f"{name}#a:0", name, "a", 0, "body", (), "", "", (), 1, 1)
        return Answer(
            id="x", outcome="no_answer", answer="", citations=(), hits=(Hit(passage),), scripts=(),
            services=(), related_questions=(), confidence=0.0, language="it", snapshot="s",
            timings_ms={"total": 5.0},
        )  # fmt: skip


def test_every_item_is_asked_and_progress_told() -> None:
    """The sections of what was found are ranked, whatever the outcome."""
    told: list[tuple[int, int]] = []
    items = [item("uno"), item("due")]
    found = benchmark(items, Knows(), object(), lambda *done: told.append(done))  # type: ignore[arg-type]
    assert told == [(1, 2), (2, 2)]
    assert (found["answerable"]["hit@1"], found["answerable"]["silent"]) == (1.0, 1.0)
    assert found["p50_ms"] == 5.0
