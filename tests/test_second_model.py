"""With an encoder that the weights were not fitted on: health says so, and dangers are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from small import small_folder
from structlog.testing import capture_logs
from tiny_model import tiny_model

from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.library import Library
from chatbot.question import Question
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.encode.model import ensure_model
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current
from index.search.lexical import words
from server import create_app

CALM = (
    "Come si apre un conto di base?",
    "Dove si chiede il codice fiscale?",
    "Il marito lavora e la moglie cerca un corso di italiano?",
    "How do I open a bank account?",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`guides/`, a checkpoint of random weights that knows their words in `tiny/`, and in `var/`
    what is made of both."""
    folder = tmp_path_factory.mktemp("second")
    guides = small_folder(folder / "guides")
    known = {word for path in guides.rglob("*.md") for word in words(path.read_text("utf-8"))}
    tiny_model(folder / "tiny", sorted(known))
    build(guides, folder / "var", encoder_in(folder))
    return folder


def encoder_in(folder: Path) -> Encoder:
    return Encoder.load(ensure_model(folder / "var/models", str(folder / "tiny")), threads=1)


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    """The server as it starts from the settings alone."""
    settings = Settings(
        guides=folder / "guides", var=folder / "var", model=str(folder / "tiny"), reload_seconds=60
    )
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture(scope="module")
def snapshot(folder: Path) -> Snapshot:
    return load_current(folder / "var")


@pytest.fixture(scope="module")
def bot(folder: Path) -> Bot:
    return Bot(encoder_in(folder))


def test_health_says_what_is_worse_and_what_to_run(client: TestClient) -> None:
    """Which model it is, that the weights are another's, what that means for dangers."""
    health = client.get("/api/health").json()
    assert (health["status"], health["weights"]) == ("degraded", "degraded")
    assert health["model"]["name"].endswith("tiny")
    assert "pericolo" in health["detail"]
    assert "bussola eval fit-danger --write" in health["detail"]


def test_the_start_says_it_too(folder: Path, bot: Bot, snapshot: Snapshot) -> None:
    """In the log, once; nothing of the kind is said of weights that fit."""
    with capture_logs() as told:
        Library(folder / "var", bot, snapshot)
    assert [(line["event"], line["log_level"]) for line in told] == [
        ("weights_of_another_model", "warning")
    ]


@pytest.mark.parametrize("before", ["", "Scusa, una cosa. ", "Devo chiederti del conto: "])
def test_a_danger_said_with_the_words_of_the_cards_is_told(
    bot: Bot, snapshot: Snapshot, before: str
) -> None:
    """Every signal of every card of danger brings that card first, with its numbers."""
    cards = [guide for guide in snapshot.guides.values() if guide.kind == "emergenza"]
    assert cards
    for card in cards:
        for signal in card.signals:
            answer = bot.reply(Question(f"{before}{signal}"), snapshot)
            assert answer.outcome == "emergency", signal
            assert card.slug in {citation.guide for citation in answer.citations}
            assert all(number.number in answer.answer for number in card.numbers)


def test_a_danger_is_told_through_the_server_too(client: TestClient) -> None:
    """As whoever asks would see it."""
    told = client.post("/api/chat", json={"question": "il marito la picchia"}).json()
    assert told["outcome"] == "emergency"
    assert "1522" in told["answer"]


@pytest.mark.parametrize("text", CALM)
def test_who_is_in_no_danger_gets_no_card(bot: Bot, snapshot: Snapshot, text: str) -> None:
    """And what is quoted stands in the guides, however little the judgement is worth."""
    answer: Answer = bot.reply(Question(text), snapshot)
    assert answer.outcome != "emergency"
    known = {unit.text for passage in snapshot.passages for unit in passage.units}
    for citation in answer.citations:
        assert any(unit in citation.quote for unit in known)
