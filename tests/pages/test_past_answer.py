"""The page of a link: the same passages as on that day, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chatbot.settings import Settings
from index.publish.past import keep_guides, read_day
from index.publish.publish import status
from index.publish.snapshot import load
from server import create_app

GUIDE = "conto-di-base"


@pytest.fixture(scope="module")
def days(small_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what is generated, with both of its publications kept."""
    from small import copy_of

    var = copy_of(small_built, tmp_path_factory.mktemp("days") / "copy") / "var"
    for row in status(var):
        keep_guides(var, load(var, row["id"]))
    return var


@pytest.fixture(scope="module")
def client(days: Path) -> Iterator[TestClient]:
    settings = Settings(var=days, guides=days.parent / "guides", journal_url="off")
    with TestClient(create_app(settings)) as client:
        yield client


def link_to(var: Path, snapshot: str, words: str) -> str:
    """The link to the section of the edited guide that says `words` on that day."""
    guide = load(var, snapshot).guides[GUIDE]
    section, unit = next((s, u) for s in guide.sections for u in s.units if words in u.text)
    return f"/risposta/{snapshot}?p={GUIDE}~{section.anchor}~{unit.key}"


def test_the_passage_is_as_it_was_and_says_that_it_changed(client: TestClient, days: Path) -> None:
    """The words of that day, lit, with a way to those of today."""
    first, second = (row["id"] for row in status(days))
    page = client.get(link_to(days, first, "la prima volta")).text
    assert "la prima volta" in page
    assert '<mark class="cited">' in page
    assert "la seconda volta" not in page
    assert "Cambiato da allora" in page
    now = client.get(link_to(days, second, "la seconda volta")).text
    assert "Uguale anche oggi" in now
    assert "Cambiato da allora" not in now


def test_a_day_that_is_not_kept_is_told(client: TestClient) -> None:
    """Nothing else is shown in its place."""
    page = client.get(f"/risposta/mai?p={GUIDE}~inizio~", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Di quel giorno non c'è una copia" in page.text.replace("&#39;", "'")


def test_a_damaged_copy_is_not_taken_for_none(client: TestClient, days: Path) -> None:
    """Whoever runs the server is to know."""
    first = status(days)[0]["id"]
    link, day = link_to(days, first, "la prima volta"), read_day(days, first)
    assert day is not None
    text = days / "past/guides" / f"{day.guides[GUIDE]}.json.gz"
    whole = text.read_bytes()
    text.write_bytes(whole[:50])
    assert client.get(f"{link}&x=1").status_code == 503
    text.write_bytes(whole)
