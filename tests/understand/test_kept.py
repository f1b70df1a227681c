"""«E la carta d'identità?» keeps «quanto costa» of the turn before; a new subject keeps nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from folders import DATA
from networks import NETWORK

from chatbot.bot import Bot
from chatbot.question import Question, Turn
from chatbot.understand.kept import MOST_WORDS, kept_question
from chatbot.understand.query import understand
from chatbot.words.forms import expected
from chatbot.words.pack import LANGUAGES
from index.publish.snapshot import Snapshot

PAIRS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "kept.jsonl").read_text("utf-8").splitlines()
]
READ = {"it", "en", "fr", "es"}  # languages whose kinds of answer are read


def named(pair: dict[str, Any]) -> str:
    return f"{pair['lang']}: {pair['turns'][1]}"


def marked(pair: dict[str, Any]) -> Any:
    missed = [pytest.mark.xfail(strict=True, reason=pair["missed"])] if "missed" in pair else []
    return pytest.param(pair, id=named(pair), marks=missed)


def test_the_pairs_are_of_every_language_and_half_are_new_subjects() -> None:
    """A pair that keeps the question, and one that does not, in each."""
    assert len(PAIRS) >= 40
    assert {(p["lang"], bool(p["asked"])) for p in PAIRS} == {
        (language, kept) for language in LANGUAGES for kept in (True, False)
    }
    kept = sum(bool(pair["asked"]) for pair in PAIRS)
    assert abs(2 * kept - len(PAIRS)) <= 2


@pytest.mark.parametrize("pair", [marked(pair) for pair in PAIRS])
def test_what_is_searched(bot: Bot, snapshot: Snapshot, pair: dict[str, Any]) -> None:
    """The former question of the new thing; or the turn alone, where that is a new subject.
    `missed`: what was learnt of turns (`follows`) takes it for one that goes on."""
    before, text = pair["turns"]
    prepared = bot.prepare(snapshot)
    question = Question(text, pair["lang"], (Turn("user", before),))
    query = understand(question, prepared.reference, prepared.follows)
    assert query.shown == pair["asked"]
    assert query.goes_on is bool(pair["asked"])
    if query.goes_on:
        assert query.text.startswith(pair["asked"])
        (asks,) = query.asks
        assert query.text.endswith(asks)
        assert query.latest == pair["asked"]


@pytest.mark.parametrize("pair", [p for p in PAIRS if p["asked"] and p["lang"] in READ], ids=named)
def test_the_kind_of_answer_stays(pair: dict[str, Any]) -> None:
    """How much stays how much, which papers stays which papers."""
    kinds = expected(pair["turns"][0])
    assert expected(pair["asked"]) == kinds


@pytest.mark.parametrize("pair", [p for p in PAIRS if not p["asked"]], ids=named)
def test_nothing_is_made_of_a_new_subject(pair: dict[str, Any]) -> None:
    """Whatever was learnt of turns: by how it is made alone."""
    assert kept_question(*pair["turns"], NETWORK) == ""


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("quanto costa il permesso?", "e il rinnovo?"),
        ("quanto costa il permesso?", "e i documenti?"),
        ("quanto costa il permesso di due anni?", "e di uno?"),
        ("quanto costa la mensa?", "e la paga il comune?"),
        ("quanto costa il corso?", "e lo paga lui?"),
        ("quanto costa il corso?", "e quello da pizzaiolo?"),
        ("quanto costa il corso?", "e il sabato?"),
        ("quanto costa il corso?", "e il mio?"),
        ("quanto costa il corso che devo fare?", "e la patente?"),
        ("dove trovo un avvocato gratis a Torino?", "e a Cuneo?"),
        ("quanto costa la visita?", "e il marito?"),
        ("quanto costa la visita?", "e i sussidiari?"),
        ("quanto costa la visita?", "e per i bambini come si fa?"),
        ("può un rifugiato lavorare?", "e la patente?"),
        ("la banca gli ha rifiutato il conto", "e la tessera sanitaria?"),
        ("quanto costa il permesso?", "e la carta d'identità? e il passaporto?"),
        ("quanto costa il permesso?", "and the identity card?"),
        ("quanto costa il permesso?", "e la" + " nuova" * MOST_WORDS + " tessera?"),
        ("quanto costa il permesso?", "e"),
        ("", "e la tessera sanitaria?"),
        ("???", "e la tessera sanitaria?"),
    ],
)
def test_what_names_no_other_thing_is_left_to_the_rest(topic: str, text: str) -> None:
    """An act on the same thing, a clause, a time, a pronoun, a place, somebody else, a turn in
    another language; or nothing before it that could be asked of the thing."""
    assert kept_question(topic, text, NETWORK) == ""


@pytest.mark.parametrize(
    ("topic", "text", "asked"),
    [
        (
            "quanto costa il permesso, se uno è minorenne?",
            "e il passaporto?",
            "quanto costa il passaporto, se uno è minorenne?",
        ),
        (
            "quanto costa il permesso per un minore?",
            "e la carta d'identità?",
            "quanto costa la carta d'identità per un minore?",
        ),
        (
            "quanto costa la tessera per il figlio?",
            "e per mia moglie?",
            "quanto costa la tessera per mia moglie?",
        ),
        (
            "può un rifugiato aprire un conto?",
            "e un libretto?",
            "può un rifugiato aprire un libretto?",
        ),
        ("how much does a passport cost?", "and the work contract?",
         "how much does the work contract cost?"),
        ("quanto costa?", "e l’ISEE?", "quanto costa l'ISEE?"),
        ("di quali documenti si parla nel contratto?", "e la busta paga?",
         "di quali documenti si parla nella busta paga?"),
    ],
)  # fmt: skip
def test_circumstances_stay(topic: str, text: str, asked: str) -> None:
    """Conditions, people, subjects; a preposition is written with the article of the new thing."""
    assert kept_question(topic, text, NETWORK) == asked


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        (
            ("quanto dura il tirocinio?", "e il codice STP?", "e la tessera sanitaria?"),
            "quanto dura la tessera sanitaria?",
        ),
        (
            ("quanto costa il rinnovo del permesso?", "e la carta d'identità?", "e per il figlio?"),
            "quanto costa la carta d'identità per il figlio?",
        ),
    ],
)
def test_a_turn_after_such_a_turn_keeps_the_question_too(
    bot: Bot, snapshot: Snapshot, turns: tuple[str, ...], asked: str
) -> None:
    """Three turns: each changes something of what the one before has come to ask."""
    prepared = bot.prepare(snapshot)
    history = tuple(Turn("user", text) for text in turns[:-1])
    query = understand(Question(turns[-1], "it", history), prepared.reference, prepared.follows)
    assert query.shown == asked
