"""How a question and a passage match: each sign tells what it says, and no stranger moves it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from guide_texts import EMERGENCY, GLOSSARY, SCRIPT, SERVICE, SHEET, guide, with_questions
from made_snapshots import NUMBERS, matches_for, sheet_of, snapshot_of

from chatbot.find.match import SIGNS, Match, covered
from index.guide import Guide
from index.network import Network, Title
from index.search.lexical import terms

# what hangs on how rare words are, and on what all tokens have in common
OF_ALL = ("words", "words_asked", "late", "late_unit")
NEARLY = 0.02  # how far a guide more or less, among forty, may move those
RARER = 0.05  # and a word of the question, in three guides instead of two
EXACT = 1e-6  # what the order of a sum of floats may change

INTERNSHIP = sheet_of(
    "tirocinio",
    "Tirocinio",
    "## Quanto dura? {#durata}\n\nIl tirocinio dura al massimo sei mesi. Si proroga una volta.\n\n"
    "## È pagato? {#paga}\n\nSì, il tirocinante riceve 600 euro al mese.\n",
)
HOUSE = sheet_of(
    "casa", "Casa", "## Come si cerca? {#cerca}\n\nLa casa si cerca con il Comune di Asti.\n"
)
QUESTIONS = ("Quanto dura il tirocinio?", "Sono di Asti. Il tirocinante è pagato? E quanti mesi?")


def many(count: int) -> list[Guide]:
    """Guides on as many things, so that one more is one among many."""
    words = [
        "banca",
        "medico",
        "scuola",
        "patente",
        "bonus",
        "mensa",
        "sindacato",
        "contratto",
        "figlio",
        "visita",
    ]
    return [
        sheet_of(
            f"guida-{n}",
            f"Guida {n}",
            f"## Che cosa serve? {{#serve}}\n\nPer {words[n % 10]} e {words[n // 10 % 10]} si va "
            f"allo sportello {n}. Poi si chiede il modulo della {words[(n * 7 + 3) % 10]}.\n",
        )
        for n in range(count)
    ]


def signs(match: Match, *names: str, asked: int = 0) -> list[float]:
    return [float(match.signs[asked, SIGNS.index(name)]) for name in names]


def sign(text: str, guides: Sequence[Guide], passage: str, name: str) -> float:
    _, found = matches_for(text, snapshot_of(guides))
    return signs(found[passage], name)[0]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_stranger_moves_no_sign(text: str) -> None:
    """The same question over the same guides and one more, on another thing: every sign of every
    passage is the same, but for how rare words are and what all tokens have in common,
    which one guide among many moves by next to nothing."""
    known = [INTERNSHIP, HOUSE, *many(40)]
    stranger = sheet_of("altro", "Patente", "## Si converte? {#c}\n\nNo, la patente si rifà.\n")
    _, before = matches_for(text, snapshot_of(known))
    _, after = matches_for(text, snapshot_of([*known, stranger]))
    assert set(before) <= set(after)
    exact = [n for n, name in enumerate(SIGNS) if name not in OF_ALL]
    nearly = [SIGNS.index(name) for name in OF_ALL]
    for name, match in before.items():
        assert np.allclose(match.signs[:, exact], after[name].signs[:, exact], atol=EXACT), name
        assert np.allclose(match.units, after[name].units, atol=EXACT), name
        moved = np.abs(match.signs[:, nearly] - after[name].signs[:, nearly])
        assert moved.max() < NEARLY, (name, moved)


def test_a_word_changed_in_another_guide_hardly_moves_a_sign() -> None:
    """An edit that brings words of the question into another guide leaves the signs of the others,
    but for how rare those words are."""
    others = many(40)
    edited = [*others[1:], sheet_of("guida-0", "Guida 0", "## Chi? {#c}\n\nIl tirocinio, anche.\n")]
    _, before = matches_for(QUESTIONS[0], snapshot_of([INTERNSHIP, *others]))
    _, after = matches_for(QUESTIONS[0], snapshot_of([INTERNSHIP, *edited]))
    for anchor in ("durata", "paga"):
        name = f"tirocinio#{anchor}:0"
        moved = np.abs(before[name].signs - after[name].signs)
        by_name = dict(zip(SIGNS, moved.max(axis=0).tolist(), strict=True))
        assert max(by_name[one] for one in OF_ALL) < RARER, by_name
        assert max(by_name[one] for one in SIGNS if one not in OF_ALL) < EXACT, by_name


def test_a_row_for_each_thing_asked_and_a_column_for_each_sign() -> None:
    """And of each unit its cosines with the whole and with each thing asked."""
    query, found = matches_for(QUESTIONS[1], snapshot_of([INTERNSHIP, HOUSE]))
    match = found["tirocinio#durata:0"]
    assert match.signs.shape == (len(query.asks), len(SIGNS))
    assert match.units.shape == (2, 1 + len(query.asks))


def test_what_is_told_weighs_in_the_whole_and_not_in_what_is_asked() -> None:
    """The story names Asti and the house; the question asks of the internship."""
    text = (
        "Abito in una casa del Comune di Asti con la mia famiglia da due anni. "
        "Il tirocinante è pagato per il tirocinio?"
    )
    query, found = matches_for(text, snapshot_of([INTERNSHIP, HOUSE]))
    assert len(query.asks) == 1
    house, pay = found["casa#cerca:0"], found["tirocinio#paga:0"]
    assert signs(house, "words")[0] > signs(house, "words_asked")[0] == 0
    assert signs(pay, "dense_asked")[0] > signs(house, "dense_asked")[0]
    assert signs(pay, "words_asked")[0] > signs(pay, "words")[0]


def test_the_form_of_answer_asked_for_is_seen() -> None:
    """A duration is in one section, an amount in the other."""
    guides = [INTERNSHIP, HOUSE]
    _, found = matches_for("Quanti euro al mese? Quanto costa?", snapshot_of(guides))
    assert signs(found["tirocinio#paga:0"], "form") == [1.0]
    assert signs(found["casa#cerca:0"], "form") == [0.0]
    assert sign("Quanto dura il tirocinio?", guides, "tirocinio#durata:0", "form") == 1.0
    assert sign("Chi cerca la casa?", guides, "tirocinio#durata:0", "form") == 0.0


def test_all_the_forms_asked_for_are_needed() -> None:
    """An address alone does not answer who asks for address and telephone."""
    body = "## Dove? {#dove}\n\nLo sportello casa è in via Bologna 153.\n\n"
    body += "## Contatti {#contatti}\n\nLo sportello casa: via Bologna 153, telefono 011 534854.\n"
    guides = [sheet_of("sportello", "Sportello", body)]
    both = "Mi serve l'indirizzo e il telefono dello sportello casa"
    assert sign(both, guides, "sportello#contatti:0", "form") == 1.0
    assert sign(both, guides, "sportello#dove:0", "form") == 0.0
    assert sign("Che cos'è lo sportello casa?", guides, "sportello#contatti:0", "form") == 0.0


def test_numbers_asked_about_are_looked_for() -> None:
    """As a part of those that the question has."""
    guides = [INTERNSHIP, HOUSE]
    text = "Il tirocinante riceve 600 euro per 3 mesi?"
    assert sign(text, guides, "tirocinio#paga:0", "numbers") == 0.5
    assert sign(text, guides, "casa#cerca:0", "numbers") == 0.0
    assert sign("Il tirocinante riceve soldi?", guides, "tirocinio#paga:0", "numbers") == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il tirocinante è pagato?", [1.0, 0.0]),
        ("Quando è pagato il tirocinante?", [0.0, 1.0]),
        ("paga tirocinante", [0.0, 0.0]),
        ("Is the trainee paid for the work at the company?", [0.0, 0.0]),
    ],
)
def test_a_passage_that_says_yes_gains_with_who_asks_whether(
    text: str, expected: list[float]
) -> None:
    """What begins with «Sì» is an answer where that is asked, and none where a date is; where the
    form of the question does not tell, or in another language, nothing is told."""
    _, found = matches_for(text, snapshot_of([INTERNSHIP, HOUSE]))
    assert signs(found["tirocinio#paga:0"], "yes_no", "yes_no_unasked") == expected
    assert signs(found["casa#cerca:0"], "yes_no", "yes_no_unasked") == [0.0, 0.0]


LED = guide(
    with_questions(
        "  paga: [quanti soldi prende chi fa lo stage?]\n",
        "# Prova\n\n## La paga {#paga}\n\nIl tirocinante riceve un'indennità.\n",
    )
)


def test_a_question_asked_word_for_word_leads_to_its_section() -> None:
    """As an editor wrote it: what leads there is nearer than the passage, and told as literal."""
    _, found = matches_for("Quanti soldi prende chi fa lo stage?", snapshot_of([LED, HOUSE]))
    match = found["prova#paga:0"]
    (led, literal) = signs(match, "led", "literal")
    assert led > 0
    assert literal == pytest.approx(1 - NUMBERS["literal_from"], abs=1e-4)
    assert signs(found["casa#cerca:0"], "literal") == [0.0]


def test_words_shared_by_chance_with_another_language_count_nothing() -> None:
    """«Casa» is Spanish too."""
    text = "¿Cómo puedo buscar una casa para mi familia en esta ciudad?"
    query, found = matches_for(text, snapshot_of([INTERNSHIP, HOUSE]))
    assert query.language == "es"
    assert signs(found["casa#cerca:0"], "words", "words_asked") == [0.0, 0.0]


TERMS = guide(
    GLOSSARY + "# Prova\n\nLe parole.\n\n## Pocket money {#pocket}\n\n**Denaro per le piccole "
    "spese.** Lo dà il centro ogni settimana.\n",
    "glossario.md",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("che vuol dire pocket money?", [0.0, 0.0, 1.0]),
        ("quanti euro sono di pocket money al centro?", [1.0, 1.0, 0.0]),
        ("quanti euro danno al centro ogni settimana?", [1.0, 0.0, 0.0]),
    ],
)
def test_the_glossary_is_for_who_asks_what_a_word_means(text: str, expected: list[float]) -> None:
    """Who uses the word in another question is told apart from who does not use it."""
    _, found = matches_for(text, snapshot_of([TERMS, INTERNSHIP]))
    names = ("term", "term_used", "defines")
    assert signs(found["glossario#pocket:0"], *names) == expected
    assert signs(found["tirocinio#paga:0"], *names) == [0.0, 0.0, 0.0]


def test_each_kind_of_passage_is_known() -> None:
    """Steps of scripts, contacts of services, emergency cards, the words under a title."""
    guides = [
        guide(SCRIPT + "# Prova\n\nIl colloquio.\n\n## Passo: a {#a}\n\nChiedi. **Fine.**\n",
              "copioni/copione.md"),
        guide(SERVICE.replace("per_chi", 'contatti:\n  telefono: "011 123456"\nper_chi')
              + "# Prova\n\nUno sportello per il colloquio.\n", "servizi/servizio.md"),
        guide(EMERGENCY + "# Prova\n\n## Subito {#subito}\n\nChiama per un colloquio.\n",
              "emergenze/carta.md"),
        guide(SHEET + "# Prova\n\nIl colloquio.\n\n## Quando? {#quando}\n\nDomani.\n"),
    ]  # fmt: skip
    _, found = matches_for("Com'è il colloquio allo sportello?", snapshot_of(guides))
    names = ("step", "contact", "emergency", "opening")
    told = {passage: signs(match, *names) for passage, match in found.items()}
    assert told["copione#a:0"] == [1.0, 0.0, 0.0, 0.0]
    assert told["servizio#contatti:0"] == [0.0, 1.0, 0.0, 0.0]
    assert told["carta#subito:0"] == [0.0, 0.0, 1.0, 0.0]
    assert told["prova#quando:0"] == [0.0, 0.0, 0.0, 0.0]
    assert told["prova#prova:0"] == [0.0, 0.0, 0.0, 1.0]


NETWORK = Network(
    titles=(
        Title("richiedente", "richiedente asilo", phrases={"it": ("richiedent(e|i)",)},
              excludes_others=True),
        Title("rifugiato", "rifugiato", phrases={"it": ("rifugiat(o|i)",)}, excludes_others=True),
    )
)  # fmt: skip


def test_what_is_for_other_people_is_told() -> None:
    """By the title of stay in its heading; not where the question names nobody."""
    body = (
        "## Un rifugiato lavora? {#rif}\n\nSì, lavora.\n\n"
        "## Un richiedente lavora? {#ric}\n\nSì, lavora.\n"
    )
    snapshot = snapshot_of([sheet_of("lavoro", "Lavoro", body)], NETWORK)
    for text, expected in (
        ("Il richiedente lavora?", {"lavoro#rif:0": 1.0, "lavoro#ric:0": 0.0}),
        ("Il rifugiato lavora?", {"lavoro#rif:0": 0.0, "lavoro#ric:0": 1.0}),
        ("Il minore lavora?", {"lavoro#rif:0": 0.0, "lavoro#ric:0": 0.0}),
    ):
        _, found = matches_for(text, snapshot)
        assert {name: signs(m, "others")[0] for name, m in found.items()} == expected


def test_covered_is_a_part_of_the_telling_words() -> None:
    """Each counts by how telling it is; of nothing, nothing."""
    (house, town) = terms("casa Asti")
    assert covered({house: 3.0, town: 1.0}, frozenset(terms("La casa è bella"))) == 0.75
    assert covered({}, frozenset(terms("La casa"))) == 0.0
