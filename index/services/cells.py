"""What a spreadsheet makes of a cell: dates in its own form, numbers without their zeros."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from index.network import Network
from index.phone import phone_problem

DATES = ("verificato_il", "rivedere_entro")
PHONES = ("telefono", "whatsapp")
_SERIAL_START = date(1899, 12, 30)  # day 0 of spreadsheets
_SERIAL = re.compile(r"[3-6]\d{4}")  # days of this century and of the end of the last
_ISO = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})([ T]0?0:00(:00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})([ T]0?0:00(:00)?)?")
_MADE_A_DATE = re.compile(r"\d{1,2}[-/ ][a-z]{3}([-/ ]\d+)?|\d{1,2}/\d{1,2}/\d+|\d{4}-\d\d-\d\d")
_ERROR = re.compile(r"#{3,}|#[A-Z0-9/]+[!?]?")  # what does not fit in its cell; #NOME?, #N/D


def iso_day(text: str) -> str:
    """A day as the guides write it, year first or day first, whatever stands between,
    with or without a midnight behind; any other text as it is."""
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.group(1).split("-"))
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups()[:3])
    else:
        return text
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def spoilt(row: Mapping[str, str], network: Network) -> Iterator[str]:
    """What a spreadsheet did to the cells of a row, with the right value where it can be told."""
    for column, cell in row.items():
        if problem := _problem(column, cell, network):
            yield f"«{column}»: {problem}"


def _problem(column: str, cell: str, network: Network) -> str | None:
    if _ERROR.fullmatch(cell) or "\ufffd" in cell:
        return f"al posto del testo c'è «{cell:.40}»: scrivilo di nuovo"
    if meant := _garbled(cell):
        return f"le lettere accentate sono rovinate, forse «{meant:.60}»? Salva come «CSV UTF-8»"
    if column in DATES and (day := iso_day(cell)) and not _ISO.fullmatch(day):
        meant = f", forse {_of_serial(cell)}" if _SERIAL.fullmatch(cell) else ""
        return f"«{cell:.40}» deve essere una data come aaaa-mm-gg o gg/mm/aaaa{meant}"
    if column in PHONES:
        problems = (phone_problem(value.strip(), network.phone_country)
                    for value in cell.split(";") if value.strip())  # fmt: skip
        return next(filter(None, problems), None)
    if column == "orari" and _MADE_A_DATE.fullmatch(cell.lower()):
        return f"«{cell}» è una data: riscrivi gli orari in una cella di formato testo"
    return None


def _garbled(cell: str) -> str | None:
    """The text that was in UTF-8 and was read as Windows-1252; None where it was not."""
    try:
        meant = cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
    return meant if meant != cell else None


def _of_serial(cell: str) -> str:
    return (_SERIAL_START + timedelta(days=int(cell))).isoformat()
