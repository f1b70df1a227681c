"""The network is data: with other files Bussola serves another territory, other titles of stay and
other laws, and no line of it knows any of them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from folders import GUIDES
from networks import OTHER

from chatbot.bot import Bot
from chatbot.find.addressee import asked_about
from chatbot.find.admit import admit
from chatbot.judge.rules.elsewhere import not_of_here
from chatbot.judge.rules.regime import replies, sides
from chatbot.period import Period
from chatbot.question import Profile, Question
from chatbot.understand.application_date import application_date
from chatbot.understand.beyond import countries_abroad
from chatbot.understand.query import understand
from index.check.rules import check_folder
from index.encode.encoder import Encoder
from index.network import NEUTRAL, from_json, to_json
from index.parse.network_folder import read_network
from index.publish.build import build
from index.publish.publish import rollback
from index.publish.snapshot import Snapshot, load_current

LATER = date(2034, 5, 1)
NETWORK, WRONG = read_network(OTHER)
SEAS, PORTS = NETWORK.reforms  # newest first
WAIT = "dopo quanti giorni il mozzo può pescare?"
LANTERNS = "quante lanterne servono per navigare di notte?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Guides and network of harbours, to be changed."""
    return Path(shutil.copytree(OTHER, tmp_path_factory.mktemp("porti") / "guide"))


@pytest.fixture(scope="module")
def harbours(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, encoder_of_all: Encoder
) -> Path:
    var = tmp_path_factory.mktemp("var")
    build(folder, var, encoder_of_all)
    return var


@pytest.fixture(scope="module")
def other(harbours: Path) -> Snapshot:
    return load_current(harbours)


def test_another_network_is_checked_by_its_own_rules() -> None:
    """Its needs, places, citations and dated numbers; the reviews are overdue, which it minds as
    little as a folder that says nothing."""
    assert WRONG == []
    _, findings = check_folder(OTHER, date(2024, 2, 1))
    assert findings == []


def test_a_number_of_a_reform_without_its_day_is_told(folder: Path) -> None:
    """«10 giorni» beside fishing holds before the law of the harbours alone."""
    text = (folder / "schede/licenza-di-pesca.md").read_text("utf-8")
    (folder / "schede/breve.md").write_text(
        text.replace("prima del 1 marzo 2031 il mozzo", "il mozzo"), encoding="utf-8"
    )
    _, findings = check_folder(folder, date(2024, 2, 1))
    (folder / "schede/breve.md").unlink()
    assert [(f.path, f.rule) for f in findings] == [
        ("schede/breve.md", "reform"),
        ("schede/licenza-di-pesca.md", "copy"),
    ]
    assert "le richieste fatte prima del 1 marzo 2031" in findings[0].message


def test_it_is_published_inside_the_snapshot(other: Snapshot) -> None:
    assert other.network.name == "Capitanerie della Borealia"
    assert other.network.digest == NETWORK.digest
    assert [reform.day.year for reform in other.network.reforms] == [2033, 2031]
    assert from_json(to_json(NETWORK)).title_of.keys() == NETWORK.title_of.keys()


@pytest.mark.parametrize(("question", "reform"), [(WAIT, PORTS), (LANTERNS, SEAS)])
def test_it_asks_back_by_the_reform_that_the_answer_hangs_on(
    encoder_of_all: Encoder, other: Snapshot, question: str, reform: object
) -> None:
    """Two laws of different days: each question is asked the day of its own."""
    bot = Bot(encoder_of_all)
    certain = replace(bot.weights, numbers={**bot.weights.numbers, "answer": 0.0})
    answer = Bot(encoder_of_all, certain).reply(Question(question), other)
    day = reform.in_guides.day  # type: ignore[attr-defined]
    assert answer.outcome == "clarify"
    assert day in answer.answer
    assert [reply.application_date for reply in answer.quick_replies] == [
        Period.before(reform.day),  # type: ignore[attr-defined]
        Period.since(reform.day),  # type: ignore[attr-defined]
    ]


def test_with_the_date_the_rule_of_that_side_is_said(
    encoder_of_all: Encoder, other: Snapshot
) -> None:
    bot = Bot(encoder_of_all)
    certain = replace(bot.weights, numbers={**bot.weights.numbers, "answer": 0.0})
    profile = Profile(application_date=Period.before(PORTS.day))
    answer = Bot(encoder_of_all, certain).reply(Question(WAIT, profile=profile), other)
    assert "10 giorni" in answer.answer
    assert "30 giorni" not in answer.answer


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("la richiesta di licenza del 2 aprile 2031", "2031-04-02"),
        ("ha chiesto la licenza prima della legge dei porti", "../2031-02-28"),
        ("ha chiesto la licenza dopo la legge dei mari", "2033-09-15/.."),
        ("richiesta di licenza fatta prima di maggio 2032", "../2033-09-14"),
        ("ha chiesto asilo a maggio 2032", "None"),
    ],
)
def test_dates_are_read_beside_the_words_of_its_applications(text: str, written: str) -> None:
    assert str(application_date(text, LATER, NETWORK)) == written


def test_a_day_between_two_reforms_is_since_one_and_before_the_other() -> None:
    day = Period.of(2032, 5, 1)
    assert (day.side(PORTS.day), day.side(SEAS.day)) == ("since", "before")


def test_buttons_are_in_the_language_asked_or_in_italian() -> None:
    assert [reply.label for reply in replies(PORTS, "en")] == ["Before", "Since"]
    assert [reply.label for reply in replies(SEAS, "en")] == ["Prima dei mari", "Con i mari"]


def test_titles_and_places_are_its_own(encoder_of_all: Encoder, other: Snapshot) -> None:
    """A ship's boy is no boatswain; the services of another harbour are not shown."""
    reference = Bot(encoder_of_all).prepare(other).reference
    query = understand(Question("un mozzo a Portalto dove ripara le reti?"), reference)
    assert asked_about(query, other.network) == {"mozzo"}
    allowed = admit(query, other)
    shown = {p.guide for p in other.passages if allowed(p)}
    assert "capitaneria-portalto" in shown
    assert "capitaneria-portabasso" not in shown
    unknown = understand(Question("un richiedente asilo a Torino può pescare?"), reference)
    assert asked_about(unknown, other.network) == frozenset()


def test_a_question_about_elsewhere_is_by_its_own_list() -> None:
    assert countries_abroad("si pesca in Atlantide?", NETWORK) == {"atlantide"}
    assert countries_abroad("si pesca in Germania?", NETWORK) == frozenset()
    assert countries_abroad("si pesca in Atlantide?", NEUTRAL) == frozenset()
    assert not_of_here(frozenset({"atlantide"}), [], NETWORK)


def test_a_law_is_published_and_rolled_back_like_a_guide(
    folder: Path, harbours: Path, encoder_of_all: Encoder
) -> None:
    """A change of the network alone makes another snapshot, and the old one comes back whole."""
    laws = folder / "rete/riforme.yaml"
    before = laws.read_text("utf-8")
    laws.write_text(before.replace("2033-09-15", "2035-01-01"), encoding="utf-8")
    build(folder, harbours, encoder_of_all)
    laws.write_text(before, encoding="utf-8")
    assert load_current(harbours).network.reforms[0].day == date(2035, 1, 1)
    rollback(harbours)
    assert load_current(harbours).network.reforms[0].day == SEAS.day


def test_the_guides_say_the_rules_of_their_own_reforms() -> None:
    """What is in the files of the network is what the guides write: some sentence states a rule on
    each side of each of its days."""
    network, _ = read_network(GUIDES)
    guides, _ = check_folder(GUIDES)
    for reform in network.reforms:
        units = (unit for guide in guides for section in guide.sections for unit in section.units)
        assert {side for unit in units for side in sides(unit, reform)} == {"before", "since"}
