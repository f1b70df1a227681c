"""Names of people do not weigh in search; places and words of the guides do."""

from __future__ import annotations

import pytest
from networks import NETWORK

from chatbot.understand.without_names import without_names

KNOWN = frozenset({"caritas", "alba", "rosa"})


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("Il signor Amadou Diallo, gambiano, può lavorare?", "gambiano, può lavorare?"),
        ("per il sig. Samuel Okafor, come si iscrive al CPI?", "come si iscrive al CPI?"),
        ("può aprire il conto? Si chiama Yusuf Ahmadi.", "può aprire il conto?"),
        ("L'utente Olena Kovalenko chiede: lavora?", "L'utente chiede: lavora?"),
        ("il referente della Caritas di Cuneo dove sta?", None),
        ("sono a Torino, dove trovo la questura?", None),
        ("utente di Alba senza residenza", None),
        ("quanto dura il tirocinio?", None),
        ("Il signor Diallo", "Il signor Diallo"),
    ],
)
def test_only_names_leave(text: str, searched: str | None) -> None:
    """With what introduces them; a question that is only a name stays as it is."""
    assert without_names(text, KNOWN, NETWORK) == (text if searched is None else searched)


def test_a_name_that_the_guides_use_stays() -> None:
    """It may be what is asked about."""
    assert without_names("signora Caritas, aiuta?", KNOWN, NETWORK) == "signora Caritas, aiuta?"
