"""Tables as spreadsheets really save them, in and out without a change."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from folders import MADE
from networks import with_network
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from typer.testing import CliRunner

from index.__main__ import app
from index.errors import BussolaError
from index.places import Municipality, Places
from index.services import spreadsheet
from index.services.read_csv import REQUIRED, ImportRejected, import_services
from index.services.spreadsheet import read_table
from index.services.table import COLUMNS, export_services, services_of, to_xlsx

HEADER = "nome;descrizione;bisogni;fonte;verificato_il;comune;telefono"
ROW = "Sportello Città;È aperto;casa;Comune;22/11/2026;Alba;0173 123456"
TABLE = f"{HEADER}\r\n{ROW}\r\n"


def rows_of(tmp_path: Path, data: bytes) -> list[tuple[int, dict[str, str]]]:
    file = tmp_path / "foglio.csv"
    file.write_bytes(data)
    return list(read_table(file, COLUMNS, REQUIRED))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (TABLE.encode("utf-8"), 2),
        (TABLE.encode("utf-8-sig"), 2),
        (TABLE.encode("cp1252"), 2),
        (TABLE.encode("utf-16"), 2),  # with its mark
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), 2),
        (TABLE.replace(";", "\t").encode("utf-16"), 2),  # Excel's «Unicode text»
        (TABLE.replace(";", ",").encode("utf-8"), 2),
        (f"sep=;\r\n{TABLE}".encode("utf-8-sig"), 3),
        (f"\"sep=;\";;;\r\n{TABLE}".encode("cp1252"), 3),
        (f"sep=|\n{TABLE}".replace(";", "|").encode(), 3),
        (f"{HEADER};;;\r\n{ROW};;;\r\n;;;;;;;;;\r\n".encode("cp1252"), 2),
        (f";;;;\r\n{HEADER}\r\n;;;\r\n{ROW}".encode(), 4),
        (HEADER.upper().replace(";", " ; ").replace("_", " ").encode() + b"\n" +
         ROW.replace(";", "\u00a0; ").encode(), 2),
    ],
    ids=["utf-8", "utf-8 with its mark", "csv-04-cp1252", "csv-07-unicode-text", "big endian",
         "csv-07 with tabs", "commas", "csv-05-sep-line", "csv-05 quoted", "csv-05 another",
         "csv-02-trailing-columns", "blank rows before", "csv-01-spaced-header"],
)  # fmt: skip
def test_the_same_table_however_it_is_saved(tmp_path: Path, data: bytes, line: int) -> None:
    """Encodings, separators, empty columns and rows, blanks: the cells are the same."""
    ((found, row),) = rows_of(tmp_path, data)
    assert (found, list(row.values())) == (line, ROW.split(";"))
    assert list(row) == HEADER.split(";")


def test_nothing_is_dropped(tmp_path: Path) -> None:
    """A value under no column stays, beside a row that has none."""
    first, second = rows_of(tmp_path, f"{HEADER};;\n{ROW};;nota a mano\n{ROW};;\n".encode())
    assert first[1][""] == "nota a mano"
    assert "" not in second[1]


def test_a_value_under_no_column_is_refused(tmp_path: Path) -> None:
    """It is told with its words, and nothing is written."""
    file = tmp_path / "foglio.csv"
    file.write_text(f"{HEADER}\n{ROW};nota a mano\n", encoding="utf-8")
    with pytest.raises(ImportRejected, match="«nota a mano» non sta sotto nessuna colonna"):
        import_services(file, tmp_path / "guides")
    assert not (tmp_path / "guides").exists()


def test_days_and_places_are_written_as_the_guides_write_them(tmp_path: Path) -> None:
    """The day first, the usual name of a municipality, in its area and territory too."""
    guides = with_network(tmp_path / "guides")
    file = tmp_path / "foglio.csv"
    row = ROW.replace("Alba", "S. Mauro T.se") + ";Venaria; Torino\n"
    quoted = row.replace("Venaria; Torino", '"Venaria; Torino"')
    file.write_text(f"{HEADER};area\n{quoted}", encoding="cp1252")
    import_services(file, guides)
    text = (guides / "servizi/sportello-citta.md").read_text("utf-8")
    for said in ("comune: San Mauro Torinese", "territorio: San Mauro Torinese", "- Venaria Reale",
                 "verificato_il: 2026-11-22"):  # fmt: skip
        assert said in text


PLACES = Places(
    rows=tuple(
        Municipality(name, "Torino", also=also)
        for name, also in (
            ("San Mauro Torinese", ("San Mauro",)), ("Sant'Antonino di Susa", ()),
            ("San Martino Alfieri", ()), ("San Martino Canavese", ()), ("Gattico-Veruno", ()),
        )
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("S. Mauro Torinese", "San Mauro Torinese"), ("S.Mauro T.se", "San Mauro Torinese"),
        ("san  mauro", "San Mauro Torinese"), ("S. Antonino di Susa", "Sant'Antonino di Susa"),
        ("S. Antonino d. Susa", "Sant'Antonino di Susa"), ("Gattico Veruno", "Gattico-Veruno"),
        ("S. Martino C.se", "San Martino Canavese"), ("S. Martino", None), ("S.", None),
        ("S. M. A.", None), ("Roma", None), ("", None), ("...", None), ("(S. Mauro", None),
    ],
)  # fmt: skip
def test_usual_names_of_municipalities(said: str, meant: str | None) -> None:
    """Cut short at a full stop, by another name, without a hyphen; never when two can be meant."""
    found = PLACES.called(said)
    assert (found.name if found else None) == meant


def as_excel_opens(cell: str) -> str:
    """A cell of a CSV as Excel in Italian shows it and saves it again."""
    if re.fullmatch(r"\+?\d+", cell):
        whole = str(int(cell))
        return whole if len(whole) < 12 else f"{int(cell):.5E}".replace(".", ",")
    if day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", cell):
        return f"{day[3]}/{day[2]}/{day[1]}"
    return "09-dic" if re.fullmatch(r"\d{1,2}-\d{1,2}", cell) else cell


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    """The made guides, with a card full of what spreadsheets change."""
    folder = shutil.copytree(MADE, tmp_path / "guides")
    file = tmp_path / "difficile.csv"
    names = (*HEADER.split(";"), "whatsapp", "orari", "ente")
    cells = ("Ufficio àèìòù", "Una frase.", "casa", "Comune", "2026-11-22", "Alba",
             "0173123456; 011 4321000", "+393331234567", "9-12", "=2+2")  # fmt: skip
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, delimiter=";").writerows([names, cells])
    import_services(file, folder)
    return folder


def test_through_excel_and_back_changes_nothing(guides: Path, tmp_path: Path) -> None:
    """The CSV opened by Excel, its dates and numbers changed, and saved with semicolons in
    Windows-1252: every card is the same, telephones with their zero too."""
    cards, _ = services_of(guides)
    rows = csv.reader(io.StringIO(export_services(cards, "csv").removeprefix("\ufeff")))
    file = tmp_path / "salvato.csv"
    with file.open("w", newline="", encoding="cp1252") as out:
        csv.writer(out, delimiter=";").writerows(
            [*map(as_excel_opens, row), "", ""] for row in rows
        )
    assert "22/11/2026" in file.read_text("cp1252")
    done = import_services(file, guides, dry_run=True)
    assert {card.outcome for card in done} == {"unchanged"}
    assert len(done) == len(cards)


def test_a_workbook_and_back_changes_nothing(guides: Path, tmp_path: Path) -> None:
    """The workbook opened and saved by another program: the same cards, no cell a formula."""
    file = tmp_path / "carta.xlsx"
    file.write_bytes(to_xlsx(services_of(guides)[0]))
    book = load_workbook(file)
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert any(cell.value == "=2+2" for row in book.active.iter_rows() for cell in row)
    book.save(file)
    done = import_services(file, guides, dry_run=True)
    assert {card.outcome for card in done} == {"unchanged"}


def test_a_workbook_by_hand(tmp_path: Path) -> None:
    """Dates are days; a telephone written as a number is refused with the one it was."""
    from datetime import datetime

    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEADER.split(";"))
    number = WriteOnlyCell(page, value=114321000.0)
    page.append(["Uno", "Una frase.", "casa", "Comune", datetime(2026, 11, 22), "Alba", number])
    file = tmp_path / "a-mano.xlsx"
    book.save(file)
    ((_, row),) = read_table(file, COLUMNS, REQUIRED)
    assert (row["verificato_il"], row["telefono"]) == ("2026-11-22", "114321000")
    with pytest.raises(ImportRejected, match=r"a-mano\.xlsx:2: .*forse 0114321000"):
        import_services(file, tmp_path / "guides")


def test_a_file_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table, and a workbook that would unpack to more than it may."""
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", 100)
    with pytest.raises(BussolaError, match="supera"):
        rows_of(tmp_path, TABLE.encode() * 3)
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", 9_000)
    file = tmp_path / "bomba.xlsx"
    file.write_bytes(to_xlsx(services_of(MADE)[0] * 90))
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", file.stat().st_size)
    with pytest.raises(BussolaError, match="troppo grande"):
        list(read_table(file, COLUMNS, REQUIRED))


def test_the_command_writes_a_workbook(tmp_path: Path) -> None:
    """By the ending of the file; what it wrote comes back unchanged."""
    run, file = CliRunner(), tmp_path / "carta.xlsx"
    folder = shutil.copytree(MADE, tmp_path / "guides")
    assert run.invoke(app, ["export-services", str(file), "--guides", str(folder)]).exit_code == 0
    done = run.invoke(app, ["import-services", str(file), "--guides", str(folder)])
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"uguale"}


def test_csv_08_a_line_end_in_a_name_is_a_blank(tmp_path: Path) -> None:
    """Typed with Alt+Enter in a cell: the title of the card is on one line."""
    guides = with_network(tmp_path / "guides")
    row = ROW.replace("Sportello Città", '"Sportello\nCittà"')
    (tmp_path / "foglio.csv").write_bytes(f"{HEADER}\r\n{row}\r\n".encode("cp1252"))
    (card,) = import_services(tmp_path / "foglio.csv", guides)
    assert "# Sportello Città\n" in (guides / card.path).read_text("utf-8")
