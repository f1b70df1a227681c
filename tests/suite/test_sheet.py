"""Spreadsheets: cases go out and come back the same, whatever evaluators type."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

from eval.suite.case import OUTCOME_OF, Case
from eval.suite.folder import CasesError, load_suite
from eval.suite.sheet import read_sheet, save_suite, write_sheet

SLUG = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"])
TEXT = st.text(CHARACTERS, min_size=1, max_size=30).filter(str.strip)
PIECES = st.lists(TEXT.filter(lambda text: "|" not in text), min_size=1, max_size=3)
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def case(draw: st.DrawFn) -> Case:
    """Any case that is valid; texts that a case refuses are drawn again."""
    expected = draw(st.sampled_from(sorted(OUTCOME_OF)))
    plain = {
        "id": draw(SLUG), "tema": draw(SLUG),
        "domande": draw(st.lists(TEXT, min_size=1, max_size=3)),
        "profilo": {"titolo": draw(st.none() | TEXT), "data_domanda": draw(st.none() | DATES)},
        "esito": [expected], "passaggi": {f"{draw(SLUG)}#{draw(SLUG)}": draw(st.integers(1, 3))},
        "fatti": draw(st.lists(PIECES, max_size=2)) if expected == "risposta" else [],
        "frasi": draw(st.lists(TEXT, max_size=2)) if expected == "risposta" else [],
        "mai": draw(PIECES), "gravita": draw(st.sampled_from(["alta", "media", "bassa"])),
        "etichette": draw(st.lists(SLUG, max_size=3, unique=True)), "autore": draw(TEXT),
        "data": draw(DATES), "perche": draw(TEXT),
    }  # fmt: skip
    try:
        return Case.model_validate(plain)
    except ValidationError:
        reject()


SUITES = st.lists(case(), min_size=1, max_size=4, unique_by=lambda one: one.id)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@given(cases=SUITES)
@settings(max_examples=60, deadline=None)
def test_a_sheet_gives_the_same_cases_back(ending: str, cases: list[Case]) -> None:
    """Lossless: any text, any script, any sign at the beginning of a cell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"casi.{ending}"
        write_sheet(cases, path)
        assert list(read_sheet(path)) == cases


@given(cases=SUITES)
@settings(max_examples=60, deadline=None)
def test_yaml_gives_the_same_cases_back(cases: list[Case]) -> None:
    """From a sheet to the suite's own files nothing is lost either."""
    with tempfile.TemporaryDirectory() as folder:
        save_suite(cases, Path(folder))
        assert sorted(load_suite(Path(folder)), key=lambda one: one.id) == sorted(
            cases, key=lambda one: one.id
        )


def test_a_question_is_never_a_formula(tmp_path: Path, one_case: Case) -> None:
    """A question that begins like a formula is text in the file: opening it computes nothing."""
    evil = one_case.model_copy(update={"turns": ('=HYPERLINK("http://x")',)})
    write_sheet([evil], tmp_path / "casi.xlsx")
    page = load_workbook(tmp_path / "casi.xlsx").worksheets[0]
    assert page["C2"].data_type == "s"
    write_sheet([evil], tmp_path / "casi.csv")
    assert "'=HYPERLINK" in (tmp_path / "casi.csv").read_text(encoding="utf-8-sig")


def test_a_sheet_saved_with_semicolons_is_read(tmp_path: Path, one_case: Case) -> None:
    """Italian spreadsheets write `;` between columns and dates as text."""
    write_sheet([one_case], tmp_path / "casi.csv")
    text = (tmp_path / "casi.csv").read_text(encoding="utf-8-sig")
    assert ";" not in text
    (tmp_path / "it.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    assert read_sheet(tmp_path / "it.csv") == (one_case,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tema,id\nlavoro,x\n", "casi.csv:2: «domande»: manca questa chiave"),
        ("tema,colore\nlavoro,x\n", "casi.csv:1: colonne sconosciute: colore"),
    ],
)
def test_a_bad_row_names_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """Mistakes in a sheet are told as those in YAML are."""
    (tmp_path / "casi.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CasesError) as rejected:
        read_sheet(tmp_path / "casi.csv")
    assert expected in str(rejected.value)


@pytest.mark.parametrize("name", ["casi.csv", "casi.xlsx"])
def test_what_is_no_sheet_is_refused(tmp_path: Path, name: str) -> None:
    """Bytes of another kind are a finding, never a traceback."""
    (tmp_path / name).write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CasesError):
        read_sheet(tmp_path / name)


@pytest.fixture
def one_case() -> Case:
    return Case.model_validate(
        {
            "id": "a",
            "tema": "lavoro",
            "domande": "Può lavorare?",
            "esito": "silenzio",
            "autore": "valutatore",
            "data": "2026-11-22",
            "perche": "prova",
        }
    )


@pytest.mark.parametrize(("encoding", "delimiter"), [("cp1252", ";"), ("utf-16", "\t")])
def test_csv_10_a_sheet_edited_in_excel_gives_the_same_cases(
    encoding: str, delimiter: str, tmp_path: Path, one_case: Case
) -> None:
    """Quotation marks and a line break typed in a cell, saved as Excel saves them, dates day first:
    the turns keep their order, the words their accents."""
    edited = one_case.model_copy(update={"turns": ('"Si può?", dice', "e perché; oggi?")})
    write_sheet([edited], tmp_path / "casi.csv")
    with (tmp_path / "casi.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    row["data"] = edited.written_on.strftime("%d/%m/%Y")
    row["domande"] = row["domande"].replace("\n", "\r\n")
    with (tmp_path / "excel.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(row), delimiter=delimiter)
        writer.writeheader()
        writer.writerow(row)
    assert read_sheet(tmp_path / "excel.csv") == (edited,)
