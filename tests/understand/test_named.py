"""What a question names: what an answer has to speak of too."""

from __future__ import annotations

import pytest
from networks import NETWORK

from chatbot.understand.named import plain_towns, specifics
from index.network import NEUTRAL


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Quanto costa lo SPID alle Poste?", {"spid", "poste"}),
        ("vale l'articolo 22 del decreto 142?", {"22", "142"}),
        ("dove sta il cpi di torino?", {"torino"}),
        ("va alle acli, viene dal gambia", {"acli"}),
        ("Dove si fa lo SPID?", {"spid"}),
        ("quanto dura il tirocinio?", set()),
        ("", set()),
    ],
)
def test_names_numbers_and_places_are_seen(question: str, named: set[str]) -> None:
    """Capitals after the first letter, figures, and what the network lists, capitals or not."""
    assert specifics(question, NETWORK) == named


def test_the_capital_that_begins_a_question_names_nothing() -> None:
    """«Torino» at the beginning is known as a town; «Quanto» is nothing."""
    assert specifics("Quanto costa?", NETWORK) == frozenset()
    assert specifics("Torino nord, dove mi iscrivo?", NETWORK) == {"torino"}


def test_a_town_that_is_a_word_too_needs_its_capital() -> None:
    """«Alba» and «bra» are words of the language; the capital of a province is always a town."""
    assert "alba" not in plain_towns(NETWORK)
    assert specifics("torna all'alba", NETWORK) == frozenset()
    assert specifics("abita ad Alba", NETWORK) == {"alba"}
    assert {"torino", "cuneo", "asti"} <= plain_towns(NETWORK)


def test_a_network_without_places_names_what_has_a_capital_alone() -> None:
    """Nothing of one network is known in another."""
    assert specifics("il cpi di torino e quello di Cuneo", NEUTRAL) == {"cuneo"}
    assert plain_towns(NEUTRAL) == frozenset()
