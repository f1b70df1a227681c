"""From complaint to case in a browser: completed, checked, added; the suite as a spreadsheet."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe import violations
from dulwich.repo import Repo
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from serving import served
from signing_in import PASSPHRASE, person, signed_in
from web import PATIENCE_MS

from chatbot.http.access import FILE, Keyring
from chatbot.journal.engine import journal_url, open_engine
from chatbot.journal.records import Cited, Entry, Feedback
from chatbot.journal.writer import Journal
from chatbot.settings import Settings
from eval.suite.folder import load_suite
from eval.suite.journal_cases import add_drafts, drafts
from server import create_app

SLOW_MS = 400_000
QUESTION = "la banca può chiedermi il certificato di residenza?"
SECTION = "conto-di-base#residenza"
SUITE = """\
# i casi di prova
tema: denaro
casi:
  - id: conto-chi    # il primo
    domande: "Chi può aprire un conto?"
    esito: risposta
    passaggi: {"conto-di-base#chi": 3}
    autore: valutatore
    data: 2026-11-22
    perche: prova
"""


@pytest.fixture
def places(small_copy: Path) -> Settings:
    """Guides, a suite in a git repository, and an answer that an operator complained of, whose
    draft is written as the server writes it."""
    cases = small_copy / "casi"
    cases.mkdir()
    (cases / "denaro.yaml").write_text(SUITE, encoding="utf-8")
    repo = Repo.init(str(cases))
    repo.get_worktree().stage(["denaro.yaml"])
    repo.get_worktree().commit(message=b"prima", author=b"p <p@p>", committer=b"p <p@p>")
    settings = Settings(guides=small_copy / "guides", var=small_copy / "var", cases=cases)
    journal = Journal(open_engine(journal_url("", settings.var)))
    cited = (Cited(1, "conto-di-base", "chi", "Ogni persona che soggiorna legalmente."),)
    journal.put(Entry("c1", QUESTION, "answered", cited=cited)).result(10)
    journal.put(Feedback("c1", "sbagliata", "non parla della residenza")).result(10)
    add_drafts(drafts(journal.engine), settings.var / "eval" / "bozze")
    journal.close()
    return settings


@pytest.fixture
def opened(page: Page, places: Settings) -> Iterator[Page]:
    """The page of the drafts, an evaluator signed in."""
    name = person(places.var, "valutazione", "evaluator")
    page.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    with served(create_app(places)) as address:
        page.goto(f"{address}/revisione/casi")
        page.locator("#entra").get_by_label("Nome").fill(name)
        page.get_by_label("Frase segreta").fill(PASSPHRASE)
        page.get_by_role("button", name="Accedi").click()
        yield page
    expect.set_options(timeout=PATIENCE_MS)


def opened_draft(page: Page) -> Locator:
    page.locator("details.draft-case summary").click()
    return page.locator("form.case")


def messages(cases: Path) -> list[str]:
    return [one.commit.message.decode() for one in Repo(str(cases)).get_walker()]


def test_a_complaint_becomes_a_case(opened: Page, places: Settings) -> None:
    """What is missing and what may not be there is told first; a sentence ticked in the guides, a
    fact and a reason later the case is in the file of its theme and in git, in the question's own
    words, and the draft is gone. Nothing for axe to find, nothing wider than a narrow screen."""
    assert places.cases is not None
    form, said = opened_draft(opened), opened.locator("#esito")
    expect(form.get_by_label("La domanda")).to_have_value(QUESTION)
    expect(form).to_contain_text("non parla della residenza")
    form.get_by_label("La domanda").fill(f"{QUESTION} il mio IBAN è IT60X0542811101000000123456")
    form.get_by_label("Che cosa deve uscire").select_option("risposta")
    form.get_by_role("button", name="Controlla").click()
    findings = form.locator("[data-findings]")
    expect(findings).to_contain_text("«tema»: manca questa chiave")
    form.get_by_label("Cerca un passaggio").fill(SECTION)
    form.get_by_role("button", name="Aggiungi il passaggio").click()
    form.get_by_label("No: la residenza non serve").check()
    form.get_by_role("combobox", name="Tema", exact=True).fill("denaro")
    form.get_by_label("Nome del caso").fill("conto-chi")
    form.get_by_role("button", name="Controlla").click()
    expect(findings).to_contain_text("Senza, sarebbe")
    expect(findings).to_contain_text("«conto-chi» c'è già, in denaro.yaml")
    assert violations(opened) == []
    opened.set_viewport_size({"width": 320, "height": 700})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320
    opened.set_viewport_size({"width": 1280, "height": 800})

    form.get_by_label("La domanda").fill(QUESTION)
    form.get_by_label("Nome del caso").fill("conto-residenza")
    form.get_by_label("Che cosa la risposta deve dire").fill("non serve | non può chiederla")
    form.get_by_label("Gravità").select_option("alta")
    form.get_by_label("Perché il caso c'è").fill("Citava chi ha diritto, e non la residenza.")
    form.get_by_role("button", name="Aggiungi alle prove").click()
    expect(said).to_contain_text("Aggiunto a denaro.yaml. È in git")
    first, made = load_suite(places.cases)
    assert first.id == "conto-chi"
    assert (made.question, made.severity) == (QUESTION, "alta")
    assert dict(made.passages) == {SECTION: 2}
    assert made.units[0].startswith("No: la residenza non serve")
    assert made.facts == (("non serve", "non può chiederla"),)
    assert made.author == "valutatore"
    assert (places.cases / "denaro.yaml").read_text("utf-8").startswith(SUITE)
    assert messages(places.cases) == ["Caso nuovo: conto-residenza\n", "prima"]
    opened.get_by_role("button", name="Rileggi le bozze").click()
    expect(opened.locator("#bozze")).to_contain_text("Nessuna bozza aspetta")


def test_a_spreadsheet_goes_out_and_comes_back(
    opened: Page, places: Settings, tmp_path: Path
) -> None:
    """Untouched it changes nothing; of a cell that was changed it is told first what that does, and
    written it is one line of one file, and a commit."""
    assert places.cases is not None
    with opened.expect_download() as wanted:
        opened.get_by_role("button", name="Scarica il foglio").click()
    sheet = tmp_path / "casi.xlsx"
    wanted.value.save_as(sheet)
    said = opened.locator("#esito")
    opened.get_by_label("Riporta un foglio").set_input_files(sheet)
    opened.get_by_role("button", name="Guarda che cosa cambia").click()
    expect(said).to_have_text("Il foglio non cambia niente.")

    book = load_workbook(sheet)
    page = book.worksheets[0]
    (column,) = (cell.column for cell in page[1] if cell.value == "perche")
    page.cell(row=2, column=column).value = "un altro motivo"
    book.save(sheet)
    opened.get_by_label("Riporta un foglio").set_input_files(sheet)
    opened.get_by_role("button", name="Guarda che cosa cambia").click()
    expect(opened.locator("#cambia")).to_contain_text("Modificati 1: conto-chi")
    assert (places.cases / "denaro.yaml").read_text("utf-8") == SUITE
    opened.get_by_role("button", name="Scrivi i cambiamenti").click()
    expect(said).to_contain_text("Scritti: denaro.yaml. È in git")
    now = (places.cases / "denaro.yaml").read_text("utf-8")
    differ = [
        line for line in difflib.ndiff(SUITE.splitlines(), now.splitlines()) if line[0] in "+-"
    ]
    assert differ == ["-     perche: prova", "+     perche: un altro motivo"]
    assert messages(places.cases)[0] == "Casi da un foglio: 1 cambiati, 0 nuovi\n"

    sheet.write_bytes(b"non un foglio")
    opened.get_by_label("Riporta un foglio").set_input_files(sheet)
    opened.get_by_role("button", name="Guarda che cosa cambia").click()
    expect(said).to_contain_text("il foglio non si legge")


def test_only_evaluators_and_only_what_is_there(places: Settings) -> None:
    """Nothing without a sign-in, nothing for editors; a passage that is not there, a name that is
    none, a sheet that is none; a draft thrown away is gone and does not come back."""
    editor = Keyring(places.var / FILE).create("redazione", "editor")
    name = person(places.var, "valutazione", "evaluator")
    bozze = places.var / "eval" / "bozze"
    draft = load_suite(bozze)[0].id
    with TestClient(create_app(places)) as client:
        assert client.get("/revisione/casi").status_code == 200
        assert client.get("/api/admin/cases").status_code == 401
        head = {"Authorization": f"Bearer {editor}"}
        assert client.get("/api/admin/cases", headers=head).status_code == 403
        signed_in(client, name)
        where = "/api/admin/cases/units?passaggio="
        assert client.get(f"{where}niente%23qui").status_code == 404
        assert SECTION in client.get(f"{where}conto-di-base%23residenza").text
        assert client.post("/api/admin/cases/sheet?name=a.txt", content=b"x").status_code == 422
        assert (
            client.post("/api/admin/cases", json={"cells": {}, "draft": "../x"}).status_code == 422
        )
        found = client.post("/api/admin/cases/check", json={"cells": {"id": "a"}}).json()
        assert "«domande»: manca questa chiave" in found["errors"]
        assert client.delete(f"/api/admin/cases/{draft}").json() == {"dropped": True}
    engine = open_engine(journal_url("", places.var))
    assert add_drafts(drafts(engine, datetime(2020, 1, 1, tzinfo=UTC)), bozze) == 0
    assert not (bozze / "bozze.yaml").exists()
