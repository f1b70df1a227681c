"""`python -m eval`: run the suite, compare, bless, report, measure. Exit codes: 0 fine, 1 findings
or a regression, 2 wrong usage."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.command import ablate, benchmarks
from eval.collections.command import collections
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
from eval.fitting.command import fit, fit_danger, fit_follows, fit_talk
from eval.judging.command import judge
from eval.load.command import load_service, soak
from eval.page_reader.command import train_reader
from eval.suite.folder import CASES_DIR
from eval.training.command import train
from index.check.report import count, show
from index.finding import has_error

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Prove di Bussola: casi, confronti, resoconti, misure.",
)  # fmt: skip
app.add_typer(benchmarks, name="benchmark")
app.add_typer(collections, name="collection")
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
            findings += targets.answered_silences(
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
        bless_run(chosen, reason, summarise(chosen), asked, unsteady)
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
    whole: Annotated[
        bool, typer.Option("--all", help="Prima pone tutte le raccolte e tutti i casi.")
    ] = False,
) -> None:
    """Scrive il resoconto: una pagina HTML che si apre dal disco, prima le domande di persone."""
    from eval.benchmarks.run_whole import KEPT, measure_all
    from eval.collections.measured import read_measured
    from eval.collections.register import read_register
    from eval.judging.judge import Judged
    from eval.report.page import SERVER, render_report
    from eval.runs.baseline import blessed_run, find_reference, read_baseline
    from eval.runs.compare import compare as compare_runs
    from eval.runs.history import read_history
    from eval.runs.result import find_run
    from eval.runs.session import run_session

    with friendly(), progress_bar() as progress:
        if whole:
            measure_all(settings(), (), progress)
            run_session(settings(), CASES_DIR, "", "", 0, False, progress)
        chosen = find_run(name, runs_dir())
        before = find_reference(against, runs_dir()) if against else blessed_run()
        found = compare_runs(before, chosen) if before else None
        past = read_history(runs_dir().parent, chosen.id)
        judged = Judged.of(chosen, runs_dir().parent / "judge")
        measured = read_measured(settings().var / KEPT, read_register())
        server = str(settings().public_address or SERVER).rstrip("/")
        text = render_report(chosen, read_baseline(), found, past, judged, measured, server)
        output.write_text(text, encoding="utf-8")
    console.print(f"Resoconto scritto in {output}", markup=False)


@app.command()
def impact(
    draft: Annotated[str, typer.Argument(help="Cartella di guide o nome di un'istantanea.")],
    html: Annotated[Path | None, typer.Option("--html", help="Scrive anche una pagina.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, o un commento: markdown, github, gitlab.")
    ] = "text",
    cases: Cases = CASES_DIR,
    as_json: AsJson = False,
) -> None:
    """Dice che cosa cambierebbe una bozza delle guide: casi migliori, peggiori, uguali."""
    from chatbot.library import Library
    from eval.report.comment import FORMATS, impact_comment
    from eval.report.impact import impact_html, impact_text, measure_impact, open_draft
    from eval.suite.folder import load_suite

    if form not in FORMATS:
        raise typer.BadParameter(", ".join(FORMATS), param_hint="--format")
    with friendly(), progress_bar() as progress:
        suite, library = load_suite(cases), Library.open(settings())
        new = open_draft(draft, settings().var, library.bot.encoder)
        found = measure_impact(library.bot, library.snapshot, new, suite, progress, cases)
    if html:
        html.write_text(impact_html(found), encoding="utf-8")
    if as_json:
        emit(found.to_json())
    else:
        typer.echo(impact_text(found) if form == "text" else impact_comment(found, form))
    if found.red:
        raise typer.Exit(FINDINGS)


@app.command("export")
def export_cases(
    output: Annotated[Path, typer.Argument(help="casi.csv, casi.xlsx, casi.jsonl o cartella.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, promptfoo, beir, trec.")],
    name: Annotated[str, typer.Option("--run", help="Prova da esportare, per trec.")] = "ultima",
    cases: Cases = CASES_DIR,
) -> None:
    """Scrive i casi per un foglio di calcolo o per altri strumenti."""
    from eval.beir import write_beir
    from eval.runs.result import find_run
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
                exchange.write_trec(find_run(name, runs_dir()), output)
            case _:
                raise typer.BadParameter("csv, xlsx, promptfoo, beir o trec", param_hint="--format")
    console.print(f"Scritto in {output}", markup=False)


@app.command("import")
def import_cases(
    source: Annotated[Path, typer.Argument(exists=True, help="casi.csv, casi.xlsx, casi.jsonl.")],
    cases: Cases = CASES_DIR,
) -> None:
    """Riporta nei casi un foglio di calcolo o un file promptfoo; gli altri casi restano."""
    from eval.suite.exchange import read_promptfoo
    from eval.suite.sheet import merge_suite, read_sheet

    with friendly():
        read = read_promptfoo if source.suffix == ".jsonl" else read_sheet
        written = merge_suite(read(source), cases)
    told = f"Scritti: {', '.join(path.name for path in written)}" if written else "Niente di nuovo."
    console.print(told, markup=False)


@app.command("import-journal")
def import_journal(
    output: Annotated[Path | None, typer.Option(help="Cartella delle bozze.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Da quando.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fa bozze di casi dalle domande senza risposta e dai giudizi nel registro."""
    from chatbot.journal.engine import journal_url, open_engine
    from eval.suite.journal_cases import add_drafts, drafts
    from index.parse.network_folder import read_network

    places = settings()
    folder = output or places.var / "eval" / "bozze"
    with friendly():
        url = journal_url(places.journal_url, places.var)
        if not url:
            raise typer.BadParameter("il registro è spento (BUSSOLA_JOURNAL_URL=off)")
        moment = since.replace(tzinfo=UTC) if since else None
        new = add_drafts(drafts(open_engine(url), moment, read_network(places.guides)[0]), folder)
    path = folder / "bozze.yaml"
    if as_json:
        emit({"new": new, "file": str(path)})
    else:
        console.print(f"{new} bozze nuove o aggiornate in {path}", markup=False)


if __name__ == "__main__":
    app()
