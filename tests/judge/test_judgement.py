"""How likely it is that what was read answers what was asked."""

from __future__ import annotations

import numpy as np
import pytest
from made_snapshots import WEIGHTS, found_for, sheet_of, snapshot_of, weights

from chatbot.judge.judgement import (
    ANSWER_SIGNS,
    NO_NAMES,
    answer_signs,
    logistic,
    probabilities,
)
from chatbot.read.evidence import read
from chatbot.weights import Weights

INTERNSHIP = sheet_of(
    "tirocinio",
    "Tirocinio",
    "## Quanto dura? {#durata}\n\nA Cuneo il tirocinio dura al massimo 6 mesi. Poi finisce.\n\n"
    "## È pagato? {#paga}\n\nSì, il tirocinante riceve 600 euro al mese.\n",
)
HOUSE = sheet_of(
    "casa", "Casa", "## Come si cerca? {#cerca}\n\nLa casa si cerca con il Comune di Asti.\n"
)
SNAPSHOT = snapshot_of([INTERNSHIP, HOUSE])


def chances(text: str, used: Weights = WEIGHTS) -> tuple[float, ...]:
    query, found = found_for(text, SNAPSHOT, used)
    return probabilities(query, found, read(query, found, SNAPSHOT, used), SNAPSHOT, used)


def sign(text: str, name: str, asked: int = 0) -> float:
    query, found = found_for(text, SNAPSHOT)
    evidence = read(query, found, SNAPSHOT, WEIGHTS)
    signs = answer_signs(query, asked, found, evidence, SNAPSHOT, WEIGHTS)
    assert signs is not None
    return float(signs[ANSWER_SIGNS.index(name)])


def test_what_the_guides_say_is_likelier_answered() -> None:
    """Than what is near and is not said, and that than what has nothing to do with them."""
    (said,) = chances("Quanto dura il tirocinio?")
    (near,) = chances("Il tirocinio in Francia ha le ferie retribuite?")
    (other,) = chances("Dove compro un frigorifero verde?")
    assert said > 0.9 > near > other
    assert other < 0.1


def test_each_thing_asked_has_its_own_probability() -> None:
    """One of them the guides answer, the other they do not."""
    first, second = chances(
        "Quanto dura al massimo il tirocinio? Dove compro un frigorifero verde?"
    )
    assert first > 0.5 > second


def test_nothing_found_is_hardly_an_answer() -> None:
    """Whatever the weights say of the rest."""
    query, found = found_for("Quanto dura il tirocinio?", SNAPSHOT)
    assert answer_signs(query, 0, found, [], SNAPSHOT, WEIGHTS) is None
    sure = weights("answers", intercept=20.0)
    assert probabilities(query, found, [], SNAPSHOT, sure) == (pytest.approx(0, abs=1e-9),)


@pytest.mark.parametrize("intercept", [-1e9, -50.0, 0.0, 50.0, 1e9])
def test_a_probability_stays_between_nothing_and_one(intercept: float) -> None:
    """However large the weights."""
    (found,) = chances("Quanto dura il tirocinio?", weights("answers", intercept=intercept))
    assert 0 <= found <= 1
    assert found == pytest.approx(logistic(intercept))


def test_logistic_by_hand() -> None:
    """1 / (1 + e^-x): a half at nothing, three quarters at ln 3."""
    assert logistic(0) == 0.5
    assert logistic(np.log(3)) == pytest.approx(0.75)
    assert logistic(-2) == pytest.approx(1 - logistic(2))


def test_there_is_a_value_for_each_sign() -> None:
    """All of them numbers, for questions of every kind."""
    for text in ("Quanto dura il tirocinio?", "casa", "¿Cuánto dura el período de prácticas?", "?"):
        query, found = found_for(text, SNAPSHOT)
        evidence = read(query, found, SNAPSHOT, WEIGHTS)
        signs = answer_signs(query, 0, found, evidence, SNAPSHOT, WEIGHTS)
        assert signs is None or (signs.shape == (len(ANSWER_SIGNS),) and np.isfinite(signs).all())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quanto dura il tirocinio?", NO_NAMES),
        ("Quanto dura il tirocinio a Cuneo?", 1.0),
        ("Quanto dura il tirocinio a Cuneo o a Vercelli?", 0.5),
        ("Quanto dura il tirocinio di 9 ore?", 0.0),
    ],
)
def test_names_that_were_asked_are_looked_for(text: str, expected: float) -> None:
    """A place or a number of the question that the passage does not have speaks against it."""
    assert sign(text, "names") == pytest.approx(expected)


def test_the_signs_tell_what_the_question_is() -> None:
    """Whether an amount is asked for, whether it is in another language, long, one of several."""
    assert sign("Quanto costa il tirocinio?", "kind") == 1.0
    assert sign("Chi fa il tirocinio?", "kind") == 0.0
    foreign = "¿Cuánto tiempo dura el tirocinio en la empresa?"
    assert sign(foreign, "foreign") == 1.0
    assert sign(foreign, "foreign_dense") == pytest.approx(sign(foreign, "dense"))
    assert sign("Quanto dura il tirocinio?", "foreign_dense") == 0.0
    two = "Quanto dura il tirocinio nella ditta? Come si cerca la casa del Comune?"
    assert (sign(two, "several"), sign("Quanto dura il tirocinio?", "several")) == (1.0, 0.0)
    assert sign("Quanto dura il tirocinio?", "long") == 0.0
    words = " ".join(f"tirocinio{n}" for n in range(30))
    assert sign(f"Quanto dura {words}?", "long") == 1.0


def test_parts_of_one_section_are_no_rivals() -> None:
    """The margin is to the next section: a long one, cut in two, is not less sure of itself."""
    assert sign("Quanto dura il tirocinio?", "margin") > 0
    alone = snapshot_of([HOUSE])
    query, found = found_for("Come si cerca la casa?", alone)
    evidence = read(query, found, alone, WEIGHTS)
    signs = answer_signs(query, 0, found, evidence, alone, WEIGHTS)
    assert signs is not None
    assert signs[ANSWER_SIGNS.index("margin")] == 0.0
