"""Find, read and judge: the outcome follows the probability, and each rule leaves its reason."""

from __future__ import annotations

from datetime import date

import pytest
from guide_texts import EMERGENCY, guide
from made_snapshots import WEIGHTS, asked, sheet_of, snapshot_of, weights

from chatbot.answer import Outcome
from chatbot.judge.consult import Consultation, consult
from chatbot.judge.rules import RULES, Rule
from chatbot.judge.rules.addressee import for_the_person
from chatbot.judge.rules.danger import danger
from chatbot.judge.rules.decided import decided, noticed
from chatbot.judge.rules.denied import denied
from chatbot.judge.rules.elsewhere import of_here
from chatbot.judge.rules.regime import regime
from chatbot.judge.ruling import Asked, Ruling
from chatbot.weights import Weights
from index.network import Decision, InGuides, Network, Notice, Reform, Title
from index.publish.snapshot import Snapshot

NETWORK = Network(
    name="prova",
    titles=(
        Title("richiedente", "richiedente asilo", phrases={"it": ("richiedent(e|i)",)},
              excludes_others=True),
        Title("rifugiato", "rifugiato", phrases={"it": ("rifugiat(o|i)",)}, excludes_others=True),
    ),
    reforms=(
        Reform(
            id="riforma", day=date(2026, 6, 12), of="domanda di prova",
            in_guides=InGuides("12 giugno 2026", "prima del 12 giugno 2026", "dal 12 giugno 2026"),
            names={"it": ("riforma",)}, applied={"it": ("domanda",)}, rule_before=("domand*",),
            rule_after=("domand*",), asks={"it": "Quando?"}, before={"it": "Prima"},
            since={"it": "Dopo"},
        ),
    ),
    abroad=("germania", "francia"),
    of_abroad=("altri paesi",),
    decisions=(Decision(("Quanto dura al massimo il tirocinio?",), refer_to="la Regione"),),
    notices=(Notice("In revisione.", date.max, guides=("officina",)),),
)  # fmt: skip
WORK = sheet_of(
    "lavoro",
    "Lavoro",
    "## Un rifugiato può avere la partita IVA? {#iva}\n\nSì, il rifugiato può avere la partita "
    "IVA.\n\n"
    "## Quando comincia il corso dal notaio? {#nuovo}\n\nIl corso dal notaio comincia dopo 90 "
    "giorni per la domanda presentata dal 12 giugno 2026.\n\n"
    "## E il corso per la domanda vecchia? {#vecchio}\n\nSi comincia dopo 60 giorni per la domanda "
    "presentata prima del 12 giugno 2026.\n",
)
INTERNSHIP = sheet_of(
    "tirocinio",
    "Tirocinio",
    "## Quanto dura il tirocinio? {#durata}\n\nIl tirocinio dura al massimo sei mesi.\n",
)
WORKSHOP = sheet_of(
    "officina",
    "Officina",
    "## Quanto costa l'attrezzo blu? {#attrezzo}\n\nL'attrezzo blu costa nove euro.\n",
)
CARD = guide(
    EMERGENCY.replace("titolo: Prova", "titolo: Una carta")
    + "# Una carta\n\n## Subito {#subito}\n\nChiama il 112.\n",
    "emergenze/carta.md",
)
SNAPSHOT = snapshot_of([WORK, INTERNSHIP, WORKSHOP, CARD], NETWORK)
LENGTH = "Quanto dura il tirocinio?"
# for each rule, a question that it changes the answer to, and how it signs
CASES: dict[str, tuple[Rule, str, Outcome]] = {
    "persona": (for_the_person, "Un richiedente può avere la partita IVA?", "related"),
    "altrove": (of_here, "Quanto dura il tirocinio in Germania?", "related"),
    "negata": (denied, "Chi non può avere la partita IVA?", "related"),
    "regime": (regime, "Quando comincia il corso dal notaio?", "clarify"),
    "decisa": (decided, "Quanto dura al massimo il tirocinio?", "no_answer"),
    "avviso": (noticed, "Quanto costa l'attrezzo blu?", "answered"),
    "pericolo": (danger, LENGTH, "emergency"),
}


def consulted(
    text: str,
    rules: tuple[Rule, ...] = RULES,
    used: Weights = WEIGHTS,
    snapshot: Snapshot = SNAPSHOT,
    in_danger: bool = False,
) -> Consultation:
    query, vectors = asked(text, snapshot)
    cards = (CARD,) if in_danger else ()
    return consult(query, vectors, snapshot, used, cards=cards, rules=rules)


def signed(found: Consultation) -> list[str]:
    return [reason.rule for reason in found.ruling.reasons]


@pytest.mark.parametrize(
    ("numbers", "outcome"),
    [
        ({}, "answered"),
        ({"answer": 1.1}, "related"),
        ({"answer": 1.1, "related": 1.1}, "no_answer"),
        ({"answer": 1.1, "related": 1.1, "subject": 1.1}, "out_of_scope"),
    ],
)
def test_the_outcome_follows_the_probability(numbers: dict[str, float], outcome: str) -> None:
    """Answered, near, silent or off the subject by the fitted numbers alone; the reason tells the
    probability, and only what is answered has evidence."""
    found = consulted(LENGTH, used=weights(numbers=numbers)).ruling
    assert found.outcome == outcome
    assert [reason.rule for reason in found.reasons] == ["giudizio"]
    assert f"{found.confidence:.0%}" in found.reasons[0].why
    assert bool(found.evidence) == (outcome == "answered")


@pytest.mark.parametrize(("least", "sure"), [(0.0, True), (None, True), (1.1, False)])
def test_what_is_not_likely_enough_only_may_answer(least: float | None, sure: bool) -> None:
    """Answered all the same, with its evidence; a file of weights without the number tells every
    answer as one."""
    numbers = {} if least is None else {"sure": least}
    found = consulted(LENGTH, used=weights(numbers=numbers)).ruling
    assert (found.outcome, found.sure) == ("answered", sure)
    assert found.evidence


def test_of_two_things_asked_the_one_without_answer_is_named() -> None:
    """And the evidence is of the other alone."""
    unknown = "Dove compro un frigorifero verde?"
    found = consulted(f"Quanto dura il tirocinio nella ditta? {unknown}").ruling
    assert found.outcome == "answered"
    assert found.silent == (unknown,)
    assert {piece.asked for piece in found.evidence} == {0}


def test_a_single_question_without_answer_is_not_named_again() -> None:
    """The outcome says it."""
    found = consulted("Dove compro un frigorifero verde?").ruling
    assert (found.outcome in ("no_answer", "out_of_scope", "related"), found.silent) == (True, ())


def test_two_questions_answered_by_one_sentence_have_it_once() -> None:
    """Neither is told as unanswered, and nothing is said twice."""
    page = sheet_of(
        "uno", "Uno", "## Il tirocinio {#t}\n\nIl tirocinio dura sei mesi e paga 600 euro.\n"
    )
    text = "Quanti mesi dura il tirocinio? Quanti euro paga il tirocinio?"
    found = consulted(text, snapshot=snapshot_of([page])).ruling
    assert found.outcome == "answered"
    assert found.silent == ()
    assert [piece.unit.text for piece in found.evidence] == [
        "Il tirocinio dura sei mesi e paga 600 euro."
    ]


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_leaves_its_reason(rule: str) -> None:
    """After that of the judgement, in words for people."""
    _, text, outcome = CASES[rule]
    found = consulted(text, in_danger=rule == "pericolo")
    assert signed(found) == ["giudizio", rule]
    assert found.ruling.outcome == outcome
    assert len(found.ruling.reasons[-1].why) > 10


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_left_out_changes_nothing_else(rule: str) -> None:
    """Without it, what it would have lowered is answered, and no reason of it is left."""
    left_out, text, _ = CASES[rule]
    rules = tuple(one for one in RULES if one is not left_out)
    assert len(rules) == len(RULES) - 1
    found = consulted(text, rules=rules, in_danger=rule == "pericolo")
    assert found.ruling.outcome == "answered"
    assert signed(found) == ["giudizio"]


def test_every_rule_has_its_case() -> None:
    """A rule added without a test of its reason fails here."""
    assert {rule for rule, _, _ in CASES.values()} == set(RULES)


def test_danger_has_the_last_word() -> None:
    """Whatever the rules before it make of the answer."""
    assert RULES[-1] is danger
    for _, text, _ in CASES.values():
        assert consulted(text, in_danger=True).ruling.outcome == "emergency"


def test_a_question_that_no_rule_concerns_has_the_reason_of_the_judgement_alone() -> None:
    """And with no rules at all the same answer."""
    with_rules, without = consulted(LENGTH), consulted(LENGTH, rules=())
    assert signed(with_rules) == ["giudizio"]
    assert with_rules.ruling == without.ruling


def test_rules_run_in_their_order_over_what_those_before_left() -> None:
    """Each sees the ruling of the one before, and may add its reason."""

    def first(what: Asked, ruling: Ruling) -> Ruling:
        return ruling.because("prima", "abbassa", outcome="related", evidence=())

    def second(what: Asked, ruling: Ruling) -> Ruling:
        return ruling.because("seconda", f"ha visto {ruling.outcome}")

    found = consulted(LENGTH, rules=(first, second))
    assert signed(found) == ["giudizio", "prima", "seconda"]
    assert found.ruling.reasons[-1].why == "ha visto related"


def test_each_stage_says_that_it_begins() -> None:
    """For who waits, and for the times told with the answer."""
    query, vectors = asked(LENGTH, SNAPSHOT)
    told: list[str] = []
    consult(query, vectors, SNAPSHOT, WEIGHTS, step=told.append)
    assert told == ["retrieve", "read", "decide"]


def test_what_may_not_be_shown_is_no_evidence() -> None:
    """Nothing is found, and the outcome says so."""
    query, vectors = asked(LENGTH, SNAPSHOT)
    found = consult(query, vectors, SNAPSHOT, WEIGHTS, admit=lambda passage: False)
    assert (found.ruling.outcome, list(found.ruling.evidence)) == ("out_of_scope", [])
