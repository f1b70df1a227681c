"""Where a person lives and when they were born go; streets that are none and other days stay."""

from __future__ import annotations

import pytest
from marked_text import marked

from chatbot.privacy.places import addresses, birth_dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("nato il 12/03/1990 in Gambia", "12/03/1990"),
        ("è nata a Dakar il 3 aprile 1988", "3 aprile 1988"),
        ("data di nascita: 1990-03-12", "1990-03-12"),
        ("nato nel 1995", "1995"),
        ("classe 1987, cerca lavoro", "1987"),
        ("il suo compleanno è il 5 maggio", "5 maggio"),
        ("nata il primo gennaio 2001", "primo gennaio 2001"),
    ],
)
def test_a_day_of_birth_is_found(text: str, day: str) -> None:
    """In figures, in words, the year alone."""
    assert marked(text, birth_dates(text)) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "permesso scaduto il 12/03/2026",
        "ha chiesto asilo il 3 giugno 2026",
        "il bambino è nato dopo la domanda del 3 giugno 2026",
        "nato in Gambia, arrivato il 3 maggio 2024",
        "la legge è nata con la riforma del 7 aprile 2017",
        "dal 12 giugno 2026 vale la riforma",
    ],
)
def test_other_days_stay(text: str) -> None:
    """Of a permit, an application, an arrival, a law: without them no question is understood."""
    assert marked(text, birth_dates(text)) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("abita in via Roma 12, Torino", "via Roma 12, Torino"),
        ("corso Giulio Cesare 145/bis", "corso Giulio Cesare 145/bis"),
        ("in P.zza della Repubblica n. 3", "P.zza della Repubblica n. 3"),
        ("sta in Strada San Mauro 7 int. 4", "Strada San Mauro 7 int. 4"),
        ("vive in via Nizza", "via Nizza"),
        ("residente in frazione Tetti Rolle", "frazione Tetti Rolle"),
    ],
)
def test_where_a_person_lives_is_found(text: str, address: str) -> None:
    """With the number, the flat and the town; without a number where somebody is said to live."""
    assert marked(text, addresses(text)) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "si manda via PEC 30 giorni prima",
        "corso di italiano di 40 ore",
        "in via d'urgenza entro 3 giorni",
        "lo sportello di via Roma",
        "una strada sbagliata",
        "il corso HACCP 8 ore",
        "da piazza a piazza",
    ],
)
def test_what_only_looks_like_a_street_stays(text: str) -> None:
    """Ways of sending, courses, and streets where nobody is said to live."""
    assert marked(text, addresses(text)) == []
