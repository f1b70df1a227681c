"""The second set of guides: a plain folder by others, with questions by others."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from folders import ROOT

from chatbot.bot import Bot
from chatbot.question import Question
from chatbot.settings import Settings
from eval.collections.item import Item, read_collection
from index.check.rules import check_folder
from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.snapshot import load_current
from server import create_app

FOLDER = ROOT / "docs/esempi/pa-digitale"


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return read_collection(FOLDER / "domande.jsonl")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory, encoder_of_all: Encoder, model_dir: Path) -> Path:
    made = tmp_path_factory.mktemp("esempi")
    (made / "models").symlink_to(model_dir.parent)
    build(FOLDER, made, encoder_of_all)
    return made


def test_every_question_has_a_section_that_answers(items: tuple[Item, ...]) -> None:
    """Twenty guides without a finding, thirty questions, each led to a section that is there."""
    guides, findings = check_folder(FOLDER)
    assert (len(guides), findings, len(items)) == (20, [], 30)
    sections = {f"{guide.slug}#{section.anchor}" for guide in guides for section in guide.sections}
    for item in items:
        assert item.gold <= sections, item.id
    assert len({item.turns for item in items}) == len(items)


def test_questions_by_others_find_their_section(
    items: tuple[Item, ...], var: Path, encoder_of_all: Encoder
) -> None:
    """Of thirty questions, the right section is among the first three for nine in ten."""
    bot, snapshot = Bot(encoder_of_all), load_current(var)
    bot.prepare(snapshot)
    found = 0
    for item in items:
        answer = bot.reply(Question(item.turns[-1]), snapshot)
        found += any(
            f"{hit.passage.guide}#{hit.passage.anchor}" in item.gold for hit in answer.hits[:3]
        )
    assert found >= 27


def test_pages_speak_of_this_folder_alone(var: Path) -> None:
    """No script, no service and no filter that is not there; no network and no date."""
    client = TestClient(create_app(Settings(guides=FOLDER, var=var, journal_url="off")))
    for path in ("/", "/guide", "/guide/candidatura", "/accessibilita", "/privacy"):
        page = client.get(path).text
        for word in ("Piemonte", "orienta al lavoro", 'href="/copioni"', 'href="/servizi"'):
            assert word not in page, (path, word)
    listed = client.get("/guide").text
    for field in ("bisogno", "tipo", "per_chi"):
        assert f'name="{field}"' not in listed
    assert client.get("/rete.json").json()["examples"] == []
    assert "Data di verifica non indicata." in client.get("/guide/candidatura").text
