"""The address of a guide that was renamed leads to it; that of one taken away says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from made_encoder import made_encoder
from small import small_folder

from chatbot.desk.data import today_names
from chatbot.journal.reading import Reviewed
from chatbot.journal.records import Cited, Entry
from chatbot.library import Library
from chatbot.pages.review import _found, sections
from chatbot.parts import part
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.snapshot import load_current
from server import create_app

PAGE = {"accept": "text/html"}


def remove(guides: Path, name: str) -> None:
    """The file goes, and so do the links to it."""
    for file in guides.rglob("*.md"):
        text = file.read_text("utf-8")
        file.write_text(re.sub(rf"\]\([^)]*{name}\.md[^)]*\)", "](https://esempio.it)", text))
    (guides / f"schede/{name}.md").unlink()


def rename(guides: Path) -> None:
    """«conto-di-base» becomes «conto-corrente-di-base», and says so."""
    old = guides / "schede/conto-di-base.md"
    text = old.read_text("utf-8").replace("\ntipo:", "\nnomi_precedenti: [conto-di-base]\ntipo:", 1)
    old.unlink()
    (guides / "schede/conto-corrente-di-base.md").write_text(text, encoding="utf-8")
    script = guides / "copioni/conto-corrente.md"
    text = script.read_text("utf-8").replace("\ntipo:", "\nnomi_precedenti: [aprire]\ntipo:", 1)
    script.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, model_dir: Path, encoder_of_all: Encoder
) -> Iterator[TestClient]:
    """Over guides of which one was renamed and one taken away since they were published first."""
    folder = tmp_path_factory.mktemp("renamed")
    guides = small_folder(folder / "guides")
    (folder / "var").mkdir()
    (folder / "var/models").symlink_to(model_dir.parent)
    build(guides, folder / "var", encoder_of_all)
    rename(guides)
    remove(guides, "codice-fiscale")
    build(guides, folder / "var", encoder_of_all)
    settings = Settings(guides=guides, var=folder / "var", reload_seconds=60)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/guide/conto-di-base", "/guide/conto-corrente-di-base"),
        ("/guide/conto-di-base?cita=abc&lang=fr", "/guide/conto-corrente-di-base?cita=abc&lang=fr"),
        ("/stampa/conto-di-base", "/stampa/conto-corrente-di-base"),
        ("/stampa/conto-di-base/fr", "/stampa/conto-corrente-di-base/fr"),
        ("/copione/aprire", "/copione/conto-corrente"),
        ("/api/guides/conto-di-base", "/api/guides/conto-corrente-di-base"),
        ("/api/scripts/aprire", "/api/scripts/conto-corrente"),
    ],
)
def test_an_old_address_leads_to_the_new_one(client: TestClient, old: str, new: str) -> None:
    """With the rest of it as it was; nobody is told to remember it for ever."""
    response = client.get(old)
    assert (response.status_code, response.headers["location"]) == (308, new)
    assert response.headers["cache-control"] == "no-cache"
    assert client.get(new).status_code == (404 if new.endswith("/fr") else 200)


def test_idx_01_a_guide_taken_away_says_so(client: TestClient) -> None:
    """What it was, when it went, what is most like it: a page for people, a problem document for
    programs; nothing of it is answered, and what never was is not found."""
    page = client.get("/guide/codice-fiscale", headers=PAGE)
    assert page.status_code == 410
    assert "è stata tolta il" in page.text
    assert 'href="/guide/' in page.text.split("Quella che le somiglia di più")[1][:40]
    assert client.get("/stampa/codice-fiscale", headers=PAGE).status_code == 410
    problem = client.get("/api/guides/codice-fiscale")
    assert (problem.status_code, "è stata tolta il" in problem.json()["detail"]) == (410, True)
    assert client.get("/guide/mai-stata", headers=PAGE).status_code == 404
    answer = client.post("/api/chat", json={"question": "come si chiede il codice fiscale?"}).json()
    assert "codice-fiscale" not in {hit["guide"] for hit in answer["hits"]}


def test_the_journal_knows_the_guide_by_its_old_name(client: TestClient) -> None:
    """What an answer cited before is counted, shown and judged under the name of today."""
    snapshot = part(client.app, Library).snapshot  # type: ignore[arg-type]
    counts = {"conto-di-base": 2, "conto-corrente-di-base": 3, "codice-fiscale": 1}
    assert today_names(counts, snapshot) == {"conto-corrente-di-base": 5, "codice-fiscale": 1}
    anchor = snapshot.guides["conto-corrente-di-base"].sections[1].anchor
    entry = Entry(
        "e", "?", "answered", cited=(Cited(1, "conto-di-base", anchor, "…"),),
        hits=({"passage": f"conto-di-base#{anchor}:0"}, {"passage": "codice-fiscale#inizio:0"}),
    )  # fmt: skip
    found = _found(Reviewed(entry), sections(snapshot), snapshot)
    assert [name for name, _ in found] == [f"conto-corrente-di-base#{anchor}"]


def test_what_is_gone_comes_back(tmp_path: Path) -> None:
    """A guide taken away is remembered publication after publication, until its name is alive."""
    encoder, var = made_encoder(), tmp_path / "var"
    guides = small_folder(tmp_path / "guides")
    file = guides / "schede/codice-fiscale.md"
    text = file.read_text("utf-8")
    build(guides, var, encoder)
    assert load_current(var).gone == {}
    remove(guides, "codice-fiscale")
    build(guides, var, encoder)
    assert set(load_current(var).gone) == {"codice-fiscale"}
    other = guides / "schede/conto-di-base.md"
    other.write_text(other.read_text("utf-8").replace("Sì, ", "Sì certo, ", 1), encoding="utf-8")
    build(guides, var, encoder)
    assert load_current(var).gone["codice-fiscale"].near in {"", *load_current(var).guides}
    file.write_text(text, encoding="utf-8")
    build(guides, var, encoder)
    assert load_current(var).gone == {}
