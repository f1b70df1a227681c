"""A thing written in two ways meets itself in the search."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.understand.query import normalise
from index.search.lexical import LexicalIndex, numbers, terms
from index.search.writing import one_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Il C.P.I. di zona", "il CPI di zona"), ("al C.P.I.", "al cpi"), ("C.p.I", "CPI"),
        ("D.L. 100/2026", "dl 100/2026"), ("una S.p.A. italiana", "una spa italiana"),
        ("1.000 euro", "1000 euro"), ("23.147 euro", "23147 euro"), ("1.500.000", "1500000"),
        ("1.000,50 euro", "1000,50 euro"), ("Sono 1.000.", "sono 1000"),
        ("d.lgs. 142/15", "d.lgs. 142/2015"), ("d.lgs. 286/98", "d.lgs. 286/1998"),
        ("legge 7/98", "legge 7/1998"), ("il 12/06/26", "il 12/06/2026"),
        ("una e-mail", "una email"), ("E-Mail", "email"), ("l’e‑mail", "l'email"),
        ("dell’asilo", "dell'asilo"), ("l'iscrizione", "iscrizione"), ("un'e-mail", "email"),
        ("nell'A.S.L.", "ASL"),
    ],
)  # fmt: skip
def test_two_ways_of_writing_are_one(one: str, other: str) -> None:
    """The same terms and numbers, and so the same passage for either."""
    assert sorted(terms(one)) == sorted(terms(other))
    assert numbers(one) == numbers(other)
    index = LexicalIndex.build(["niente di questo", one])
    assert index.top(terms(other), 1)[0].tolist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "art. 1.4.3", "il 30/06", "il 12.06.2026", "9-13/14-17", "24/7", "142/2015", "0.75",
        "192.168.100.200/24", "d.lgs.", "Fine. A dopo", "a-b", "e-s", "3/4/2015", "1.0000",
        "5.000/10.000/20", "numero 12/05/26/3", "",
    ],
)  # fmt: skip
def test_what_is_something_else_stays(text: str) -> None:
    """Paragraphs, days and months, hours, addresses of machines, abbreviations of words."""
    assert one_form(text) == text


def test_an_acronym_of_a_question_is_looked_up_without_stops() -> None:
    """So that it has its expansion, and no correction of a typing error touches it."""
    assert normalise("Che cos'è il C.P.I.?") == "Che cos'è il CPI?"


@settings(deadline=None)  # a busy machine is no fault of it
@given(st.text(alphabet="abE.-/,0123459 '’\n", max_size=40))
def test_one_form_has_one_form(text: str) -> None:
    """Made one, a text does not change any more, and no line break comes or goes."""
    once = one_form(text)
    assert one_form(once) == once
    assert once.count("\n") == text.count("\n")
