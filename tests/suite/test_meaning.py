"""What a text says, and what it only has the words of."""

from __future__ import annotations

import pytest

from eval.suite.meaning import canonical, contains, denies, matches

SAID = [
    # the condition of a number
    ("si può dopo 60 giorni", "entro 60 giorni", False),
    ("si risponde non prima di 60 giorni", "entro 60 giorni", False),
    ("si risponde non prima di 60 giorni", "prima di 60 giorni", False),
    ("si risponde non prima di 60 giorni", "dopo 60 giorni", True),
    ("entro il termine di 60 giorni", "entro 60 giorni", True),
    ("entro e non oltre 30 giorni", "entro 30 giorni", True),
    ("non meno di 20 ore", "almeno 20 ore", True),
    ("non più di 20 ore", "almeno 20 ore", False),
    ("non più di 20 ore", "al massimo 20 ore", True),
    ("prima del 12 giugno 2026", "dopo il 12 giugno 2026", False),
    # numbers and dates, each with its unit
    ("Può lavorare dopo sessanta giorni.", "dopo 60 giorni", True),
    ("dopo 60 gg", "60 giorni", True),
    ("60 mesi", "60 giorni", False),
    ("160 giorni", "60 giorni", False),
    ("costa € 2.500", "2.500 euro", True),
    ("costa 2.500 euro", "500 euro", False),
    ("il 7,5 per cento", "7 per cento", False),
    ("il 5,2%", "2 per cento", False),
    ("dura un anno", "1 anno", True),
    ("dal 12/06/2026", "12 giugno 2026", True),
    ("vietato dal 1° luglio 2018", "1 luglio 2018", True),
    ("entro sedici anni", "entro 16 anni", True),
    ("risponde in 48h", "48 ore", True),
    ("costa euro 2.500", "2.500 euro", True),
    ("nei sessanta giorni successivi", "entro 60 giorni", True),
    ("nei sessanta giorni successivi", "dopo 60 giorni", False),
    # negation and its scope
    ("Non può lavorare", "può lavorare", False),
    ("Non può lavorare", "non può", True),
    ("non serve la residenza", "la residenza", False),
    ("non serve il visto: basta la ricevuta", "la ricevuta", True),
    ("La ricevuta non scade. Il permesso sì", "il permesso", True),
    ("non sono 60 giorni, ma 90 giorni", "60 giorni", False),
    ("non sono 60 giorni, ma 90 giorni", "90 giorni", True),
    ("senza il passaporto", "passaporto", False),
    ("è un rischio da non correre senza un legale", "legale", True),
    ("non si può lavorare senza il permesso", "il permesso", True),
    ("non serve altro. Senza il passaporto", "il passaporto", False),
    ("nessuna tassa", "tassa", False),
    ("non solo la residenza, anche il domicilio", "la residenza", True),
    ("non può oggi; può lavorare da luglio", "può lavorare", True),
    ("è vietato lavorare in nero", "lavorare in nero", False),
    ("è vietato lavorare in nero", "vietato lavorare in nero", True),
    ("è impossibile il rinnovo", "il rinnovo", False),
    ("non ha diritto al rinnovo", "rinnovo", False),
    ("non è possibile lavorare", "lavorare", False),
    ("non è obbligatoria la residenza", "la residenza", False),
    # who alone, who not, if
    ("vale per tutti, tranne i rifugiati", "i rifugiati", False),
    ("ad eccezione dei minori", "minori", False),
    ("tutti pagano, esclusi i minori", "i minori", False),
    ("paga chi non ha figli", "chi ha figli", False),
    ("paga chi non ha figli", "ha figli", False),
    ("pagano tutti, esclusi quelli con il visto", "il visto", False),
    ("vale per chi ha il permesso", "solo per chi ha il permesso", False),
    ("vale per i minori", "tranne i minori", False),
    ("i minori sono esclusi", "i minori sono esclusi", True),
    ("soltanto in Italia", "solo in Italia", True),
    ("anche in Italia", "solo in Italia", False),
    ("purché abbia la ricevuta", "se abbia la ricevuta", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "phrase", "said"), SAID)
def test_a_fact_is_said_under_its_condition(text: str, phrase: str, said: bool) -> None:
    """Words alone are not enough, and other words for the same number, date or condition are."""
    assert contains(text, phrase) is said, (canonical(text), canonical(phrase))


MATCHED = [
    ("Può lavorare subito.", r"può\s+lavorare", (), True),
    ("Non può lavorare subito.", r"può\s+lavorare", (), False),
    ("NON PUÒ lavorare.", r"non\s+può", (), True),
    ("Vale per tutti, tranne i rifugiati.", "rifugiat", (), False),
    ("Non oggi; può lavorare da luglio.", r"può\s+lavorare", (), True),
    # as the labelled sentence says it
    ("Patente di uno Stato senza accordo", "accordo", ("Senza accordo la patente si rifà.",), True),
    ("Se c'è un accordo si converte", "accordo", ("Senza accordo la patente si rifà.",), False),
    ("entro 60 giorni", r"\b60\s+giorni", ("Va fatta entro 60 giorni.",), True),
    ("nei 60 giorni", r"\b60\s+giorni", ("Va fatta entro 60 giorni.",), True),
    ("dopo 60 giorni", r"\b60\s+giorni", ("Va fatta entro 60 giorni.",), False),
    ("non prima di sessanta giorni", r"sessanta\s+giorni", ("entro sessanta giorni",), False),
    ("dopo 60 giorni", r"\b60\s+giorni", ("Sono 60 giorni.",), True),
    ("entro maggio, prima dell'esame", "esame", ("dopo l'esame",), True),  # no figure
]  # fmt: skip


@pytest.mark.parametrize(("text", "pattern", "model", "said"), MATCHED)
def test_an_expression_has_the_same_meaning(
    text: str, pattern: str, model: tuple[str, ...], said: bool
) -> None:
    """What collections look for is denied, excepted and bound as a fact of a case is."""
    assert matches(text, pattern, model) is said


def test_what_turns_a_match_round_may_be_far_into_a_text() -> None:
    """Only what stands right before it counts, however long the text."""
    assert not matches("parola " * 400 + "non può lavorare", r"lavorare")
    assert matches("non " + "parola " * 400 + "lavorare", r"lavorare")


def test_what_is_denied_is_told_from_what_is_absent() -> None:
    """For the sentence that an evaluator reads."""
    assert denies("non può lavorare", "può lavorare")
    assert not denies("chiedi in Questura", "può lavorare")
    assert not denies("non può oggi; può lavorare da luglio", "può lavorare")


def test_the_canonical_form_is_stable() -> None:
    """Made twice it is the same, whatever marks an author wrote."""
    text = "Entro **sessanta giorni** [1], § non oltre"
    assert canonical(text) == "§within§ 60 giorni , §within§"
