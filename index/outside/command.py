"""`bussola index links`: a round from the command line, also where the server may not go out."""

from __future__ import annotations

from pathlib import Path

import typer

from index.console import FINDINGS, AsJson, Guides, Var, console, friendly, progress_bar


def links(guides: Guides = Path("guides"), var: Var = Path("var"), as_json: AsJson = False) -> None:
    """Guarda piano i collegamenti verso altri siti, le fonti e i contatti; 1 se uno non va."""
    from index.outside.report import as_lines, look_at_folder, summary

    with friendly(), progress_bar("Indirizzi da guardare") as progress:
        looked, places = look_at_folder(guides, var, progress)
    if as_json:
        typer.echo(looked.model_dump_json(indent=1))
    for line in [] if as_json else as_lines(looked, places):
        typer.echo(line)
    console.print(summary(looked))
    if any(visit.trouble for visit in looked.found.values()):
        raise typer.Exit(FINDINGS)
