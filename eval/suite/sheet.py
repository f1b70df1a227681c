"""Cases as a spreadsheet, for people who do not write YAML: CSV and XLSX, in and out, lossless.

One row a case, one column a key. A cell with several values has one a line; the alternatives of a
fact are separated by «|», the grade of a passage follows a space. A text that a spreadsheet would
take for a formula gets an apostrophe in front, which is taken away when it is read back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from pydantic import ValidationError

from eval.suite.case import WORD_OF, Case
from eval.suite.edited import edited_theme
from eval.suite.folder import CasesError, dump_theme, explain, load_suite
from index.errors import BussolaError
from index.files import replace_file
from index.finding import Finding
from index.services.cells import iso_day
from index.services.spreadsheet import decoded
from index.services.workbook import read_book

PROFILE = {"profilo_" + key: key for key in ("titolo", "data_domanda", "comune")}
COLUMNS = (
    "tema", "id", "domande", *PROFILE, "esito", "passaggi", "fatti", "frasi", "mai", "gravita",
    "etichette", "autore", "data", "perche",
)  # fmt: skip
MOST_UNPACKED = 100_000_000  # bytes that a workbook may hold
_FORMULA = ("=", "+", "-", "@", "'", "\t", "\r")


def write_sheet(cases: Iterable[Case], path: Path) -> None:
    """Write `path`, CSV (UTF-8 with a mark, as spreadsheets want it) or XLSX by its ending."""
    rows = [to_row(case) for case in cases]
    if path.suffix == ".xlsx":
        _write_xlsx(rows, path)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def read_sheet(path: Path) -> tuple[Case, ...]:
    """The cases of a CSV or XLSX file. Raises CasesError with the row of each problem."""
    try:
        rows = _read_xlsx(path) if path.suffix == ".xlsx" else _read_csv(path)
    except (OSError, BussolaError, csv.Error, ValueError) as error:
        raise CasesError([Finding(path.name, 1, f"il foglio non si legge: {error}")]) from error
    findings: list[Finding] = []
    cases: dict[str, Case] = {}
    for line, row in rows:
        case = _case(row, path.name, line, findings)
        if case and case.id in cases:
            findings.append(Finding(path.name, line, f"l'identificativo «{case.id}» è ripetuto"))
        elif case:
            cases[case.id] = case
    if findings:
        raise CasesError(findings)
    return tuple(cases.values())


def save_suite(cases: Sequence[Case], folder: Path) -> list[Path]:
    """Write one YAML file a theme into `folder`; returns the files. Other themes stay, and of a
    file that is there the lines of what did not change."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for theme in dict.fromkeys(case.theme for case in cases):
        path, own = folder / f"{theme}.yaml", [case for case in cases if case.theme == theme]
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        text = edited_theme(there, theme, own) if there else dump_theme(theme, own)
        replace_file(path, text.encode())
        written.append(path)
    return written


def differing(cases: Iterable[Case], folder: Path) -> tuple[list[Case], list[Case]]:
    """(new, changed): the cases that the suite of `folder` does not have, or has otherwise."""
    known = {case.id: case for case in (load_suite(folder) if any(folder.glob("*.yaml")) else ())}
    found = [case for case in cases if known.get(case.id) != case]
    new = [case for case in found if case.id not in known]
    return new, [case for case in found if case.id in known]


def merge_suite(cases: Sequence[Case], folder: Path) -> list[Path]:
    """Put `cases` into the suite of `folder`: a known id is replaced in its place, a new one is
    added at the end of its theme, the others stay. A sheet that was filtered loses nothing, and a
    theme in which nothing changed is not written anew. Raises CasesError when the suite there is
    broken, and then nothing is written."""
    known = {case.id: case for case in (load_suite(folder) if any(folder.glob("*.yaml")) else ())}
    cases = [case for case in cases if known.get(case.id) != case]
    merged = list({**known, **{case.id: case for case in cases}}.values())
    themes = {case.theme for case in cases} | {
        known[case.id].theme for case in cases if case.id in known
    }
    for theme in themes - {case.theme for case in merged}:
        (folder / f"{theme}.yaml").unlink()  # its last case moved to another theme
    return save_suite([case for case in merged if case.theme in themes], folder)


def to_row(case: Case) -> dict[str, str]:
    """One case as a row of a spreadsheet, by column."""
    return {column: _guard(text) for column, text in cells_of(case).items()}


def cells_of(case: Case) -> dict[str, str]:
    """One case as the texts of its cells, by column."""
    profile = case.profile.model_dump(mode="json", by_alias=True)
    return {
        "tema": case.theme,
        "id": case.id,
        "domande": "\n".join(case.turns),
        **{column: profile[key] or "" for column, key in PROFILE.items()},
        "esito": "\n".join(WORD_OF[outcome] for outcome in case.outcomes),
        "passaggi": "\n".join(f"{section} {grade}" for section, grade in case.passages.items()),
        "fatti": "\n".join(" | ".join(fact) for fact in case.facts),
        "frasi": "\n".join(case.units),
        "mai": "\n".join(case.forbidden),
        "gravita": case.severity,
        "etichette": "\n".join(case.tags),
        "autore": case.author,
        "data": case.written_on.isoformat(),
        "perche": case.why,
    }


def from_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    """Texts that somebody wrote elsewhere than in a spreadsheet, as `from_row` takes them."""
    known = {column: text for column, text in cells.items() if column in COLUMNS}
    return from_row({column: _guard(text) for column, text in known.items()})


def from_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a row as the mapping that `Case` validates; empty cells are left out."""
    cells = {column: _text(row.get(column)) for column in row}
    plain: dict[str, Any] = {key: cells.get(key) for key in ("tema", "id", "gravita")}
    plain |= {key: cells.get(key) for key in ("autore", "perche")}
    plain["data"] = iso_day(cells.get("data") or "")
    for key in ("domande", "esito", "frasi", "mai", "etichette"):
        plain[key] = _lines(cells.get(key))
    plain["fatti"] = [_alternatives(line) for line in _lines(cells.get("fatti"))]
    plain["passaggi"] = dict(_graded(line) for line in _lines(cells.get("passaggi")))
    profile = {key: cells[c] for c, key in PROFILE.items() if cells.get(c)}
    plain["profilo"] = {k: iso_day(v) if k == "data_domanda" else v for k, v in profile.items()}
    return {key: value for key, value in plain.items() if value}


def _case(row: Mapping[str, Any], name: str, line: int, findings: list[Finding]) -> Case | None:
    unknown = [str(column) for column in row if column not in COLUMNS]
    if unknown:
        findings.append(Finding(name, 1, f"colonne sconosciute: {', '.join(unknown)}"))
        return None
    try:
        return Case.model_validate(from_row(row))
    except ValidationError as error:
        findings.extend(Finding(name, line, explain(problem)) for problem in error.errors())
        return None


def _guard(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(value: Any) -> str:
    return "" if value is None else str(value).removeprefix("'")


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def _alternatives(line: str) -> list[str]:
    return [phrase.strip() for phrase in line.split("|") if phrase.strip()]


def _graded(line: str) -> tuple[str, Any]:
    section, _, grade = line.rpartition(" ")
    return (section.strip(), int(grade)) if section and grade.isdecimal() else (line, 2)


def _write_xlsx(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "casi"
    page.append(COLUMNS)
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "C2"
    for n, row in enumerate(rows, start=2):
        for column, name in enumerate(COLUMNS, start=1):
            cell = page.cell(row=n, column=column)
            cell.value = row[name]
            cell.data_type = "s"  # text, even where it looks like a formula or an error code
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, name in enumerate(COLUMNS, start=1):
        width = 50 if name in ("domande", "perche", "fatti", "passaggi") else 18
        page.column_dimensions[page.cell(row=1, column=column).column_letter].width = width
    book.save(path)


def _read_xlsx(path: Path) -> list[tuple[int, dict[str, Any]]]:
    rows = list(read_book(path.read_bytes(), path.name, MOST_UNPACKED))
    header = [cell for cell in rows[0][1] if cell] if rows else []
    return [(n, dict(zip(header, row, strict=False))) for n, row in rows[1:] if any(row)]


def _read_csv(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """In the encoding and with the comma, semicolon or tab that the spreadsheet wrote."""
    text = decoded(path.read_bytes(), path.name)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines = io.StringIO(text, newline="")
    reader = csv.DictReader(lines, delimiter=delimiter, restkey="(colonne in più)")
    if not {*(reader.fieldnames or ())} & {*COLUMNS}:
        raise ValueError("la prima riga non ha nessuna colonna dei casi")
    return [(reader.line_num, dict(row)) for row in reader if any(row.values())]
