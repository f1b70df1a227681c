"""`python -m chatbot maintenance`: close questions for a while, on every server at once."""

from __future__ import annotations

from typing import Annotated

import typer

from chatbot.commands import told
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.document import Document
from chatbot.shared.maintenance import FILE, PARTS, Maintenance

maintenance = typer.Typer(
    no_args_is_help=True, help="Chiudi le domande per un po', e riaprile: vale su tutti i server."
)


def _switch() -> Maintenance:
    found = Maintenance(Document(Cabinet.of(Settings()).drawer(), FILE))
    found.look()
    return found


@maintenance.command()
def status() -> None:
    """Che cosa è chiuso."""
    with told():
        typer.echo(", ".join(sorted(_switch().closed)) or "niente")


@maintenance.command()
def on(
    part: Annotated[
        str, typer.Option(help="chat: le domande dalle pagine; api: gli altri programmi.")
    ] = "",
) -> None:
    """Chiudi le domande: chi ne fa una legge che Bussola è in manutenzione. Le guide restano."""
    wanted = [one for one in PARTS if part in ("", one)]
    if not wanted:
        raise typer.BadParameter(" o ".join(PARTS), param_hint="--part")
    with told():
        switch = _switch()
        switch.close({*switch.closed, *wanted})
        typer.echo(f"In manutenzione: {', '.join(sorted(switch.closed))}.")


@maintenance.command()
def off() -> None:
    """Riapri tutto."""
    with told():
        _switch().close(())
    typer.echo("Tutto è aperto.")
