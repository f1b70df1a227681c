"""`bussola index intake`: documents of others to drafts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from index.console import FINDINGS, AsJson, Guides, Var, console, friendly, progress_bar


def intake(
    files: Annotated[
        list[Path], typer.Argument(help="Documenti .docx, .odt, .pdf, .html, pagine salvate.")
    ],
    guides: Guides = Path("guides"),
    var: Var = Path("var"),
    to: Annotated[
        Path | None, typer.Option("--to", help="Dove scrivere le bozze (se manca: GUIDE/bozze).")
    ] = None,
    by_chapter: Annotated[
        bool, typer.Option("--by-chapter", help="Una guida per capitolo, non per documento.")
    ] = False,
    url: Annotated[
        str, typer.Option("--url", help="L'indirizzo da cui viene il documento, per la fonte.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Di' solo che cosa verrebbe.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fa di ogni documento una bozza di guida, e dice che cosa non ha potuto riportare."""
    from index.intake.report import as_lines, summary, to_json
    from index.intake.run import take_all

    with friendly():
        done = take_all(
            files, guides, var, to=to, divided=by_chapter, address=url, dry_run=dry_run,
            tell=console.print, bar=progress_bar,
        )  # fmt: skip
    if as_json:
        typer.echo(json.dumps([to_json(one) for one in done], ensure_ascii=False))
    for line in [] if as_json else as_lines(done):
        typer.echo(line)
    console.print(summary(done, dry_run))
    if any(one.refused for one in done):
        raise typer.Exit(FINDINGS)
