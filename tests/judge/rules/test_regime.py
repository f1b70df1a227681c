"""The rule that is the person's: neither half an answer nor a question asked for nothing."""

from __future__ import annotations

import pytest
from networks import NETWORK, REFORM

from chatbot.answer import Hit
from chatbot.judge.rules.regime import Settled, settle, sides
from chatbot.period import Period
from chatbot.question import Profile
from chatbot.read.evidence import Evidence
from chatbot.understand.beyond import rules_named
from index.guide import Unit
from index.passage import Passage

BEFORE, SINCE = Period.before(REFORM.day), Period.since(REFORM.day)
OLD = "Per la domanda presentata prima del 12 giugno 2026 bastano 60 giorni (art. 17)."
NEW = "Per la domanda presentata dal 12 giugno 2026 servono 90 giorni (art. 22)."
BOTH = (
    "Il richiedente lavora dopo 60 giorni per la domanda presentata prima del 12 giugno 2026, "
    "dopo 90 giorni per la domanda presentata dal 12 giugno 2026."
)
PLAIN = "Il contratto si firma in azienda."
NONE = frozenset[str]()  # the question says of no reform which rule it means


def passage(anchor: str, *texts: str) -> Hit:
    units = tuple(Unit(f"{anchor}{n}", text, "sentence", n) for n, text in enumerate(texts))
    return Hit(
        Passage(f"lavoro#{anchor}:0", "lavoro", anchor, 0, "body", ("Lavoro", anchor),
                " ".join(texts), "", units, 1, 2)
    )  # fmt: skip


def read(hit: Hit, *positions: int) -> list[Evidence]:
    return [Evidence(hit, hit.passage.units[n], n, 1.0 - n / 10) for n in positions]


def shown(settled: Settled) -> list[str]:
    return [piece.unit.text for piece in settled.evidence]


def dated(period: Period) -> Profile:
    return Profile(application_date=period)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD, {"before"}),
        (NEW, {"since"}),
        (BOTH, {"before", "since"}),
        ("Cambia se la domanda di asilo è di prima o dal 12 giugno 2026.", {"before", "since"}),
        ("Dal 12 giugno 2026 si applica il regolamento (UE) 2024/1347.", set()),
        (PLAIN, set()),
    ],
)
def test_a_unit_tells_its_regime(text: str, expected: set[str]) -> None:
    """By the date beside the application; a date alone is only a date."""
    assert sides(Unit("k", text, "sentence", 1), REFORM) == expected


def test_the_counterpart_in_the_same_section_is_shown() -> None:
    """A rule is never shown alone where its section states the other one."""
    hit = passage("quando", NEW, PLAIN, OLD)
    found = settle(read(hit, 0, 1), [hit], Profile(), NONE, [REFORM])
    assert shown(found) == [NEW, OLD, PLAIN]
    assert (found.offers, found.asks) == (REFORM, None)


def test_the_date_is_asked_for_where_each_regime_has_its_section() -> None:
    """Two sections, one found: either would be wrong for half of the people."""
    new, old = passage("novanta", NEW), passage("sessanta", OLD)
    found = settle(read(new, 0), [new, old], Profile(), NONE, [REFORM])
    assert found.asks


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        (Profile(), "con la riforma quando può lavorare?"),
        (Profile(), "che documento danno adesso?"),
        (Profile(title="titolare-protezione"), "quando può lavorare?"),
        (dated(SINCE), "quando può lavorare?"),
        (dated(Period.of(2026, 6)), "quando può lavorare?"),
    ],
)
def test_the_date_is_not_asked_for_nothing(profile: Profile, text: str) -> None:
    """Not when the question says which rule, nor when the date decides nothing or was given."""
    new, old = passage("novanta", NEW), passage("sessanta", OLD)
    named = rules_named(text, NETWORK)
    assert not settle(read(new, 0), [new, old], profile, named, [REFORM]).asks


def test_without_conditions_nothing_changes() -> None:
    """Most answers do not depend on the date."""
    hit = passage("contratto", PLAIN)
    found = settle(read(hit, 0), [hit, passage("sessanta", OLD)], Profile(), NONE, [REFORM])
    assert found == Settled(read(hit, 0))


@pytest.mark.parametrize(("period", "rule"), [(BEFORE, OLD), (SINCE, NEW)])
def test_with_the_date_the_other_rule_leaves(period: Period, rule: str) -> None:
    """Both were read: the one that applies stays, with what holds for everybody."""
    hit = passage("quando", NEW, PLAIN, OLD)
    found = settle(read(hit, 0, 1, 2), [hit], dated(period), NONE, [REFORM])
    assert set(shown(found)) == {rule, PLAIN}
    assert not found.offers


def test_with_the_date_the_right_rule_is_looked_for() -> None:
    """Only the other section was read: the sister section gives the rule that applies."""
    new, old = passage("novanta", NEW, PLAIN), passage("sessanta", OLD)
    found = settle(read(new, 0, 1), [new, old], dated(BEFORE), NONE, [REFORM])
    assert shown(found) == [OLD, PLAIN]


def test_a_rule_is_not_hidden_when_there_is_no_other() -> None:
    """With its date in the sentence, it is all that there is to say."""
    hit = passage("novanta", NEW)
    assert shown(settle(read(hit, 0), [hit], dated(BEFORE), NONE, [REFORM])) == [NEW]


def test_a_month_across_the_reform_keeps_both() -> None:
    """«Domanda di giugno» does not say which rule: both are shown."""
    hit = passage("quando", NEW, OLD)
    found = settle(read(hit, 0, 1), [hit], dated(Period.of(2026, 6)), NONE, [REFORM])
    assert shown(found) == [NEW, OLD]
