"""A question that asks for a yes or a no is told from others, and so is the text that gives one."""

from __future__ import annotations

import pytest

from chatbot.words.yes_no import after_whether, asks_whether, says_whether


@pytest.mark.parametrize(
    "question",
    [
        "Può lavorare subito?",
        "e non può firmare?",
        "gli serve il passaporto?",
        "C'è un limite di età?",
        "Un rifugiato ha diritto alla casa popolare?",
        "Se non ha la residenza, può aprire un conto?",
        "Nell'ambito del tirocinio, è previsto un rimborso?",
        "Ha 17 anni. Può fare l'apprendista?",
        "Sono previsti aiuti come, ad esempio, il bonus affitto?",
        "può lavorare quando ha la ricevuta?",
        "senza diploma, vale la dichiarazione",
    ],
)
def test_yes_or_no_is_asked_for(question: str) -> None:
    """Whatever stands before the verb, and without a question mark too."""
    assert asks_whether(question) is True


@pytest.mark.parametrize(
    "question",
    [
        "Quando può lavorare?",
        "e a chi si rivolge?",
        "Entro quanto tempo si fa ricorso?",
        "Ha perso il permesso. Dove lo rifà?",
        "Se non ha la residenza, come si iscrive?",
        "Cos'è il PTPC? Serve a tutti?",
        "Dov'è la questura?",
        "perchè non lo iscrivono?",
        "un minore solo quante ore lavora",
        "la questura in che giorni riceve",
    ],
)
def test_something_else_is_asked_for(question: str) -> None:
    """Of two questions, one for something else is enough: a «Sì» alone answers neither."""
    assert asks_whether(question) is False


@pytest.mark.parametrize("question", ["", "costo tessera sanitaria", "tirocinio e contratto"])
def test_what_the_form_does_not_tell_is_not_guessed(question: str) -> None:
    """Neither yes nor no is expected of it."""
    assert asks_whether(question) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Sì, da subito.", True),
        ("Sì.", True),
        ("«No: serve il permesso.»", True),
        ("si, con la ricevuta", True),
        ("Sì per due pratiche: il permesso e la cittadinanza.", True),
        ("Di regola no: decide la banca.", True),
        ("In banca sì: è la legge.", True),
        ("Prima di dire di no, chiedi.", False),
        ("Puoi dire di no.", False),
        ("No\nServe il permesso.", True),
        ("Non può lavorare.", False),
        ("Si presenta alla questura.", False),
        ("Nove mesi.", False),
        ("", False),
    ],
)
def test_a_text_begins_with_yes_or_no(text: str, says: bool) -> None:
    """A reflexive «si» is none, nor a «no» in the middle."""
    assert says_whether(text) is says


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Sì, da subito.", "da subito."),
        ("No: serve il permesso.", "serve il permesso."),
        ("In banca sì: è la legge.", "è la legge."),
        ("Si presenta alla questura.", "Si presenta alla questura."),
        ("Sì.", ""),
    ],
)
def test_what_follows_a_yes_or_a_no(text: str, left: str) -> None:
    """Whom a sentence speaks of stands after it."""
    assert after_whether(text) == left
