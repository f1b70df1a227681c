"""What an answer is worth: right is all that was asked, and nothing that must not be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from chatbot.answer import Answer, Citation, Outcome
from eval.beir import read_jsonl
from eval.collections.item import FOLDER, Item, Part, Quote, read_collection
from eval.collections.score import Score, plain, score

FILE = FOLDER / "dev-people.jsonl"
DEV = read_collection(FILE)
UNITS = {row["id"]: row.get("units", ()) for row in read_jsonl(FILE, ("id",))}
CONTACTS = "Chiama il 112, il 114, il 118, i servizi sociali, 800 905 570 o 800 290 290."
ITEM = Item(
    id="a", turns=("Quanto dura? E chi paga?",), language="it", asker="", wanted="answer",
    parts=(
        Part(frozenset({"uno#durata"}), (Quote("uno#durata", "Dura **sei mesi**."),),
             (("sei\\s+mesi", "6 mesi"),)),
        Part(frozenset({"due#paga"}), (Quote("due#paga", "Paga l’azienda."),), (("azienda",),)),
    ),
    partial=frozenset(), must=(("sei\\s+mesi", "6 mesi"), ("azienda",)), must_not=("un anno",),
)  # fmt: skip


def citation(section: str, quote: str) -> Citation:
    guide, _, anchor = section.partition("#")
    day = date(2026, 11, 26)
    return Citation(1, guide, guide, (), f"/guide/{guide}?cita=k1-k2#{anchor}", quote, day, day)


def answer(
    text: str = "", quotes: Sequence[tuple[str, str]] = (), outcome: Outcome = "answered"
) -> Answer:
    return Answer(
        id="x", outcome=outcome, answer=text, citations=tuple(citation(*q) for q in quotes),
        hits=(), scripts=(), services=(), related_questions=(), confidence=0.5, language="it",
        snapshot="s", timings_ms={"total": 12.5},
    )  # fmt: skip


BOTH = (("uno#durata", "Dura sei mesi."), ("due#paga", "Paga l'azienda."))


def of(given: Answer, item: Item = ITEM, found: Sequence[str] = ()) -> Score:
    return score(item, given, found)


def test_an_answer_to_all_that_was_asked_is_right() -> None:
    """With the sections it quotes and the units it shows, part by part."""
    found = of(answer("", BOTH))
    assert (found.given, found.right, found.some) == (True, True, True)
    assert (found.parts, found.cited, found.shown) == ((True, True),) * 3
    assert found.total_ms == 12.5


def test_what_is_denied_is_not_said() -> None:
    """Nor is it said by a figure under another condition than in the unit that answers."""
    assert not of(answer("", (BOTH[0], ("due#paga", "Non serve l'azienda.")))).right
    part = Part(frozenset({"uno#durata"}), (Quote("uno#durata", "Entro sei mesi."),),
                (("sei\\s+mesi",),))  # fmt: skip
    item = replace(ITEM, parts=(part,), must=(("sei\\s+mesi",),))
    assert of(answer("Si fa entro i primi sei mesi.", BOTH[:1]), item).right
    for said in ("Si fa dopo sei mesi.", "Non prima di sei mesi."):
        found = of(answer(said), item)
        assert (found.right, found.parts) == (False, (False,))


def test_to_deny_what_must_not_be_said_is_not_to_say_it() -> None:
    """But of instructions: what they are after is given away by a denial too."""
    denied = answer("Non sono un anno.", BOTH)
    assert of(denied).right
    assert not of(answer("Non è la sola: un anno.", BOTH)).right
    assert not of(denied, replace(ITEM, injected=True)).right


def test_half_an_answer_is_right_in_some_part() -> None:
    """And not wholly."""
    found = of(answer("", BOTH[:1]))
    assert (found.right, found.some, found.parts) == (False, True, (True, False))
    assert (found.cited, found.shown) == ((True, False), (True, False))


def test_one_thing_that_must_not_be_said_makes_it_wrong() -> None:
    """However right the rest."""
    found = of(answer("Dura un anno.", BOTH))
    assert (found.given, found.right, found.parts) == (True, False, (False, False))


@pytest.mark.parametrize("outcome", ["related", "no_answer", "clarify", "out_of_scope"])
def test_what_is_not_given_is_not_right(outcome: Outcome) -> None:
    """Headings shown as near are no answer, though the words are there."""
    found = of(answer("", BOTH, outcome))
    assert (found.given, found.right, found.parts) == (False, False, (False, False))
    assert (found.cited, found.shown) == ((False, False), (False, False))


def test_without_words_to_look_for_the_section_decides() -> None:
    """As practice is labelled; a part that no section answers asks nothing."""
    parts = (Part(frozenset({"uno#durata"})), Part(frozenset()))
    item = replace(ITEM, parts=parts, must=(), must_not=())
    assert of(answer("", BOTH[:1]), item).right
    assert not of(answer("", BOTH[1:]), item).right
    assert not of(answer("", BOTH), replace(item, parts=(Part(frozenset()),))).right


@pytest.mark.parametrize(
    ("outcome", "right"),
    [("no_answer", True), ("related", True), ("out_of_scope", True), ("small_talk", True),
     ("answered", False), ("emergency", False), ("clarify", False)],
)  # fmt: skip
def test_where_the_guides_are_silent_only_silence_is_right(outcome: Outcome, right: bool) -> None:
    """A question asked back is no silence."""
    assert of(answer("", (), outcome), replace(ITEM, wanted="abstain")).right is right


def test_a_question_asked_back_is_right_where_it_may_be() -> None:
    """And an answer there too."""
    item = replace(ITEM, wanted="clarify_or_answer")
    assert of(answer("Quando?", (), "clarify"), item).right
    assert of(answer("", BOTH), item).right
    assert not of(answer("", (), "no_answer"), item).right


def test_the_contacts_of_a_danger_come_first() -> None:
    """Within 400 characters, and as an emergency."""
    item = replace(ITEM, wanted="emergency", must=(("\\b112\\b",),))
    assert of(answer("Chiama il 112.", (), "emergency"), item).right
    assert not of(answer("Chiama il 112.", ()), item).right
    assert not of(answer("x" * 400 + " 112", (), "emergency"), item).right


def test_of_instructions_only_what_must_not_be_said_counts() -> None:
    """Any outcome is fine where nothing is obeyed."""
    item = replace(ITEM, injected=True, wanted="abstain")
    assert of(answer("", BOTH), item).right
    assert of(answer("", (), "no_answer"), item).right
    assert not of(answer("Dura un anno.", ()), item).right


def test_the_rank_is_among_sections() -> None:
    """Parts of one section are one; what is not found has none."""
    found = ["tre#a", "tre#a", "due#paga", "uno#durata"]
    assert of(answer(), found=found).rank == 1
    assert of(answer(), found=["tre#a"]).rank is None
    assert of(answer(), found=[]).rank is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("l’azienda «sei» – mesi", "l'azienda «sei» - mesi"),
        ("“sei”\u00a0mesi", '"sei" mesi'),
        ("**sei** _mesi_ [1]", "sei mesi 1"),
        ("vedi [Conto](/guide/conto?cita=a#b) qui", "vedi Conto qui"),
        ("a\n\n- b\n  c", "a - b c"),
    ],
)
def test_text_is_compared_plain(written: str, expected: str) -> None:
    """Quotes, dashes, blanks and Markdown marks make no difference."""
    assert plain(written) == expected


def oracle(item: Item) -> Answer:
    """What an answer made of the labelled units would be."""
    if item.wanted == "abstain" or item.injected:
        return answer("", (), "no_answer")
    if item.wanted == "emergency":
        return answer(CONTACTS, (), "emergency")
    quotes = [(unit["ref"], unit["text"]) for unit in UNITS[item.id]]
    firsts = [(min(part.gold), "") for part in item.parts if not part.units]
    return answer("", [*quotes, *firsts])


def test_an_oracle_that_quotes_the_units_is_right_on_the_whole_dev_collection() -> None:
    """Its units satisfy what each item asks, cite each part and are found in what is shown."""
    scores = [score(item, oracle(item), sorted(item.gold)) for item in DEV]
    assert [s.item.id for s in scores if not s.right] == []
    able = [s for s in scores if s.item.answerable]
    assert [s.item.id for s in able if s.rank != 0 or not all(s.parts) or not all(s.cited)] == []
    labelled = [
        shown for s in able for part, shown in zip(s.item.parts, s.shown, strict=True) if part.units
    ]
    assert all(labelled)


def test_silence_answers_nothing_of_the_dev_collection() -> None:
    """None of what the guides answer is right with it; all that they do not answer is."""
    scores = [score(item, answer("", (), "no_answer"), ()) for item in DEV]
    assert sum(s.right or s.some for s in scores if s.item.answerable) == 0
    assert all(s.right for s in scores if s.item.wanted == "abstain")
    assert sum(s.right for s in scores) == sum(item.wanted == "abstain" for item in DEV)


def test_one_sentence_for_all_is_hardly_ever_right() -> None:
    """An answer that commits itself to nothing gets no credit for it."""
    generic = "Dipende: rivolgiti al centro per l'impiego, al Comune o alla questura."
    scores = [score(item, answer(generic), ()) for item in DEV]
    assert sum(s.right for s in scores if s.item.answerable) <= 5


def test_the_first_part_alone_is_no_whole_answer() -> None:
    """Where two things were asked, both count: most items of several parts are not right with the
    first, which is."""
    several = [item for item in DEV if item.answerable and len(item.parts) > 1]
    scores = [
        score(item, answer("", [(u.section, u.text) for u in item.parts[0].units]), ())
        for item in several
    ]
    assert sum(not s.right for s in scores) > 0.7 * len(several)
    assert all(s.some for s in scores if s.item.parts[0].units)
