"""A case completed on a page: every reason for which it does not enter, and how it does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from dulwich.repo import Repo
from guide_texts import sheet
from typer.testing import CliRunner

from eval.__main__ import app
from eval.suite.case import Case
from eval.suite.drafts import THEME, drop, suggested_id
from eval.suite.folder import CasesError, load_suite
from eval.suite.proposal import Ground, add, check, committed, read_cells
from eval.suite.sheet import cells_of, save_suite
from index.network import NEUTRAL

GUIDE = replace(
    sheet(
        "# Prova\n\nUno.\n\n## A {#residenza}\n\nNo, la residenza non serve. Basta un recapito.\n"
    ),
    slug="conto",
)
GOOD = {
    "tema": "denaro", "id": "conto-residenza", "domande": "serve la residenza?",
    "esito": "risposta", "passaggi": "conto#residenza 3", "fatti": "non serve",
    "frasi": "No, la residenza non serve.",
    "gravita": "alta", "etichette": "dall-uso", "autore": "valutatore", "data": "2026-11-30",
    "perche": "La risposta parlava d'altro.",
}  # fmt: skip


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """A suite of one case."""
    old = Case.model_validate(
        {"id": "vecchio", "tema": "denaro", "domande": "e?", "data": "2026-11-22",
         "esito": "silenzio", "autore": "v", "perche": "p"}
    )  # fmt: skip
    save_suite([old], tmp_path / "casi")
    return Ground.of(tmp_path / "casi", {GUIDE.slug: GUIDE}, NEUTRAL)


def test_a_good_case_has_nothing_wrong(ground: Ground) -> None:
    found = check(GOOD, ground)
    assert found.case is not None
    assert (found.errors, found.warnings) == ((), ())
    assert {name: text for name, text in cells_of(found.case).items() if text} == GOOD


@pytest.mark.parametrize(
    ("cell", "text", "told"),
    [
        ("id", "vecchio", "«vecchio» c'è già, in denaro.yaml"),
        ("tema", THEME, "scegli il tema"),
        ("passaggi", "conto#altro 3", "conto#altro non è nelle guide pubblicate"),
        ("frasi", "La residenza serve sempre.", "non è una frase dei passaggi scelti"),
        ("domande", "serve a Mario, cell 333 1234567?", "ci sono dati di persone"),
        ("perche", "lo ha detto mario.rossi@esempio.it", "ci sono dati di persone"),
        ("passaggi", "", "dove sta la risposta"),
        ("domande", "", "«domande»: manca questa chiave"),
        ("gravita", "enorme", "usare alta, media o bassa"),
    ],
)
def test_what_is_wrong_is_told(ground: Ground, cell: str, text: str, told: str) -> None:
    """By the name of what is to be changed."""
    assert told in "\n".join(check(GOOD | {cell: text}, ground).errors)


def test_what_says_little_is_a_warning(ground: Ground) -> None:
    """It enters all the same."""
    empty = check(GOOD | {"fatti": "", "frasi": ""}, ground)
    assert "che cosa dice" in empty.warnings[0]
    number = check(GOOD | {"fatti": "60 giorni", "frasi": ""}, ground)
    assert "solo numeri" in number.warnings[0]
    assert not (*empty.errors, *number.errors)


def test_it_enters_and_its_draft_goes(ground: Ground, tmp_path: Path) -> None:
    """Written, committed with nothing else of the folder; other drafts stay."""
    repo = Repo.init(str(ground.folder))
    (ground.folder / "appunti.txt").write_text("miei", encoding="utf-8")
    drafts = tmp_path / "bozze"
    case = check(GOOD, ground).case
    assert case is not None
    two = [case.model_copy(update={"id": name, "theme": THEME}) for name in ("bozza-1", "bozza-2")]
    save_suite(two, drafts)
    done = add(case, "bozza-1", drafts, ground.folder)
    assert [path.name for path in done.files] == ["denaro.yaml"]
    assert repo.head().decode() == done.commit
    assert set(repo.open_index()) == {b"denaro.yaml"}
    assert [one.id for one in load_suite(ground.folder)] == ["vecchio", "conto-residenza"]
    assert [one.id for one in load_suite(drafts)] == ["bozza-2"]
    assert drop("bozza-2", drafts)
    assert not drop("bozza-2", drafts)
    assert not (drafts / "bozze.yaml").exists()


def test_a_folder_that_cannot_be_written_is_told(ground: Ground) -> None:
    def refuse() -> list[Path]:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(CasesError, match="non si può scrivere"):
        committed(ground.folder, refuse, "x")


def test_names_come_from_the_question() -> None:
    """Free ones."""
    case = Case.model_validate(GOOD | {"id": "bozza-x", "passaggi": {"a#b": 2}, "fatti": [],
                                       "frasi": [], "etichette": []})  # fmt: skip
    assert suggested_id(case, frozenset()) == "serve-residenza"
    assert suggested_id(case, frozenset({"serve-residenza"})) == "serve-residenza-2"


def test_the_command_reads_a_case_and_tells_in_json(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A code of 1 and nothing written where something is wrong; what is no JSON is told."""
    monkeypatch.setenv("BUSSOLA_VAR", str(tmp_path / "var"))
    words = ["draft", "add", "--cases", str(ground.folder)]
    before = (ground.folder / "denaro.yaml").read_bytes()
    done = CliRunner().invoke(app, words, input=json.dumps(GOOD))
    assert done.exit_code == 1
    assert "non è nelle guide" in "".join(json.loads(done.stdout)["errors"])
    assert (ground.folder / "denaro.yaml").read_bytes() == before
    with pytest.raises(CasesError, match="non è JSON"):
        read_cells("[1]")
