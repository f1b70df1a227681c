"""A table as spreadsheets really save it, to rows of text.

CSV in UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs, with or without `sep=;`;
XLSX, where a date is a date. What cannot be kept is told, never left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rapidfuzz import process

from index.errors import BussolaError
from index.letters import fold
from index.services.table import plain

MAX_BYTES = 20_000_000  # of a file, and of what an XLSX unpacks to, five times as many
DELIMITERS = ",;\t"
_SEPARATOR = re.compile(r'"?sep=(.)"?[ ,;\t]*\r?\n', re.IGNORECASE)
_ALIKE = 75  # of 100: a column named this nearly was meant
Row = tuple[int, list[str]]  # the line it starts at, and its cells


def read_table(
    file: Path, columns: Sequence[str], required: Iterable[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells, by column, of each row that has any; blanks around them taken off. A
    value beyond the columns has the column «».

    Raises BussolaError when the file cannot be read, or has not the `columns` it should: those
    `required` missing, one unknown, one twice.
    """
    rows = _rows(file, columns)
    line, names = next(((n, cells) for n, cells in rows if any(cells)), (1, []))
    header = [_column(name) for name in names]
    while header and not header[-1]:
        header.pop()
    _check_columns(f"{file.name}:{line}", header, names, columns, required)
    for line, cells in rows:
        if any(cells):
            named = {name: cell for name, cell in zip(header, cells, strict=False) if name}
            beyond = [c for n, c in enumerate(cells) if c and (n >= len(header) or not header[n])]
            yield line, named | ({"": "; ".join(beyond)} if beyond else {})


def _rows(file: Path, columns: Sequence[str]) -> Iterator[Row]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BussolaError(f"{file.name} supera i {MAX_BYTES // 1_000_000} MB: dividilo")
        data = file.read_bytes()
    except OSError as error:
        raise BussolaError(f"{file.name} non si legge: {error.strerror}") from None
    if data.startswith(b"PK"):
        from index.services.workbook import read_book

        return read_book(data, file.name, 5 * MAX_BYTES)
    return _of_text(decoded(data, file.name), file.name, columns)


def decoded(data: bytes, name: str) -> str:
    """The text of a CSV: UTF-8; UTF-16, which Excel calls Unicode text; or Windows-1252, which
    Excel writes when it is not asked. Raises BussolaError when it is none of these."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"),
                           (b"", "cp1252")):  # fmt: skip
        try:
            text = data.decode(encoding) if data.startswith(mark) else "\0"
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BussolaError(
        f"{name} non è un CSV che so leggere: salvalo come «CSV UTF-8», o come .xlsx, dal foglio "
        "di calcolo"
    )


def _of_text(text: str, name: str, columns: Sequence[str]) -> Iterator[Row]:
    said = _SEPARATOR.match(text)
    first = 1 if said is None else 2
    text = text[said.end() :] if said else text
    delimiter = said.group(1) if said else _delimiter(text, columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first
    try:
        for cells in reader:
            yield line, [plain(cell.strip()) for cell in cells]
            line = reader.line_num + first
    except csv.Error as error:
        raise BussolaError(f"{name}:{line}: la riga non si legge ({error})") from None


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The one that cuts the first line with words into most of the columns."""
    header = next((line for line in text.splitlines() if line.strip(DELIMITERS + " ")), "")

    def known(delimiter: str) -> int:
        return len({_column(name.strip('"')) for name in header.split(delimiter)} & set(columns))

    return max(DELIMITERS, key=known)


def _column(name: str) -> str:
    """A column as it is named in the documents, from how it was written over the cells."""
    return "_".join(fold(name).replace("_", " ").split())


def _check_columns(
    where: str,
    found: Sequence[str],
    names: Sequence[str],
    columns: Sequence[str],
    required: Iterable[str],
) -> None:
    told = [f"manca la colonna «{name}»" for name in sorted(set(required) - set(found))]
    for number, (column, name) in enumerate(zip(found, names, strict=False)):
        if column in found[:number] and column:
            told.append(f"la colonna «{name}» c'è due volte")
        elif column and column not in columns:
            near = process.extractOne(column, columns, score_cutoff=_ALIKE)
            meant = f", forse «{near[0]}»" if near else ""
            told.append(f"colonna sconosciuta «{name}»{meant}")
    if told:
        raise BussolaError(
            f"{where}: {'; '.join(told)}. Correggi il nome o togli la colonna, così nulla va "
            f"perso. Colonne: {', '.join(columns)}"
        )
