"""`python -m eval`: run the suite, compare, bless, report, measure. Exit codes: 0 fine, 1 findings
or a regression, 2 wrong usage."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.answers_command import ablate, measure_collections
from eval.benchmarks.command import benchmarks
from eval.collections.command import collections
from eval.console import (
    FINDINGS,
    AsJson,
    Cases,
    Seed,
    console,
    emit,
    friendly,
    network_today,
    progress_bar,
    runs_dir,
    settings,
)
from eval.fitting.command import fit, fit_danger, fit_follows, fit_talk
from eval.judging.command import judge
from eval.load.command import load_service, soak
from eval.page_reader.command import train_reader
from eval.report.command import impact
from eval.runs.export_command import export_cases
from eval.suite.draft_command import drafts
from eval.suite.folder import CASES_DIR
from eval.suite.import_command import import_cases, import_journal
from eval.training.command import train
from index.check.report import count, show
from index.finding import has_error

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Prove di Bussola: casi, confronti, resoconti, misure.",
)  # fmt: skip
app.add_typer(benchmarks, name="benchmark")
collections.command("measure")(measure_collections)
app.add_typer(collections, name="collection")
app.add_typer(drafts, name="draft")
app.command("load")(load_service)
app.command("soak")(soak)
app.command("judge")(judge)
app.command("train")(train)
app.command("fit")(fit)
app.command("fit-danger")(fit_danger)
app.command("fit-follows")(fit_follows)
app.command("fit-talk")(fit_talk)
app.command("ablate")(ablate)
app.command("train-reader")(train_reader)
app.command("export")(export_cases)
app.command("import")(import_cases)
app.command("import-journal")(import_journal)
app.command("impact")(impact)


@app.command()
def check(
    cases: Cases = CASES_DIR,
    fix: Annotated[
        bool, typer.Option("--fix", help="Scrive i passaggi di oggi al posto di quelli spostati.")
    ] = False,
    silences: Annotated[
        bool, typer.Option("--silences", help="Cerca le guide che rispondono ai casi di silenzio.")
    ] = False,
) -> None:
    """Controlla i casi: ogni problema con file e riga."""
    from chatbot.library import Library
    from eval.runs.silences import answered_silences
    from eval.suite import targets
    from eval.suite.folder import load_suite
    from index.publish.snapshot import load_current

    with friendly(), progress_bar() as progress:
        suite, snapshot = load_suite(cases), load_current(settings().var)
        if fix:
            for file in targets.fix_targets(suite, snapshot, cases):
                console.print(f"Scritto {file.name}", markup=False)
            suite = load_suite(cases)
        findings = targets.dead_targets(suite, snapshot, cases)
        findings += targets.bare_numbers(suite, cases)
        if silences:
            bot = Library.open(settings()).bot
            findings += answered_silences(
                suite, bot, snapshot, cases, partial(progress, "casi di silenzio")
            )
    for finding in sorted(findings):
        typer.echo(show(finding))
    console.print(f"{len(suite)} casi, {count(findings)}")
    if has_error(findings):
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
    from eval.report.show import show_session
    from eval.runs.session import run_session

    with friendly(), progress_bar() as progress:
        session = run_session(settings(), cases, theme, tag, seed, robustness, progress)
    if as_json:
        emit(session.to_json())
    else:
        show_session(session, console)
    if session.red:
        raise typer.Exit(FINDINGS)


@app.command()
def compare(
    before: Annotated[str, typer.Argument(help="La prova di prima.")],
    after: Annotated[str, typer.Argument(help="La prova di dopo.")] = "ultima",
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Confronta due prove (file, nome, `ultima`, `penultima`); 1 se c'è una regressione.

    `riferimento`, al posto della prova di prima, è quella scelta con `bless`."""
    from eval.report.show import show_comparison
    from eval.runs.baseline import find_reference
    from eval.runs.compare import compare as compare_runs
    from eval.runs.result import find_run

    with friendly():
        old, new = find_reference(before, runs_dir()), find_run(after, runs_dir())
        found = compare_runs(old, new, seed)
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
    cases: Cases = CASES_DIR,
) -> None:
    """Fa di una prova il riferimento delle prossime, con il motivo."""
    from eval.report.show import show_comparison
    from eval.runs.baseline import BLESSED, blessed_run, check_blessing
    from eval.runs.baseline import bless as bless_run
    from eval.runs.compare import compare as compare_runs
    from eval.runs.result import RunError, find_run
    from eval.runs.steady import shaken
    from eval.runs.summary import summarise
    from eval.suite.folder import digest, load_suite

    before = None
    with friendly(), progress_bar() as progress:
        chosen, asked = find_run(name, runs_dir()), digest(load_suite(cases))
        check_blessing(chosen, reason, asked)
        with suppress(RunError):  # a broken reference is what a new one is for
            before = blessed_run()
        unsteady = shaken(settings(), chosen, partial(progress, "casi al limite"))
        bless_run(chosen, reason, summarise(chosen), asked, network_today(), unsteady)
    if before:
        show_comparison(compare_runs(before, chosen), console)
    console.print(
        f"La prova {chosen.id} è il nuovo riferimento (eval/{BLESSED}, eval/baseline.json): "
        f"{len(chosen.results)} casi, di cui {len(unsteady)} importanti al limite.",
        markup=False,
    )  # fmt: skip


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="Prova: file, nome, `ultima`.")] = "ultima",
    against: Annotated[str, typer.Option(help="Prova con cui confrontarla.")] = "",
    output: Annotated[Path, typer.Option(help="File da scrivere.")] = Path("resoconto.html"),
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Anche su carta: il PDF da scrivere.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Prima pone tutte le raccolte e tutti i casi.")
    ] = False,
) -> None:
    """Scrive il resoconto: una pagina HTML che si apre dal disco, prima le domande di persone."""
    from eval.benchmarks.run_whole import KEPT, ask_everything
    from eval.collections.measured import read_measured
    from eval.collections.register import read_register
    from eval.judging.facts import second_look
    from eval.judging.judge import Judged
    from eval.report.page import SERVER, render_report
    from eval.report.pdf import report_pdf
    from eval.runs.baseline import blessed_run, find_reference, read_baseline
    from eval.runs.compare import compare as compare_runs
    from eval.runs.history import read_history
    from eval.runs.result import find_run

    with friendly(), progress_bar() as progress:
        if whole:
            ask_everything(settings(), CASES_DIR, progress)
        chosen = find_run(name, runs_dir())
        before = find_reference(against, runs_dir()) if against else blessed_run()
        found = compare_runs(before, chosen) if before else None
        past = read_history(runs_dir().parent, chosen.id)
        judged = Judged.of(chosen, runs_dir().parent / "judge")
        measured = read_measured(settings().var / KEPT, read_register())
        seen = second_look(
            chosen, settings().reader, runs_dir().parent / "facts", partial(progress, "fatti")
        )
        server = str(settings().public_address or SERVER).rstrip("/")
        text = render_report(chosen, read_baseline(), found, past, judged, measured, server, seen)
        output.write_text(text, encoding="utf-8")
        if pdf:
            pdf.write_bytes(report_pdf(chosen, read_baseline(), found, measured))
    told = f"{output} e in {pdf}" if pdf else str(output)
    console.print(f"Resoconto scritto in {told}", markup=False)


if __name__ == "__main__":
    app()
