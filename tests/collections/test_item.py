"""Collections: what a file has is read exactly, and what is wrong is told with its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatbot.answer import Answer
from chatbot.question import Question, Turn
from eval.beir import DataError
from eval.collections.ask import ask, last_question
from eval.collections.halves import for_practice
from eval.collections.item import FOLDER, FOLDS, HELD_OUT, Item, Part, Quote, read_collection

DEV = FOLDER / "dev-people.jsonl"
PRACTICE = FOLDER / "practice.jsonl"
ROW = {
    "id": "a1", "turns": ["Sono di Asti.", "Quanto dura? E chi paga?"], "lang": "it",
    "asker": "migrante", "outcome": "answer", "partial": ["uno#altro"],
    "parts": [
        {"gold": ["uno#durata", "uno#altro"], "must": [["sei\\s+mesi", "6 mesi"]]},
        {"gold": ["due#paga"], "units": [{"ref": "due#paga", "text": "Paga l'azienda."}]},
    ],
    "units": [{"ref": "uno#durata", "text": "Dura sei mesi."},
              {"ref": "due#paga", "text": "Paga il Comune."}],
    "must": [["sei\\s+mesi"], ["azienda"]], "must_not": ["un anno"], "origin": "faq", "long": True,
    "fold": 2, "note": "che cosa manca",
}  # fmt: skip


def read(folder: Path, *rows: dict[str, Any]) -> tuple[Item, ...]:
    path = folder / "raccolta.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return read_collection(path)


def test_an_item_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Each part with its own units, or with those of its sections; what is not known is left."""
    (item,) = read(tmp_path, ROW)
    expected = Item(
        id="a1",
        turns=("Sono di Asti.", "Quanto dura? E chi paga?"),
        language="it",
        asker="migrante",
        wanted="answer",
        parts=(
            Part(frozenset({"uno#durata", "uno#altro"}), (Quote("uno#durata", "Dura sei mesi."),),
                 (("sei\\s+mesi", "6 mesi"),)),
            Part(frozenset({"due#paga"}), (Quote("due#paga", "Paga l'azienda."),)),
        ),
        partial=frozenset({"uno#altro"}),
        must=(("sei\\s+mesi",), ("azienda",)),
        must_not=("un anno",),
        origin="faq",
        long=True,
        fold=2,
    )  # fmt: skip
    assert item == expected
    assert item.gold == {"uno#durata", "uno#altro", "due#paga"}
    assert item.answerable


def test_what_an_item_may_leave_out(tmp_path: Path) -> None:
    """A courtesy has no parts and nothing that answers it."""
    short = {"id": "b", "turns": ["ciao"], "lang": "it", "outcome": "abstain", "kind": "iniezione"}
    (item,) = read(tmp_path, short)
    assert (item.parts, item.gold, item.answerable, item.injected) == ((), frozenset(), False, True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"outcome": "forse"}, r"raccolta\.jsonl: a1: esito «forse» sconosciuto"),
        ({"turns": []}, r"raccolta\.jsonl: a1: nessun turno"),
    ],
)
def test_a_wrong_item_is_told_with_its_name(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    """So that who labels finds it in its file."""
    with pytest.raises(DataError, match=told):
        read(tmp_path, {**ROW, **change})


@pytest.mark.parametrize("key", ["id", "turns", "lang", "outcome"])
def test_a_row_without_what_it_must_have_is_told_with_its_line(tmp_path: Path, key: str) -> None:
    """Also after others that are right."""
    row = {name: value for name, value in ROW.items() if name != key}
    with pytest.raises(DataError, match=r"raccolta\.jsonl:2"):
        read(tmp_path, ROW, row)


class Echo:
    """A bot that answers with how many turns came before."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def reply(self, question: Question, snapshot: object) -> Answer:
        self.asked.append(question)
        return Answer(
            id="x", outcome="answered", answer=f"risposta {len(question.history)}", citations=(),
            hits=(), scripts=(), services=(), related_questions=(), confidence=1.0, language="it",
            snapshot="s", timings_ms={},
        )  # fmt: skip


def test_earlier_turns_are_really_played(tmp_path: Path) -> None:
    """Each with what was answered before it; the last one is scored."""
    (item,) = read(tmp_path, {**ROW, "turns": ["uno", "due", "tre"]})
    bot = Echo()
    answer = ask(item, bot, object())  # type: ignore[arg-type]
    assert answer.answer == "risposta 4"
    assert [question.text for question in bot.asked] == ["uno", "due", "tre"]
    assert bot.asked[-1].history == (
        Turn("user", "uno"), Turn("assistant", "risposta 0"),
        Turn("user", "due"), Turn("assistant", "risposta 2"),
    )  # fmt: skip


def test_without_a_bot_the_turns_stand_alone(tmp_path: Path) -> None:
    """As fits see them: nothing that a bot said is in what they learn from."""
    (item,) = read(tmp_path, {**ROW, "turns": ["uno", "due"]})
    assert last_question(item) == Question("due", history=(Turn("user", "uno"),))


def test_a_name_is_always_in_the_same_half() -> None:
    """And about half of the names in each."""
    halves = [for_practice(f"articolo {n}") for n in range(1_000)]
    assert halves == [for_practice(f"articolo {n}") for n in range(1_000)]
    assert 430 < sum(halves) < 570


def test_the_collections_of_the_repository_are_read() -> None:
    """The dev one has questions with an answer, without one, and dangers; practice has its folds,
    one of them held out."""
    dev = read_collection(DEV)
    assert len(dev) == 200
    assert sum(item.answerable for item in dev) >= 100
    assert sum(item.wanted == "abstain" for item in dev) >= 40
    assert sum(item.wanted == "emergency" for item in dev) == 5
    practice = read_collection(PRACTICE)
    assert {item.fold for item in practice} == set(range(FOLDS))
    assert 0 <= HELD_OUT < FOLDS
    assert len(practice) >= 3_000


def test_no_two_items_have_one_name() -> None:
    """In a collection, nor in practice and dev together."""
    names = [item.id for path in (DEV, PRACTICE) for item in read_collection(path)]
    assert len(set(names)) == len(names)


def test_what_practice_says_is_answered_has_what_answers() -> None:
    """A section for some part; of what it says is not answered, none; and units in sections that
    answer or help."""
    wrong = []
    for item in read_collection(PRACTICE):
        outside = [
            u for p in item.parts for u in p.units if u.section not in item.gold | item.partial
        ]
        if bool(item.gold) != item.answerable or outside:
            wrong.append(item.id)
    assert wrong == []
