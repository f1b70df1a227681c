"""What one turn may put in the place of another's: people, places, dates of a network."""

from __future__ import annotations

import pytest
from networks import NETWORK

from chatbot.understand.slots import SLOTS, said_dates, said_persons, said_places, without


def words_of(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end].strip() for start, end in spans]


def test_a_place_is_one_of_the_network() -> None:
    """With the word before it; a town that the network does not know is no place."""
    (town,) = (n for n in NETWORK.places.municipalities.values() if n.name == "Cuneo")
    text = f"dove trovo un avvocato a {town.name}, o a Atlantide?"
    assert words_of(text, said_places(text, NETWORK)) == [f"a {town.name}"]


def test_a_person_is_who_has_a_title_of_the_network() -> None:
    """With the article; a trade is no title."""
    text = "può lavorare un rifugiato?"
    assert words_of(text, said_persons(text, NETWORK)) == ["un rifugiato"]
    assert said_persons("può lavorare un idraulico?", NETWORK) == []


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("ha fatto domanda a luglio", ["domanda a luglio"]),
        ("in marzo 2031 era qui", ["in marzo 2031"]),
        ("va in marcia", []),
    ],
)
def test_a_date_is_a_month_with_its_preposition(text: str, dates: list[str]) -> None:
    assert words_of(text, said_dates(text, NETWORK)) == dates


def test_what_is_replaced_leaves_no_word_behind() -> None:
    """Several of them, from the end, so that none moves the others."""
    text = "dove vado a Cuneo e a Torino?"
    spans = said_places(text, NETWORK)
    assert len(spans) == 2
    assert without(text, spans).split() == ["dove", "vado", "e", "?"]
    assert said_places in SLOTS
