"""The suite: cases read from YAML files, one per theme, every problem with its file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.constructor import SafeConstructor

from eval.suite.case import Case
from index.errors import LIKE_A_DATE, BussolaError
from index.finding import Finding, Severity

CASES_DIR = Path(__file__).parent.parent / "cases"

# pydantic's error types, in the words of somebody who writes cases
_MESSAGES = {
    "missing": "manca questa chiave",
    "extra_forbidden": "chiave sconosciuta",
    "string_type": "deve essere un testo (se serve, fra virgolette)",
    "string_too_short": "il testo è vuoto",
    "string_too_long": "il testo supera {max_length} caratteri",
    "string_pattern_mismatch": "solo minuscole senza accento, cifre e trattini",
    "tuple_type": "deve essere un elenco",
    "dict_type": "deve essere un elenco di «chiave: valore»",
    "model_type": "deve essere un elenco di «chiave: valore»",
    "too_short": "l'elenco è vuoto",
    "int_type": "deve essere un numero intero",
    "greater_than_equal": "deve essere almeno {ge}",
    "less_than_equal": "deve essere al massimo {le}",
    "literal_error": "valore non ammesso: usare alta, media o bassa",
    "date_from_datetime_inexact": LIKE_A_DATE,
    "date_from_datetime_parsing": LIKE_A_DATE,
    "date_type": LIKE_A_DATE,
    "date_parsing": LIKE_A_DATE,
    "value_error": "{error}",
}


class CasesError(BussolaError):
    """The cases have errors: nothing was run."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def load_suite(folder: Path = CASES_DIR) -> tuple[Case, ...]:
    """All cases of `folder/*.yaml`, by theme and then in the order of the file.

    Raises CasesError with every problem of every file, as `file:line: message` in Italian.
    """
    files = sorted(folder.glob("*.yaml"))
    findings: list[Finding] = []
    cases: list[Case] = []
    seen: dict[str, str] = {}
    if not files:
        findings.append(Finding(str(folder), 1, "nessun file di casi (*.yaml) in questa cartella"))
    for file in files:
        for case, line in _load_file(file, findings):
            if case.id in seen:
                message = f"l'identificativo «{case.id}» c'è già in {seen[case.id]}"
                findings.append(Finding(file.name, line, message))
            seen.setdefault(case.id, f"{file.name}:{line}")
            cases.append(case)
    if findings:
        raise CasesError(findings)
    return tuple(cases)


def digest(cases: Sequence[Case]) -> str:
    """sha256 over the cases, whatever their order: two runs compare only on the same cases."""
    lines = sorted(case.model_dump_json() for case in cases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def line_of(case: Case, folder: Path) -> int:
    """The line of the theme's file where the case begins; 1 when it is not there."""
    file = folder / f"{case.theme}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    start = re.compile(rf"\s*-?\s*id:\s*['\"]?{case.id}['\"]?\s*$")
    return next((n for n, line in enumerate(lines, start=1) if start.match(line)), 1)


def finding_of(case: Case, folder: Path, what: str, severity: Severity = "error") -> Finding:
    """What is wrong with a case, at its line of the theme's file."""
    line = line_of(case, folder)
    return Finding(f"{case.theme}.yaml", line, f"caso «{case.id}»: {what}", "", severity)


def dump_theme(theme: str, cases: Iterable[Case]) -> str:
    """The text of a theme's file; `load_suite` gives the same cases back."""
    plain = [
        {key: value for key, value in case.to_plain().items() if key != "tema"} for case in cases
    ]
    return yaml.safe_dump(
        {"tema": theme, "casi": plain}, allow_unicode=True, sort_keys=False, width=100
    )


def _load_file(file: Path, findings: list[Finding]) -> list[tuple[Case, int]]:
    """The valid cases of a file with their lines; what is wrong goes into `findings`."""
    try:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)  # a fifth of the time of the other
    except UnicodeDecodeError:
        findings.append(Finding(file.name, 1, "il file non è in UTF-8"))
        return []
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 1
        findings.append(
            Finding(
                file.name,
                line,
                f"YAML non valido ({error.problem}): forse un testo va fra virgolette",
            )
        )
        return []
    except yaml.YAMLError as error:
        findings.append(Finding(file.name, 1, f"YAML non valido: {error}"))
        return []
    lines: dict[tuple[Hashable, ...], int] = {}
    plain: Any = _plain(root, (), lines, file.name, findings) if root else None
    problem = _head_problem(plain, file.stem)
    if problem:
        findings.append(Finding(file.name, 1, problem))
        return []
    cases = [
        _case(n, entry, plain["tema"], lines, file.name, findings)
        for n, entry in enumerate(plain["casi"])
    ]
    return [(case, lines[("casi", n)]) for n, case in enumerate(cases) if case]


def _head_problem(plain: Any, stem: str) -> str:
    if (
        not isinstance(plain, dict)
        or set(plain) != {"tema", "casi"}
        or not isinstance(plain["casi"], list)
    ):
        return "il file deve avere due chiavi: «tema» e «casi» (un elenco)"
    if plain["tema"] != stem:
        return f"«tema» deve essere il nome del file: {stem}"
    return ""


def _case(n: int, entry: Any, theme: str, lines: dict[tuple[Hashable, ...], int], name: str,
          findings: list[Finding]) -> Case | None:  # fmt: skip
    start = ("casi", n)
    if not isinstance(entry, dict) or "tema" in entry:
        findings.append(
            Finding(name, lines[start], "ogni caso è un elenco di «chiave: valore» senza «tema»")
        )
        return None
    try:
        return Case.model_validate({"tema": theme, **entry})
    except ValidationError as error:
        for problem in error.errors():
            path = (*start, *problem["loc"])
            findings.append(Finding(name, _line_of(path, lines), explain(problem)))
        return None


def explain(problem: Any) -> str:
    """One pydantic error as an Italian sentence that begins with the key it speaks of."""
    context = dict(problem.get("ctx") or {})
    template = _MESSAGES.get(problem["type"], problem["msg"])
    message = template.format(**context) if problem["type"] in _MESSAGES else template
    keys = [str(part) for part in problem["loc"] if isinstance(part, str) and part != "[key]"]
    if problem["type"] == "string_pattern_mismatch" and keys[0] == "passaggi":
        message = "scrivere guida#ancora, per esempio conto-di-base#documenti"
    return f"«{keys[0]}»: {message}" if keys else message


def _line_of(path: tuple[Hashable, ...], lines: dict[tuple[Hashable, ...], int]) -> int:
    """The line of the longest part of `path` that is in the file (a missing key is not)."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _plain(node: yaml.Node, path: tuple[Hashable, ...], lines: dict[tuple[Hashable, ...], int],
           name: str, findings: list[Finding]) -> Any:  # fmt: skip
    """The value of a node; `lines` learns where each path stands. Repeated keys are findings."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(child, (*path, n), lines, name, findings) for n, child in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            if key in mapping:
                findings.append(
                    Finding(name, key_node.start_mark.line + 1, f"chiave «{key}» ripetuta")
                )
            mapping[key] = _plain(value_node, (*path, key), lines, name, findings)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return mapping
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    value = SafeConstructor().construct_object(node, deep=True)
    return str(value) if isinstance(value, bytes) else value
