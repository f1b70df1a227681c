"""`python -m eval`: run the suite, compare, bless, report, measure. Exit codes: 0 fine, 1 findings
or a regression, 2 wrong usage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.command import benchmarks
from eval.console import (
    FINDINGS,
    AsJson,
    Cases,
    Seed,
    console,
    emit,
    friendly,
    progress_bar,
    runs_dir,
    settings,
)
from eval.suite import CASES_DIR

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Prove di Bussola: casi, confronti, resoconti, misure.",
)  # fmt: skip
app.add_typer(benchmarks, name="benchmark")


@app.command()
def check(cases: Cases = CASES_DIR) -> None:
    """Controlla i casi: ogni problema con file e riga."""
    from eval.run import dead_targets
    from eval.suite import load_suite
    from index.snapshot import load_current

    with friendly():
        suite = load_suite(cases)
        findings = dead_targets(suite, load_current(settings().var), cases)
    for finding in findings:
        typer.echo(str(finding))
    console.print(f"{len(suite)} casi, {len(findings)} problemi")
    if findings:
        raise typer.Exit(FINDINGS)


@app.command()
def run(
    cases: Cases = CASES_DIR,
    theme: Annotated[str, typer.Option(help="Solo i casi di questo tema.")] = "",
    tag: Annotated[str, typer.Option(help="Solo i casi con questa etichetta.")] = "",
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Anche con refusi, maiuscole, senza accenti…")
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Pone tutti i casi a Bussola e dice quanto va bene; esce con 1 sotto le soglie."""
    from eval.session import run_session
    from eval.show import show_session

    with friendly(), progress_bar() as progress:
        session = run_session(settings(), cases, theme, tag, seed, robustness, progress)
    if as_json:
        emit(session.to_json())
    else:
        show_session(session, console)
    if session.red:
        raise typer.Exit(FINDINGS)


@app.command()
def compare(before: str, after: str = "ultima", seed: Seed = 0, as_json: AsJson = False) -> None:
    """Confronta due prove (file, nome, `ultima`, `penultima`); 1 se c'è una regressione."""
    from eval.compare import compare as compare_runs
    from eval.result import find_run
    from eval.show import show_comparison

    with friendly():
        found = compare_runs(find_run(before, runs_dir()), find_run(after, runs_dir()), seed)
    if as_json:
        emit(found.to_json())
    else:
        show_comparison(found, console)
    if found.regressions:
        raise typer.Exit(FINDINGS)


@app.command()
def bless(
    reason: Annotated[str, typer.Option("--reason", help="Perché: resta accanto alle cifre.")],
    name: Annotated[str, typer.Argument(help="Prova da prendere a riferimento.")] = "ultima",
) -> None:
    """Fa di una prova il riferimento delle prossime, con il motivo."""
    from eval.baseline import bless as bless_run
    from eval.result import find_run
    from eval.summary import summarise

    with friendly():
        chosen = find_run(name, runs_dir())
        bless_run(chosen, reason, summarise(chosen))
    console.print(f"La prova {chosen.id} è il nuovo riferimento.")


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="Prova: file, nome, `ultima`.")] = "ultima",
    against: Annotated[str, typer.Option(help="Prova con cui confrontarla.")] = "",
    output: Annotated[Path, typer.Option(help="File da scrivere.")] = Path("resoconto.html"),
) -> None:
    """Scrive il resoconto di una prova: una pagina HTML che si apre dal disco."""
    from eval.baseline import blessed_run, read_baseline
    from eval.compare import compare as compare_runs
    from eval.history import read_history
    from eval.report import render_report
    from eval.result import find_run

    with friendly():
        chosen = find_run(name, runs_dir())
        before = find_run(against, runs_dir()) if against else blessed_run()
        found = compare_runs(before, chosen) if before else None
        past = read_history(runs_dir().parent, chosen.id)
        output.write_text(render_report(chosen, read_baseline(), found, past), encoding="utf-8")
    console.print(f"Resoconto scritto in {output}", markup=False)


if __name__ == "__main__":
    app()
