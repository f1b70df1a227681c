"""A plain folder published, asked and shown; what is wrong with one leaves the snapshot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.parse.walk import MAX_BYTES
from index.publish.build import build
from index.publish.published import current_id
from server import create_app

FERIE = """# Ferie

## Quanti giorni sono

I giorni di ferie in un anno sono 26 per chi lavora a tempo pieno.

## Come si chiedono

Le ferie si chiedono al responsabile almeno due settimane prima.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("plain") / "guide"
    made.mkdir()
    (made / "Ferie.md").write_text(FERIE, encoding="utf-8")
    (made / "mensa.markdown").write_text("La mensa apre alle 12 e chiude alle 14.\n", "utf-8")
    return made


@pytest.fixture(scope="module")
def client(folder: Path, encoder_of_all: Encoder) -> TestClient:
    var = folder.parent / "var"
    build(folder, var, encoder_of_all)
    models = Settings().var / "models"
    (var / "models").symlink_to(models.resolve())
    return TestClient(create_app(Settings(guides=folder, var=var, journal_url="off")))


def test_an_answer_without_dates(client: TestClient) -> None:
    """The guide is found, its dates are null, and the contract holds."""
    answer = client.post("/api/chat", json={"question": "Quanti giorni di ferie in un anno?"})
    assert answer.status_code == 200
    assert answer.json()["hits"][0]["guide"] == "ferie"
    for citation in answer.json()["citations"]:
        assert (citation["verified_on"], citation["review_by"], citation["sources"]) == (
            None, None, [],
        )  # fmt: skip
    (summary, _) = client.get("/api/guides").json()
    assert (summary["verified_on"], summary["review_by"]) == (None, None)
    assert client.get("/api/health").json()["reviewed"] is None


@pytest.mark.parametrize("path", ["/guide/ferie", "/guide/mensa"])
def test_a_page_without_dates(client: TestClient, path: str) -> None:
    """The page has a title, says that no date is given, and shows no empty list."""
    page = client.get(path).text
    assert page.count("<h1") == 1
    assert "Data di verifica non indicata." in page
    assert 'class="tags"' not in page
    for other in ("/", "/guide", "/servizi", "/novita", "/copioni"):
        assert client.get(other).status_code == 200


def _huge(folder: Path) -> None:
    with (folder / "enorme.md").open("wb") as file:
        file.truncate(25 * MAX_BYTES)


def _outside(folder: Path) -> None:
    (folder / "fuori.md").symlink_to("/etc/hostname")


def _emptied(folder: Path) -> None:
    (folder / "a.md").unlink()


def _gone(folder: Path) -> None:
    _emptied(folder)
    folder.rmdir()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [(_huge, "enorme.md"), (_outside, "fuori.md"), (_emptied, "guide"), (_gone, "guide")],
)
def test_what_is_wrong_is_named_and_nothing_published(
    spoil: Callable[[Path], None], named: str, tmp_path: Path, encoder_of_all: Encoder
) -> None:
    """The published snapshot stays, whatever became of the folder."""
    folder, var = tmp_path / "guide", tmp_path / "var"
    folder.mkdir()
    (folder / "a.md").write_text(FERIE, encoding="utf-8")
    build(folder, var, encoder_of_all)
    before = current_id(var)
    spoil(folder)
    with pytest.raises(BussolaError, match=named):
        build(folder, var, encoder_of_all)
    assert current_id(var) == before
