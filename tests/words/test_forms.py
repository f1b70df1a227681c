"""What kind of answer a question asks for, and whether a text has its form."""

import pytest

from chatbot.words.forms import expected, holds, strict_kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("quanto costa il rilascio del permesso?", {"amount"}),
        ("quanto dura il tirocinio", {"duration"}),
        ("entro quanti giorni si fa ricorso?", {"duration"}),
        ("fino a che età si può fare l'apprendistato?", {"age"}),
        ("indirizzo e tel del cpi di Cuneo?", {"address", "phone"}),
        ("orari dello sportello", {"hours"}),
        ("How much does it cost?", {"amount"}),
        ("Wie lange gilt die Erlaubnis?", set()),  # no language that questions are asked in
        ("Un richiedente asilo può già lavorare?", set()),
        ("come si iscrive al CPI", set()),
    ],
)
def test_what_must_be_in_the_answer(question: str, kinds: set[str]) -> None:
    """Amounts, durations, ages, hours and contacts are told from other questions."""
    assert strict_kinds(question) == kinds


def test_softer_kinds_are_told_too() -> None:
    """Yes or no, documents, meaning: kinds that no form of words settles."""
    assert "yes_no" in expected("Un richiedente asilo può già lavorare?")
    assert "documents" in expected("che documenti servono per la residenza?")
    assert "definition" in expected("cos'è la DID?")


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        ("amount", "Il contributo è di 40 euro.", True),
        ("amount", "L'iscrizione è gratuita.", True),
        ("amount", "La domanda si presenta in questura.", False),
        ("duration", "Il tirocinio dura al massimo sei mesi.", True),
        ("duration", "Dopo 60 giorni dalla domanda.", True),
        ("duration", "Il tirocinio ha un progetto formativo.", False),
        ("phone", "Telefono: 011 534854", True),
        ("phone", "Art. 22, comma 1", False),
        ("address", "Lo sportello è in via Bologna 153.", True),
        ("hours", "Il martedì dalle 9:00 alle 12:00.", True),
        ("email", "scrivi a posta@example.org", True),
        ("email", "scrivi una lettera", False),
    ],
)  # fmt: skip
def test_the_form_of_an_answer(kind: str, text: str, held: bool) -> None:
    """A text without the form of what was asked is told from one that has it."""
    assert holds(kind, text) is held
