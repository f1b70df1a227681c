"""The report of use as files, and its page."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from folders import MADE
from playwright.sync_api import Page, expect
from serving import served
from signing_in import PASSPHRASE, person
from typer.testing import CliRunner

from chatbot.__main__ import app
from chatbot.figures import Published, publish_figures, read_figures
from chatbot.journal.engine import open_engine
from chatbot.journal.records import Asking, Cited, Entry
from chatbot.journal.usage import Usage
from chatbot.journal.writer import store
from chatbot.pages.bars import bars
from chatbot.pages.brand import load_brand
from chatbot.pages.texts import LANGUAGES, load_texts
from chatbot.pages.usage_report import as_csv, as_pdf, report_of
from chatbot.settings import Settings
from index.network import NEUTRAL
from index.publish.snapshot import load_current
from server import create_app

FEW: dict[str, int | None] = {}
COUNTED = Usage(
    date(2031, 1, 1), date(2031, 12, 31), 40, 0.8, {"answered": 32, "related": None}, FEW, FEW,
    {"it": 30, "=2+2": 10}, {"2031-W07": 40}, {"": 40}, 0, FEW, FEW,
)  # fmt: skip


def fill(url: str) -> None:
    """A few days of questions."""
    engine = open_engine(url)
    entries = [
        Entry(f"e{n}", "parole di una persona", "answered" if n % 3 else "no_answer",
              cited=(Cited(1, "conto-di-base", "a", "x"),) if n % 3 else (),
              hits=({"passage": "tirocinio#a:0", "score": 1.0},))
        for n in range(60)
    ]  # fmt: skip
    with engine.begin() as connection:
        store(connection, [*entries, *[Asking("Cuneo")] * 40, *[Asking("")] * 20])
    engine.dispose()


def test_csv_has_a_row_a_count() -> None:
    """A hidden count is empty, and nothing is a formula to a spreadsheet."""
    rows = list(csv.DictReader(io.StringIO(as_csv(report_of(COUNTED, NEUTRAL)))))
    by_entry = {row["voce"]: row["numero"] for row in rows}
    assert by_entry["Risposta dalle guide"] == "32"
    assert by_entry["Nessuna risposta diretta: passaggi vicini"] == ""
    assert by_entry["'=2+2"] == "10"
    assert all(row["nota"] for row in rows)


def test_pdf_and_svg_are_whole() -> None:
    """A document, and a picture whose text can be read aloud; markup in a label stays text."""
    pdf = as_pdf(report_of(COUNTED, NEUTRAL), load_brand())
    assert pdf.startswith(b"%PDF")
    picture = ET.fromstring(bars("Titolo <b>", [("Uno & due", 7), ("Pochi", None)]))
    texts = [node.text for node in picture.iter() if node.text]
    assert texts[:3] == ["Titolo <b>", "Uno & due", "7"]
    assert "meno di 5" in (texts[-1] or "")


def test_the_yearly_report_is_one_command(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PDF, CSV and a picture for each table."""
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    fill(url)
    monkeypatch.setenv("BUSSOLA_VAR", str(published))
    monkeypatch.setenv("BUSSOLA_JOURNAL_URL", url)
    year = str(load_current(published).network.today().year)
    done = CliRunner().invoke(app, ["usage", "--year", year, "--out", str(tmp_path / "anno")])
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "anno").iterdir()}
    assert {"uso.pdf", "uso.csv", "esiti.svg", "territorio.svg"} <= names
    shown = CliRunner().invoke(app, ["usage"])
    assert "Domande: 60." in shown.output


@pytest.fixture(scope="module")
def counting(published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """Settings of a server with questions in its journal, and somebody who may open the page."""
    folder = tmp_path_factory.mktemp("counting")
    for name in ("snapshots", "models", "CURRENT"):
        (folder / name).symlink_to(published / name)
    url = f"sqlite:///{folder / 'journal.sqlite'}"
    fill(url)
    figures = Published(by="Domande di prova, scritte da altri", day=date(2031, 1, 2),
                        answerable=100, right=0.5, partly=0.1, silent=0.3, unanswerable=50,
                        rightly_silent=0.9)  # fmt: skip
    publish_figures(folder, figures)
    settings = Settings(_env_file=None, guides=MADE, var=folder, journal_url=url)
    return settings, person(folder, "direzione", "evaluator")


def test_the_page_of_use(page: Page, counting: tuple[Settings, str]) -> None:
    """Opened by who has signed in; bars, tables and files; no question in it."""
    settings, name = counting
    with served(create_app(settings)) as address:
        assert page.request.get(f"{address}/api/admin/usage.csv").status == 401
        page.goto(f"{address}/uso")
        page.get_by_label("Nome").fill(name)
        page.get_by_label("Frase segreta").fill(PASSPHRASE)
        page.get_by_role("button", name="Accedi").click()
        expect(page.get_by_role("heading", name="Domande per esito")).to_be_visible()
        expect(page.locator("#uso")).to_contain_text("Domande: 60.")
        expect(page.locator("#uso")).not_to_contain_text("parole di una persona")
        expect(page.get_by_role("img", name="Domande per provincia")).to_contain_text("Cuneo")
        with page.expect_download() as file:
            page.get_by_role("button", name="Scarica CSV").click()
        assert "tabella,voce,numero" in file.value.path().read_text("utf-8")
        page.get_by_label("Dal").fill("2020-01-01")
        page.get_by_label("Al", exact=True).fill("2020-01-31")
        page.get_by_role("button", name="Mostra").click()
        expect(page.locator("#uso")).to_contain_text("non c'è nulla da contare")


def test_how_it_goes_says_who_wrote_the_questions(
    page: Page, counting: tuple[Settings, str]
) -> None:
    """Right, wrong and silent add up to a hundred, with the day and the authors."""
    with served(create_app(counting[0])) as address:
        page.goto(f"{address}/come-va")
        expect(
            page.get_by_role("heading", name="Domande di prova, scritte da altri")
        ).to_be_visible()
        picture = page.get_by_role("img", name="Su 100 domande")
        for words in ("Giuste per intero", "50", "Sbagliate", "10"):
            expect(picture).to_contain_text(words)
        expect(page.locator("main")).to_contain_text("lo dice 90 volte su 100")
        expect(page.locator("main")).to_contain_text("Ricontrollate")


def test_how_it_goes_speaks_the_language_of_the_page(
    page: Page, counting: tuple[Settings, str]
) -> None:
    """Words, dates and the picture; on the narrowest screen each count is in sight."""
    page.set_viewport_size({"width": 320, "height": 640})
    with served(create_app(counting[0])) as address:
        for language in LANGUAGES:
            told = load_texts(language)
            page.goto(f"{address}/come-va?lingua={language}")
            main = page.locator("main")
            for key in ("how_right_title", "how_unknown", "how_recent_title", "how_complain"):
                expect(main).to_contain_text(told(key))
            expect(main).to_contain_text(
                told("how_measured", day=told.day(date(2031, 1, 2)), n=150)
            )
            picture = main.get_by_role("img")
            expect(picture).to_contain_text(told("how_of_100", by="Domande di prova"))
            expect(picture).to_contain_text(told("how_wrong"))
            right = picture.locator("text").evaluate_all(
                "texts => Math.max(...texts.map((text) => text.getBoundingClientRect().right))"
            )
            assert right <= 320, language
            assert language == "it" or "Su 100 domande" not in (main.text_content() or "")


def test_figures_of_the_same_authors_are_replaced(tmp_path: Path) -> None:
    """A damaged file is as none: the page says that nothing is published."""
    one = Published(by="A", day=date(2031, 1, 1), answerable=1, right=1, partly=0, silent=0,
                    unanswerable=0, rightly_silent=0)  # fmt: skip
    publish_figures(tmp_path, one)
    publish_figures(tmp_path, one.model_copy(update={"day": date(2031, 2, 1)}))
    publish_figures(tmp_path, one.model_copy(update={"by": "B"}))
    assert [(f.by, f.day.month) for f in read_figures(tmp_path)] == [("A", 2), ("B", 1)]
    (tmp_path / "figures.json").write_text(json.dumps([{"by": "A"}]))
    assert read_figures(tmp_path) == ()
