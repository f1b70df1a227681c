"""`python -m index`: check, build, publish and look at snapshots."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from index.check import check_folder
from index.finding import BussolaError, Finding, GuidesRejected

FINDINGS = 1  # exit code: something to correct

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Dalle guide in Markdown all'istantanea pubblicata.",
)
console = Console(stderr=True, highlight=False)

Guides = Annotated[
    Path, typer.Option("--guides", envvar="BUSSOLA_GUIDES", help="Cartella delle guide.")
]
Var = Annotated[
    Path, typer.Option("--var", envvar="BUSSOLA_VAR", help="Cartella di ciò che viene generato.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Risultato in JSON, per un programma.")]


def fail(error: BussolaError) -> NoReturn:
    console.print(str(error), style="red", markup=False, soft_wrap=True)
    raise typer.Exit(FINDINGS)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, shown from the first step on."""
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def load_encoder(var: Path) -> Any:
    from index.encoder import Encoder
    from index.model import ensure_model

    return Encoder.load(ensure_model(var / "models", progress=console.print))


@app.command()
def check(
    guides: Guides = Path("guides"),
    output: Annotated[str, typer.Option("--format", help="text, json o github.")] = "text",
) -> None:
    """Controlla tutte le guide: ogni problema con file e riga."""
    if output not in {"text", "json", "github"}:
        raise typer.BadParameter("i formati sono: text, json, github", param_hint="--format")
    try:
        found, findings = check_folder(guides)
    except BussolaError as error:
        fail(error)
    for line in _format(findings, output):
        typer.echo(line)
    console.print(f"{len(found)} guide lette, {len(findings)} problemi")
    if findings:
        raise typer.Exit(FINDINGS)


def _format(findings: list[Finding], output: str) -> Iterator[str]:
    if output == "json":
        fields = ("path", "line", "message", "rule", "severity")
        yield json.dumps([{k: getattr(f, k) for k in fields} for f in findings], ensure_ascii=False)
    elif output == "github":
        yield from (f"::{f.severity} file={f.path},line={f.line}::{f.message}" for f in findings)
    else:
        yield from map(str, findings)


@app.command()
def build(
    guides: Guides = Path("guides"),
    var: Var = Path("var"),
    draft: Annotated[bool, typer.Option("--draft", help="Costruisci senza pubblicare.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Di' solo che cosa cambia.")] = False,
    as_json: AsJson = False,
) -> None:
    """Controlla, costruisce e pubblica un'istantanea."""
    from index.build import build as build_snapshot

    try:
        encoder = load_encoder(var)
        with progress_bar("Passaggi da leggere") as progress:
            summary = build_snapshot(
                guides, var, encoder, publish=not draft, dry_run=dry_run, progress=progress
            )
    except GuidesRejected as error:
        for finding in error.findings:
            typer.echo(str(finding))
        console.print("Non ho pubblicato nulla: correggi e riprova.", style="red")
        raise typer.Exit(FINDINGS) from None
    except BussolaError as error:
        fail(error)
    if as_json:
        typer.echo(json.dumps(summary.to_json()))
        return
    done = "Pubblicata" if summary.published else "Prova" if dry_run else "Bozza"
    typer.echo(
        f"{done} {summary.snapshot}\n"
        f"{summary.guides} guide, {summary.passages} passaggi: {summary.added} nuovi, "
        f"{summary.changed} cambiati, {summary.removed} tolti, {summary.reused} uguali "
        f"({summary.encoded} letti dal modello)"
    )


@app.command()
def publish(snapshot: str, var: Var = Path("var")) -> None:
    """Pubblica un'istantanea già costruita."""
    from index.publish import publish as publish_snapshot

    try:
        publish_snapshot(var, snapshot)
    except BussolaError as error:
        fail(error)
    typer.echo(f"Pubblicata {snapshot}")


@app.command()
def rollback(var: Var = Path("var")) -> None:
    """Torna all'istantanea precedente."""
    from index.publish import rollback as roll_back

    try:
        snapshot = roll_back(var)
    except BussolaError as error:
        fail(error)
    typer.echo(f"Pubblicata di nuovo {snapshot}")


@app.command()
def status(var: Var = Path("var"), as_json: AsJson = False) -> None:
    """Quale istantanea è pubblicata, e quali ci sono."""
    from index.publish import status as read_status

    rows = read_status(var)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        mark = "→" if row["published"] else " "
        typer.echo(f"{mark} {row['id']}  {row['created']}  {row['passages']} passaggi")
    if not any(row["published"] for row in rows):
        console.print("Nessuna istantanea pubblicata. Esegui: python -m index build", style="red")
        raise typer.Exit(FINDINGS)


if __name__ == "__main__":
    app()
