"""Follow-ups take the topic of the turns before; a new topic drops it."""

from __future__ import annotations

import pytest
from networks import NETWORK

from chatbot.question import Turn
from chatbot.understand.followup import joined, needs_topic, topic_of
from index.network import Network


def turns(*texts: str) -> tuple[Turn, ...]:
    return tuple(Turn("user", text) for text in texts)


def with_topic(text: str, history: tuple[Turn, ...], network: Network) -> str:
    return joined(topic_of(history, network), text, network)


def test_a_short_question_takes_the_topic() -> None:
    """«Quanto dura?» alone finds nothing: the turn before says of what."""
    assert "tirocinio" in with_topic("quanto dura?", turns("come attivo un tirocinio?"), NETWORK)


def test_what_is_named_anew_takes_the_place_of_the_old() -> None:
    """«E per i sussidiari?» is about them, no longer about those of the turn before."""
    found = with_topic("e per i sussidiari?", turns("i rifugiati possono lavorare?"), NETWORK)
    assert "lavorare" in found
    assert "rifugiati" not in found


def test_a_place_takes_the_place_of_another() -> None:
    """«E a Cuneo?» drops Torino."""
    found = with_topic("e a Cuneo?", turns("dove trovo un avvocato gratis a Torino?"), NETWORK)
    assert "Torino" not in found
    assert "avvocato" in found


def test_a_new_topic_stands_alone() -> None:
    """A question with words of its own is searched as it is."""
    question = "la patente del Bangladesh per quanto tempo vale in Italia?"
    before = turns("chi ha asilo può ricongiungere i genitori?")
    assert with_topic(question, before, NETWORK) == question


def test_the_topic_survives_two_follow_ups_and_ends_with_a_new_one() -> None:
    """Three turns: a follow-up of a follow-up keeps the first topic, a new topic ends it."""
    assert "tirocinio" in with_topic(
        "e per i minori?", turns("cos'è un tirocinio?", "quanto dura?"), NETWORK
    )
    history = turns("come attivo un tirocinio?", "come si iscrive un bambino a scuola a metà anno?")
    assert "tirocinio" not in with_topic("quanto costa?", history, NETWORK)


def test_what_the_assistant_said_is_no_topic() -> None:
    """Only the operator's words count: an answer may speak of many things."""
    history = (Turn("user", "cos'è il SAI?"), Turn("assistant", "Il tirocinio dura 6 mesi."))
    assert "tirocinio" not in with_topic("quanto dura?", history, NETWORK)


@pytest.mark.parametrize("text", ["e a Cuneo?", "quanto dura?", "ma lui può lavorare?"])
def test_follow_ups_are_seen(text: str) -> None:
    """Few words, or a word that points back."""
    assert needs_topic(text)
