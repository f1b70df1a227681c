"""`python -m index`: check, build, publish and look at snapshots."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from index.check.report import FORMATS, count, report, rules_off
from index.console import (
    FINDINGS,
    AsJson,
    Guides,
    Var,
    console,
    friendly,
    load_encoder,
    progress_bar,
)
from index.errors import BussolaError
from index.finding import Finding
from index.guide import Guide
from index.intake.command import intake
from index.network import Network
from index.outside.command import links
from index.services.command import export_table, import_table

if TYPE_CHECKING:
    from index.publish.build import Summary

A_FEW = 10  # guides read again while somebody waits for a check

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Dalle guide in Markdown all'istantanea pubblicata.",
)


@app.command()
def check(
    guides: Guides = Path("guides"),
    var: Var = Path("var"),
    output: Annotated[str, typer.Option("--format", help="text, json o github.")] = "text",
    duplicates: Annotated[
        bool | None,
        typer.Option(
            "--duplicates/--no-duplicates",
            help="Cerca anche i passaggi quasi uguali, e i numeri da confrontare. Se non lo dici, "
            "li cerca per le guide cambiate da quando sono pubblicate, se sono poche.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Esce con 1 anche per avvisi.")] = False,
) -> None:
    """Controlla tutte le guide: ogni problema con file e riga; 1 se c'è un errore."""
    if output not in FORMATS:
        raise typer.BadParameter("i formati sono: text, json, github", param_hint="--format")
    from index.check.changed import about, changed_since
    from index.check.names import renamed
    from index.check.rules import check_all
    from index.publish.published import published_guides

    with friendly():
        found, findings, network = check_all(guides)
        known = published_guides(var)
        findings += renamed([guide for guide in found if not guide.draft], known)
        if duplicates:
            findings += _compared(found, network, var)
        elif duplicates is None and 0 < len(changed := changed_since(found, known)) <= A_FEW:
            findings += about(_compared(found, network, var), changed)
        findings.sort()
    for line in report(findings, output, guides.as_posix()):
        typer.echo(line)
    drafts = sum(guide.draft for guide in found)
    aside = f", {drafts} di bozza, che non si pubblicano" if drafts else ""
    console.print(f"{len(found)} guide lette{aside}: {count(findings)}")
    if off := rules_off(network):
        console.print(off, soft_wrap=True)
    if any(strict or finding.severity == "error" for finding in findings):
        raise typer.Exit(FINDINGS)


def _compared(guides: list[Guide], network: Network, var: Path) -> list[Finding]:
    from index.check.compared import compared

    with progress_bar("Passaggi da leggere") as progress:
        return compared(guides, network, load_encoder(var), var, progress)


@app.command()
def build(
    guides: Guides = Path("guides"),
    var: Var = Path("var"),
    draft: Annotated[bool, typer.Option("--draft", help="Costruisci senza pubblicare.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Di' solo che cosa cambia.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="I file con errori restano come sono pubblicati.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Controlla, costruisce e pubblica un'istantanea."""
    from index.publish.build import build as build_snapshot

    with friendly():
        encoder = load_encoder(var)
        console.print(f"Leggo le guide di {guides} e ne faccio un'istantanea.", markup=False)
        start = monotonic()
        with progress_bar("Passaggi da leggere") as progress:
            summary = build_snapshot(
                guides, var, encoder, publish=not draft, dry_run=dry_run, progress=progress,
                keep=keep,
            )  # fmt: skip
        console.print(f"Fatto in {monotonic() - start:.1f} s.")
    if as_json:
        typer.echo(json.dumps(summary.to_json()))
        return
    typer.echo(describe(summary, dry_run))


def describe(summary: Summary, dry_run: bool = False) -> str:
    """What a build did, in two lines, and the files that it put off."""
    done = "Pubblicata" if summary.published else "Prova" if dry_run else "Bozza"
    return (
        f"{done} {summary.snapshot}\n"
        f"{summary.guides} guide, {summary.passages} passaggi: {summary.added} nuovi, "
        f"{summary.changed} cambiati, {summary.removed} tolti, {summary.reused} uguali "
        f"({summary.encoded} letti dal modello)"
        + "".join(f"\nResta come era pubblicato, da correggere: {told}" for told in summary.kept)
    )


@app.command()
def publish(
    snapshot: str,
    var: Var = Path("var"),
    reason: Annotated[
        str, typer.Option("--reason", help="Perché: resta nel manifesto, con il tuo nome.")
    ] = "",
) -> None:
    """Pubblica un'istantanea già costruita."""
    from index.publish.publish import publish as publish_snapshot

    with friendly():
        publish_snapshot(var, snapshot, reason)
    typer.echo(f"Pubblicata {snapshot}")


@app.command()
def diff(
    snapshot: Annotated[str, typer.Argument(help="Una bozza o un'altra istantanea.")] = "",
    var: Var = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Che cosa cambia fra quella pubblicata e un'altra (senza nome: rispetto a quella di prima)."""
    from index.publish.diff import compare_snapshots, show_changes
    from index.publish.publish import pair_to_compare

    with friendly():
        before, after = pair_to_compare(var, snapshot)
    changes = compare_snapshots(before, after)
    if as_json:
        typer.echo(json.dumps([c.to_json() for c in changes], ensure_ascii=False))
        return
    typer.echo(f"Da {before.id} a {after.id}")
    for line in show_changes(changes):
        typer.echo(line)


@app.command()
def watch(guides: Guides = Path("guides"), var: Var = Path("var")) -> None:
    """Pubblica a ogni salvataggio, finché non premi Ctrl-C."""
    from index.publish.watch import is_shared, publish_on_change

    def tell(outcome: Summary | BussolaError, seconds: float) -> None:
        if isinstance(outcome, BussolaError):
            console.print(str(outcome), style="red", markup=False, soft_wrap=True)
        else:
            typer.echo(f"{describe(outcome)} in {seconds:.1f} s")

    with friendly():
        encoder = load_encoder(var)
        shared = ", che è una cartella condivisa: a ogni secondo" if is_shared(guides) else ""
        console.print(f"Guardo {guides}{shared}. Ctrl-C per finire.")
        publish_on_change(guides, var, encoder, tell)


@app.command()
def rollback(var: Var = Path("var")) -> None:
    """Torna all'istantanea precedente."""
    from index.publish.publish import rollback as roll_back

    with friendly():
        snapshot = roll_back(var)
    typer.echo(f"Pubblicata di nuovo {snapshot}")


@app.command()
def status(var: Var = Path("var"), as_json: AsJson = False) -> None:
    """Quale istantanea è pubblicata (→), quali ci sono e quali sono bozze (b)."""
    from index.publish.publish import status as read_status

    rows = read_status(var)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        mark = "→" if row["published"] else "b" if row.get("draft") else " "
        typer.echo(f"{mark} {row['id']}  {row['created']}  {row['passages']} passaggi")
    if not any(row["published"] for row in rows):
        console.print("Nessuna istantanea pubblicata. Esegui: bussola index build", style="red")
        raise typer.Exit(FINDINGS)


app.command("import-services")(import_table)
app.command("export-services")(export_table)
app.command()(intake)
app.command()(links)

if __name__ == "__main__":
    app()
