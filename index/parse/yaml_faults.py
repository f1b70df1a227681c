"""Why a text is no YAML, in the words of who wrote it: where the fault is, and what to do."""

from __future__ import annotations

import re

import yaml

_TAB = re.compile(r"[ ]*\t\s*\S")
_VALUE = re.compile(r"\s*(?:- )*[^\s:][^:]*:\s+\S")
OTHERWISE = "controlla i due punti, le virgolette e i rientri"


def fault_of(text: str, error: Exception) -> tuple[int, str]:
    """The line, from 0, where `text` is to be mended after an error of its reading, and how."""
    mark = getattr(error, "problem_mark", None)
    if not isinstance(error, yaml.MarkedYAMLError) or mark is None:
        return 0, OTHERWISE
    lines = text.split("\n")
    number = min(mark.line, len(lines) - 1)
    tab = next((n for n in (number, number - 1) if n >= 0 and _TAB.match(lines[n])), None)
    if tab is not None:
        return tab, "la riga comincia con un tabulatore: al suo posto metti degli spazi"
    begun = error.context_mark
    context, problem = error.context or "", error.problem or ""
    if begun and "quoted scalar" in context:
        return begun.line, "le virgolette aperte qui non sono mai chiuse"
    if begun and "flow" in context:
        return begun.line, "la parentesi aperta qui non è mai chiusa"
    return number, _at(lines[number], mark.column, problem)


def _at(line: str, column: int, problem: str) -> str:
    """How to mend a line at a column."""
    before, sign = line[:column], line[column : column + 1]
    if sign and re.search("cannot start|alias|tag", problem):
        return f"un valore che comincia con «{sign}» va fra virgolette"
    if "sequence entries" in problem:
        return "un elenco comincia in una riga nuova, con «- »"
    if re.search("[\"'](?:[^\\s\"'].*)?$", before.rstrip()) and re.search("[\"']", before[:-1]):
        return (
            "dopo le virgolette c'è altro testo: se il valore ne contiene, usa \"…\" e dentro '…'"
        )
    if "mapping values" in problem and _VALUE.match(before):
        return "un valore che contiene «: » va fra virgolette"
    if "mapping values" in problem:
        return "la riga prima non è una «chiave: valore», oppure questa è rientrata troppo"
    return f"il rientro non è quello delle altre righe, o manca «: »; {OTHERWISE}"
