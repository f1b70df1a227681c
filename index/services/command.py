"""`bussola index import-services|export-services`: the charter, from tables and to them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.check.report import report
from index.console import FINDINGS, Guides, console, friendly


def import_table(
    file: Annotated[Path, typer.Argument(help="CSV o XLSX con le colonne di docs/services.md.")],
    guides: Guides = Path("guides"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Di' solo che cosa cambia.")] = False,
) -> None:
    """Carica i servizi di una rete da un foglio: tutte le righe, o nessuna se una è sbagliata."""
    from index.services.read_csv import ImportRejected, import_services

    words = {"created": "nuovo", "changed": "cambiato", "unchanged": "uguale"}
    with friendly():
        try:
            done = import_services(file, guides, dry_run)
        except ImportRejected as error:
            for line in report(error.findings, "text"):
                typer.echo(line)
            console.print("Non ho scritto nulla: correggi e riprova.", style="red")
            raise typer.Exit(FINDINGS) from None
    for service in done:
        typer.echo(f"{words[service.outcome]}  {service.path}")
    console.print(f"{len(done)} servizi" + (": prova, non ho scritto nulla" if dry_run else ""))


def export_table(
    file: Annotated[
        Path, typer.Argument(help="Dove: .xlsx, .csv, .json, .geojson; - per lo schermo.")
    ],
    guides: Guides = Path("guides"),
    form: Annotated[str, typer.Option("--format", help="xlsx, csv, json o geojson.")] = "",
) -> None:
    """Scrive la carta dei servizi per un foglio di calcolo, un programma o una mappa."""
    from index.files import replace_file
    from index.services.table import FORMATS, export_services, services_of, to_xlsx

    form = form or file.suffix.lstrip(".") or "csv"
    if form not in FORMATS:
        raise typer.BadParameter(f"i formati sono: {', '.join(FORMATS)}", param_hint="--format")
    with friendly():
        cards, network = services_of(guides)
        xlsx = form == "xlsx"
        data = to_xlsx(cards) if xlsx else export_services(cards, form, network).encode()
        if str(file) == "-":
            typer.echo(data, nl=False)
        else:
            replace_file(file, data)
