"""Names that nothing introduces: unknown words with a capital go, known ones stay."""

from __future__ import annotations

import pytest
from marked_text import marked
from networks import NETWORK

from chatbot.privacy.strangers import strangers
from index.network import NEUTRAL
from index.search.spoken import spoken_in


def found(text: str) -> list[str]:
    return marked(text, strangers(text, NETWORK))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ieri Ousmane ha perso il permesso", "Ousmane"),
        ("devo portare Blessing Osagie in questura", "Blessing Osagie"),
        ("il permesso è scaduto, Lamin può lavorare?", "Lamin"),
        ("ho visto MOUSSA TRAORE allo sportello", "MOUSSA TRAORE"),
        ("con l'aiuto di N'Golo abbiamo scritto", "N'Golo"),
    ],
)
def test_an_unknown_word_with_a_capital_is_a_name(text: str, name: str) -> None:
    """And takes with it the capitals beside it."""
    assert found(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "va a Torino con la Caritas",
        "abita a Casale Monferrato",
        "il Comune e la Questura dicono di no",
        "un ragazzo Gambiano cerca casa",
        "Quando può lavorare?",
        "Ha il CPI, la DID e lo SPID",
        "la Formazione e l'Orientamento",
        "ha whatsapp e viene dalla Nigeria",
    ],
)
def test_words_of_the_map_and_of_the_language_stay(text: str) -> None:
    """Towns of the network, nationalities, offices, acronyms, the word that begins a sentence."""
    assert found(text) == []


def test_a_text_all_in_capitals_says_nothing_by_its_capitals() -> None:
    """There a name is a word that neither Italian nor the network knows."""
    assert found("IERI OUSMANE HA PERSO IL PERMESSO") == ["OUSMANE"]
    assert found("DIALLO MAMADOU CHIEDE SE PUÒ LAVORARE") == ["DIALLO", "MAMADOU"]
    assert found("HA IL CPI DI TORINO, LA CARITAS E LO SPID") == []


def test_qa_16_capitals_take_no_word_of_the_guides() -> None:
    """Words that the guides write small, and their acronyms, are no names in a text whose capitals
    say nothing; a word they only have as a name is one."""
    spoken = spoken_in(["serve la qualifica di stage con l'UNILAV", "la scheda di Cecchi"])
    text = "CECCHI E OUSMANE: LO STAGE VUOLE LA QUALIFICA E L'UNILAV"
    assert marked(text, strangers(text, NETWORK, spoken)) == ["CECCHI", "OUSMANE"]
    assert "UNILAV" in " ".join(marked(text, strangers(text, NETWORK)))
    small = "unilav è scaduto"
    assert marked(small, strangers(small, NETWORK, spoken)) == []


def test_a_name_in_lower_case_begins_a_sentence_and_does_something() -> None:
    """A word of Italian with a mistake is none, nor one that does nothing."""
    assert found("kadiatou ha perso il permesso") == ["kadiatou"]
    assert found("permeso è scaduto, che cosa deve fare?") == []
    assert found("whatsapp del comune di Torino") == []


def test_two_names_joined_are_two_names() -> None:
    """The first too, though it begins the sentence and may have its capital for that."""
    assert found("Fatima e Omar") == ["Fatima", "Omar"]
    assert found("Marito e Omar") == ["Omar"]


def test_in_another_language_a_sentence_begins_with_a_capital() -> None:
    """Where few words are Italian, the first of a sentence is no name for that."""
    assert found("Where can Ousmane work?") == ["Ousmane"]
    assert found("Which documents does he need?") == []


def test_towns_are_those_of_the_network() -> None:
    """A network that lists no place has no town: a name too many goes, none too few."""
    text = "abita a Monferrato con Ousmane"
    assert marked(text, strangers(text, NETWORK)) == ["Ousmane"]
    assert "Ousmane" in marked(text, strangers(text, NEUTRAL))
