"""`bussola eval export`: cases, and what a run found of them, to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import AsJson, Cases, console, emit, friendly, runs_dir, settings
from eval.suite.folder import CASES_DIR


def export_cases(
    output: Annotated[Path, typer.Argument(help="casi.csv, casi.xlsx, casi.jsonl o cartella.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, promptfoo, beir, trec.")],
    name: Annotated[str, typer.Option("--run", help="Prova da esportare, per trec.")] = "ultima",
    cases: Cases = CASES_DIR,
    as_json: AsJson = False,
) -> None:
    """Scrive i casi per un foglio di calcolo o per altri strumenti."""
    from eval.beir import write_beir
    from eval.runs.result import find_run
    from eval.runs.trec import write_trec
    from eval.suite import exchange
    from eval.suite.folder import load_suite
    from eval.suite.sheet import write_sheet
    from index.publish.snapshot import load_current

    with friendly():
        match form:
            case "csv" | "xlsx":
                write_sheet(load_suite(cases), output.with_suffix(f".{form}"))
            case "promptfoo":
                exchange.write_promptfoo(load_suite(cases), output)
            case "beir":
                snapshot = load_current(settings().var)
                write_beir(exchange.to_beir(load_suite(cases), snapshot), output)
            case "trec":
                write_trec(find_run(name, runs_dir()), output)
            case _:
                raise typer.BadParameter("csv, xlsx, promptfoo, beir o trec", param_hint="--format")
    if as_json:
        emit({"written": str(output)})
    else:
        console.print(f"Scritto in {output}", markup=False)
