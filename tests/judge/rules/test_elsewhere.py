"""Questions about another country, and services of another province."""

from __future__ import annotations

import pytest
from networks import NETWORK

from chatbot.answer import Hit
from chatbot.find.admit import serves
from chatbot.judge.rules.elsewhere import not_of_here
from chatbot.read.evidence import Evidence
from chatbot.understand.beyond import countries_abroad
from chatbot.understand.places import places
from index.guide import Service, Unit
from index.passage import Passage

HERE = "Il richiedente asilo può lavorare dopo 60 giorni dalla presentazione."


def read(*texts: str) -> list[Evidence]:
    units = tuple(Unit(str(n), text, "sentence", n) for n, text in enumerate(texts))
    passage = Passage(
        id="g#a:0", guide="g", anchor="a", part=0, role="body", heading_path=("Titolo",),
        text=" ".join(texts), embedded=" ".join(texts), units=units, line=1, last_line=9,
    )  # fmt: skip
    return [Evidence(Hit(passage), unit, n, 1.0) for n, unit in enumerate(units)]


def service(municipality: str | None, *area: str) -> Service:
    return Service("S", "", municipality, area, None, (), None, (), None, "verificato")


@pytest.mark.parametrize(
    "question",
    [
        "In Germania può lavorare subito?",
        "dopo quanti mesi si lavora in francia",
        "Can he work in Switzerland?",
        "Peut-il travailler en Allemagne ?",
        "¿Puede trabajar en España?",
        "هل يمكنه العمل في ألمانيا؟",
        "Чи можна працювати в Німеччині?",
    ],
)
def test_what_holds_here_does_not_answer_of_another_country(question: str) -> None:
    """Unless what was read speaks of other countries, or says that it holds only here."""
    named = countries_abroad(question, NETWORK)
    assert not_of_here(named, read(HERE), NETWORK)
    assert not not_of_here(
        named, read(HERE, "In un altro Stato membro servono altre carte."), NETWORK
    )
    assert not not_of_here(named, read("La carta vale tre anni e solo in Italia."), NETWORK)


@pytest.mark.parametrize(
    "question",
    ["può lavorare in Italia?", "È nato in Nigeria: può lavorare?", "laureata in Ucraina", "",
     "ha la germanina", "parla francese e spagnolo"],
)  # fmt: skip
def test_where_people_come_from_is_no_other_place(question: str) -> None:
    assert not not_of_here(countries_abroad(question, NETWORK), read(HERE), NETWORK)


def test_a_country_named_in_what_was_read_is_covered() -> None:
    text = "Le regole per chi lavora in Svizzera non sono in questa guida."
    named = countries_abroad("può fare il frontaliere in Svizzera?", NETWORK)
    assert not not_of_here(named, read(text), NETWORK)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("telefono del cpi di cuneo", {"cuneo"}),
        ("abita a Casale Monferrato", {"casale monferrato"}),
        ("a Bra dove si va?", {"bra"}),
        ("ha una bra di lana", set()),
        ("INPS: Torino o Settimo Torinese?", {"torino", "settimo torinese"}),
        ("non ha casa", set()),
    ],
)
def test_places_are_read_in_a_question(question: str, found: set[str]) -> None:
    """Short names that are words too only with a capital."""
    assert places(question, NETWORK) == found


@pytest.mark.parametrize(
    ("where", "asked", "shown"),
    [
        (service("Torino"), {"cuneo"}, False),
        (service("Torino"), {"cuneo", "torino"}, True),
        (service("Torino"), {"moncalieri"}, True),
        (service("Torino", "Piemonte"), {"cuneo"}, True),
        (service("Torino", "Asti"), {"asti"}, True),
        (service("Torino", "Asti"), {"novara"}, False),
        (service(None, "Italia"), {"cuneo"}, True),
        (service("Torino"), set(), True),
    ],
)
def test_a_service_is_shown_where_it_serves(where: Service, asked: set[str], shown: bool) -> None:
    """In its province, in its area, or when no place was asked for."""
    assert serves(where, asked, NETWORK.places) is shown
