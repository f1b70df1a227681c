"""`python -m chatbot move`: from the files of one server to the database of several, and back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from chatbot.commands import told
from chatbot.move import Storage, move
from chatbot.settings import Settings

PLACE = "Una cartella (BUSSOLA_VAR), o postgresql+psycopg://…"


def move_all(
    source: Annotated[str, typer.Option("--from", help=f"Da dove. {PLACE}")],
    target: Annotated[str, typer.Option("--to", help=f"Dove. {PLACE}")],
    guides: Annotated[
        Path | None,
        typer.Option(help="Le guide della cartella: da dove si leggono, o dove si scrivono."),
    ] = None,
) -> None:
    """Porta registro, persone, codici, bozze e ciò che è pubblicato dai file a un database
    condiviso, o indietro. Prima ferma i server. Quello che c'era resta com'era."""
    last: list[str] = []

    def tell(what: str, n: int) -> None:
        if last and last[-1] != what:
            typer.echo("", err=True)
        last.append(what)
        typer.echo(f"\r{what}: {n}", nl=False, err=True)

    with told(), TemporaryDirectory(prefix="bussola-") as passage:
        texts = guides or Settings().guides
        here, there = (Storage.at(named, texts, Path(passage)) for named in (source, target))
        try:
            move(here, there, tell)
        finally:
            typer.echo("", err=True)
    typer.echo("Fatto. Ora cambia BUSSOLA_DATABASE_URL e avvia i server.")
