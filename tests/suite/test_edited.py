"""A file of cases keeps the lines of what nobody changed."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest

from eval.suite.case import Case
from eval.suite.folder import CASES_DIR, load_suite
from eval.suite.sheet import merge_suite, read_sheet, save_suite, write_sheet

FILE = """\
# scritto a mano
tema: lavoro
casi:
  - id: uno
    domande: "Può lavorare?"   # come l'ha scritta
    esito: risposta
    passaggi: {"guida#b": 3}
    fatti: [[90 giorni]]

    autore: valutatore
    data: 2026-11-22
    perche: >-
      prova su due
      righe
  # un commento fra due casi
  - {id: due, domande: "E dove?", esito: silenzio, autore: valutatore, data: 2026-11-22, perche: p}
  - id: tre
    domande: ['Prima?', 'Dopo?']
    esito: silenzio
    autore: valutatore
    data: 2026-11-22
    perche: "c'è un # dentro"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lavoro.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def changed_lines(folder: Path) -> list[str]:
    """What differs from the file as it was, without context."""
    now = (folder / "lavoro.yaml").read_text(encoding="utf-8")
    found = difflib.unified_diff(FILE.splitlines(), now.splitlines(), n=0, lineterm="")
    return [line for line in found if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def named(folder: Path, name: str) -> Case:
    return next(case for case in load_suite(folder) if case.id == name)


def test_one_key_of_one_case_is_one_line(folder: Path) -> None:
    """Comments, quotes, blank lines and the other cases stay."""
    case = named(folder, "uno").model_copy(update={"facts": (("90 giorni", "novanta giorni"),)})
    assert merge_suite([case], folder) == [folder / "lavoro.yaml"]
    assert changed_lines(folder) == [
        "-    fatti: [[90 giorni]]",
        "+    fatti:",
        "+    - - 90 giorni",
        "+      - novanta giorni",
    ]
    assert named(folder, "uno") == case


def test_a_key_is_taken_away_another_added(folder: Path) -> None:
    """A case that has no facts any more, and a severity."""
    update = {"facts": (), "severity": "alta"}
    merge_suite([named(folder, "uno").model_copy(update=update)], folder)
    assert changed_lines(folder) == ["-    fatti: [[90 giorni]]", "+    gravita: alta"]


def test_a_case_on_one_line_and_a_new_one(folder: Path) -> None:
    """The first is written anew in its place, the second at the end; the other cases and
    the comments stay."""
    two = named(folder, "due").model_copy(update={"why": "altro"})
    new = named(folder, "tre").model_copy(update={"id": "quattro"})
    merge_suite([two, new], folder)
    removed = [line for line in changed_lines(folder) if line.startswith("-")]
    assert len(removed) == 1
    assert "id: due" in removed[0]
    assert [case.id for case in load_suite(folder)] == ["uno", "due", "tre", "quattro"]


def test_a_case_that_moves_leaves_no_other_trace(folder: Path) -> None:
    """Its lines go from the file of its theme, and it stands in the other."""
    merge_suite([named(folder, "tre").model_copy(update={"theme": "casa"})], folder)
    assert all(line.startswith("-") for line in changed_lines(folder))
    assert [case.id for case in load_suite(folder)] == ["tre", "uno", "due"]


def test_another_order_is_written_anew(folder: Path) -> None:
    """And holds the same cases."""
    cases = list(reversed(load_suite(folder)))
    save_suite(cases, folder)
    assert list(load_suite(folder)) == cases


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_whole_suite_goes_round_a_spreadsheet(ending: str, tmp_path: Path) -> None:
    """Untouched, not a byte of any file changes; with one cell changed, that key of that case."""
    cases = tmp_path / "cases"
    shutil.copytree(CASES_DIR, cases)
    before = {path.name: path.read_bytes() for path in cases.iterdir()}
    sheet = tmp_path / f"casi.{ending}"
    suite = load_suite(cases)
    write_sheet(suite, sheet)
    assert merge_suite(read_sheet(sheet), cases) == []
    assert {path.name: path.read_bytes() for path in cases.iterdir()} == before
    one = suite[len(suite) // 2]
    write_sheet([case if case != one else _with_reason(case) for case in suite], sheet)
    (written,) = merge_suite(read_sheet(sheet), cases)
    old = before[written.name].decode().splitlines()
    new = written.read_text(encoding="utf-8").splitlines()
    differ = [line for line in difflib.ndiff(old, new) if line[:2] in ("+ ", "- ")]
    assert 0 < len(differ) < 8
    assert any("un altro motivo" in line for line in differ)


def _with_reason(case: Case) -> Case:
    return case.model_copy(update={"why": "un altro motivo"})
