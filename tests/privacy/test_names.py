"""Names after the phrases that introduce them go; words that only look like names stay."""

from __future__ import annotations

import pytest
from marked_text import marked
from networks import NETWORK

from chatbot.privacy.names import is_italian, names, never_a_name
from index.network import NEUTRAL


def found(text: str) -> list[str]:
    return marked(text, names(text, NETWORK))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Il sig. Moussa Traoré chiede il CPI", "Moussa Traoré"),
        ("la signora Blessing Osagie ha il permesso?", "Blessing Osagie"),
        ("dott.ssa Maria Bianchi", "Maria Bianchi"),
        ("Mi chiamo Fatou e cerco casa", "Fatou"),
        ("mi chiamo amina", "amina"),
        ("si chiama Abdou Karim Ndiaye, ha 20 anni", "Abdou Karim Ndiaye"),
        ("il mio nome è Olena Kovalenko", "Olena Kovalenko"),
        ("nome: Ahmed, cognome: Hassan", "Ahmed"),
        ("mio marito Ibrahim lavora", "Ibrahim"),
        ("il beneficiario Lamin Ceesay è nel CAS", "Lamin Ceesay"),
        ("il permesso di Yusuf è scaduto", "Yusuf"),
        ("Cordiali saluti, Giulia Rossi", "Giulia Rossi"),
        ("il signor Ben Salah", "Ben Salah"),
        ("si chiama Ousmane Md. Diallo", "Ousmane Md. Diallo"),
        ("signora N'Diaye", "N'Diaye"),
        ("Chiesto da Anna Rossi", "Anna Rossi"),
        ("segnalato da Mario Bianchi, manca il rinnovo", "Mario Bianchi"),
        ("me l'ha detto Anna Rossi", "Anna Rossi"),
        ("ho parlato con Luca della Caritas", "Luca"),
    ],
)
def test_a_name_that_is_introduced_goes_whole(text: str, name: str) -> None:
    """With first name, surname and the particles between them."""
    assert found(text)[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("chiesto da anna rossi", "anna rossi"),
        ("segnalato da m. bianchi al telefono", "m. bianchi"),
        ("chiesto da kadiatou", "kadiatou"),
        ("a nome di fatou diop", "fatou diop"),
        ("per conto di luca verdi", "luca verdi"),
        ("il sig. rossi non risponde", "rossi"),
        ("lo dice la dott.ssa conti", "conti"),
        ("me l'ha detto paolo", "paolo"),
        ("ha chiamato vera per il rinnovo", "vera"),
        ("la pratica è di anna rossi", "anna rossi"),
        ("CHIESTO DA ANNA ROSSI", "ANNA ROSSI"),
        ("chiesto da Anna R. del CAS", "Anna R."),
    ],
)
def test_qa_16_a_name_in_small_letters_goes_too(text: str, name: str) -> None:
    """After who asked or told, and a first name with its surname anywhere."""
    assert found(text)[0] == name


@pytest.mark.parametrize(
    "text",
    [
        "chiesto da un collega, anche da tutti gli altri",
        "richiesto dal comune e detto dalla questura",
        "parlato con la questura",
        "hanno firmato la privacy, ha firmato digitalmente",
        "la domanda di riacquisto della cittadinanza",
        "la persona chiara e vera, una fontana, i permessi rossi",
        "l'ha chiesto chi abita a Torino",
    ],
)
def test_qa_16_words_in_small_letters_stay(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "il signor presidente del tribunale",
        "la signora della questura ha detto di no",
        "l'utente del CAS può lavorare?",
        "il marito può lavorare?",
        "l'operatore Caritas di Torino",
        "il ragazzo gambiano cerca casa",
        "la donna nigeriana ha il permesso",
        "sono a Cuneo, dove trovo la questura?",
        "chi è il referente CPI?",
        "ha nome e cognome sbagliati",
        "mi chiamo come mio padre",
        "chiesto da Questura di Torino",
        "segnalato da operatori del CAS",
    ],
)
def test_what_follows_and_is_no_name_stays(text: str) -> None:
    """Offices, towns of the network, nationalities and ordinary words."""
    assert found(text) == []


def test_a_text_in_capitals_hides_no_name() -> None:
    """Forms are filled in so: there a capital says nothing, and being no Italian word does."""
    assert found("IL SIGNOR MOUSSA TRAORE CHIEDE IL CPI") == ["MOUSSA TRAORE"]
    assert found("LA SIGNORA DELLA QUESTURA HA DETTO NO") == []


def test_an_acronym_is_a_name_only_after_a_title() -> None:
    """«utente SAI» is in a project; «sig. DIOP» is called so."""
    assert found("l'utente ARCI chiede aiuto") == []
    assert found("il sig. DIOP chiede aiuto") == ["DIOP"]


def test_a_name_ends_where_its_sentence_does() -> None:
    assert found("Si chiama Amadou. Torino è lontana.") == ["Amadou"]


def test_each_network_has_words_of_its_own_that_are_no_names() -> None:
    """«Caritas» is listed by one network; for one that says nothing it may be somebody."""
    assert never_a_name("caritas", NETWORK)
    assert not never_a_name("caritas", NEUTRAL)
    assert never_a_name("senegalese", NEUTRAL)
    assert found("la signora Caritas") == []
    assert marked("la signora Caritas", names("la signora Caritas", NEUTRAL)) == ["Caritas"]


@pytest.mark.parametrize(("word", "italian"), [("casa", True), ("dell'acqua", True),
                                               ("traoré", False)])  # fmt: skip
def test_words_of_the_language_are_told_with_their_article(word: str, italian: bool) -> None:
    assert is_italian(word) is italian
