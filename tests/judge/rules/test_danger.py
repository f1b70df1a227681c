"""The cards of danger come before anything else; what was asked comes after them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from guide_texts import EMERGENCY, guide
from made_snapshots import WEIGHTS, asked, found_for, sheet_of, snapshot_of

from chatbot.answer import Outcome, Reason
from chatbot.judge.consult import Consultation
from chatbot.judge.rules.danger import danger
from chatbot.judge.ruling import Asked, Ruling
from chatbot.read.evidence import read
from chatbot.say.reply import reply
from chatbot.say.wording import texts

CARD = guide(
    EMERGENCY.replace("titolo: Prova", "titolo: Violenza in casa")
    + "# Violenza in casa\n\n## Subito {#subito}\n\nIl tirocinio aspetta: chiama il 112.\n",
    "emergenze/violenza.md",
)
INTERNSHIP = sheet_of(
    "tirocinio",
    "Tirocinio",
    "## Quanto dura? {#durata}\n\nIl tirocinio dura al massimo sei mesi.\n",
)
SNAPSHOT = snapshot_of([INTERNSHIP, CARD])
QUERY, _ = asked("Quanto dura il tirocinio?", SNAPSHOT)
_, FOUND = found_for("Quanto dura il tirocinio?", SNAPSHOT)
EVIDENCE = [
    piece
    for hit in FOUND.hits
    for piece in read(QUERY, FOUND, SNAPSHOT, WEIGHTS, fits=lambda h, u, own=hit: h == own)  # type: ignore[misc]
]
JUDGED = Reason("giudizio", "probabilità")


def ruling(outcome: Outcome = "answered") -> Ruling:
    return Ruling(outcome, EVIDENCE, (0.9,), reasons=(JUDGED,))


def ask(*, in_danger: bool) -> Asked:
    return Asked(QUERY, FOUND, SNAPSHOT, (CARD,) if in_danger else ())


def test_without_a_danger_nothing_changes() -> None:
    """The very same ruling."""
    given = ruling()
    assert danger(ask(in_danger=False), given) is given


def test_the_cards_come_first_and_say_why() -> None:
    """With the title of each in the reason, after those that were there."""
    found = danger(ask(in_danger=True), ruling())
    assert (found.outcome, found.cards) == ("emergency", (CARD,))
    assert found.reasons[0] == JUDGED
    assert found.reasons[1].rule == "pericolo"
    assert "Violenza in casa" in found.reasons[1].why


def test_what_was_asked_is_kept_where_it_is_on_something_else() -> None:
    """The card is not said a second time as an answer."""
    assert {piece.hit.passage.guide for piece in EVIDENCE} == {"tirocinio", "violenza"}
    found = danger(ask(in_danger=True), ruling())
    assert [piece.hit.passage.guide for piece in found.evidence] == ["tirocinio"]


@pytest.mark.parametrize("outcome", ["related", "no_answer", "out_of_scope", "clarify"])
def test_what_was_not_answered_is_not_said_after_the_cards(outcome: Outcome) -> None:
    """Nothing but the cards, and no question back to somebody in danger."""
    found = danger(ask(in_danger=True), replace(ruling(outcome), asks=None))
    assert (found.outcome, list(found.evidence)) == ("emergency", [])
    assert (found.asks, found.offers) == (None, None)


def test_the_answer_reads_numbers_then_first_minutes_then_what_was_asked() -> None:
    """In one text, with a citation for each mark."""
    found = danger(ask(in_danger=True), ruling())
    said = reply(Consultation(FOUND, found), "it", SNAPSHOT)
    text, citations = said.text, said.citations
    places = [
        text.index(part)
        for part in (
            texts("it")["emergency"], "**112**", "**Violenza in casa**", "chiama il 112.",
            texts("it")["emergency_answer"], "sei mesi",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert [citation.guide for citation in citations] == ["violenza", "tirocinio"]
    assert [citation.n for citation in citations] == [1, 2]
