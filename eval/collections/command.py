"""`bussola eval collection list|read`: questions by others, and what they can prove. To ask them
all is a measurement: `collection measure` stands with `benchmarks`."""

from __future__ import annotations

from typing import Annotated

import typer

from eval.console import AsJson, console, emit, friendly, network_today

collections = typer.Typer(
    no_args_is_help=True, help="Domande di altri: quali, di chi, quanto valgono come prova."
)


@collections.command("list")
def list_collections(as_json: AsJson = False) -> None:
    """Le raccolte: chi ha scritto le domande, a che cosa sono servite, se provano qualcosa."""
    from eval.collections.register import read_register

    with friendly():
        register = read_register()
    if as_json:
        emit([one.model_dump(mode="json") | {"proves": one.proves} for one in register])
        return
    for one in register:
        typer.echo(f"{one.name} ({one.kind}). Chi l'ha scritta: {one.author}. {one.standing}")


@collections.command("read")
def read_collection(
    name: Annotated[str, typer.Argument(help="La raccolta, per nome; anche una tenuta altrove.")],
    reason: Annotated[str, typer.Option("--reason", help="Perché la si è letta.")],
) -> None:
    """Segna una raccolta come letta voce per voce: da allora non è più una prova."""
    from eval.collections.register import mark_read, read_register

    with friendly():
        known = {one.name for one in read_register()}
        done = mark_read(name, reason, network_today())
    console.print(f"«{name}» è segnata come letta il {done.on:%d/%m/%Y}: {done.why}", markup=False)
    if name not in known:
        console.print("Non è fra le raccolte di register.yaml: il segno vale per il suo nome.")
