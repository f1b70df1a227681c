"""The charter as a workbook (XLSX): cells of text, which no spreadsheet changes on opening."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from index.errors import BussolaError

WIDTH, WIDE = 18, 50  # characters
LONG = ("nome", "descrizione", "fonte")


def write_book(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """A workbook of one sheet: `columns`, then the rows, all of them text."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "servizi"
    page.append(list(columns))
    for cell in page[1]:
        cell.font = Font(bold=True)
        page.column_dimensions[cell.column_letter].width = WIDE if cell.value in LONG else WIDTH
    page.freeze_panes = "C2"
    for line, row in enumerate(rows, start=2):
        for number, column in enumerate(columns, start=1):
            cell = page.cell(row=line, column=number)
            cell.value = row[column]
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_book(data: bytes, name: str, most: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers, cells as text. Raises BussolaError when it
    is no workbook, or would unpack to more than `most` bytes."""
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > most:
                raise BussolaError(f"{name} è troppo grande: salvalo come CSV")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, [_text(cell) for cell in cells]
    except (BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise BussolaError(f"{name} non è una cartella di Excel che si legge: {error}") from None


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
