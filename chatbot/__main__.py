"""`python -m chatbot ask "..."`: one question from the command line; `mcp`: an assistant's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from chatbot import (
    commands,
    digest_command,
    edition_command,
    maintenance_command,
    move_command,
    network_command,
    prepare_command,
    usage_command,
)
from chatbot.question import Question
from index.errors import BussolaError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


app.add_typer(commands.person, name="person")
app.add_typer(commands.token, name="token")
app.add_typer(commands.journal, name="journal")
app.add_typer(edition_command.edition, name="edition")
app.add_typer(network_command.network, name="network")
app.command()(commands.redaction)
app.command()(usage_command.usage)
app.command()(digest_command.digest)
app.add_typer(maintenance_command.maintenance, name="maintenance")
app.command("move")(move_command.move_all)
app.command()(prepare_command.prepare)


@app.callback()
def main() -> None:
    """Le risposte di Bussola dalla riga di comando."""


@app.command()
def ask(
    question: str,
    language: Annotated[
        str, typer.Option(help="it, en, fr, es, ar, uk; vuoto: la riconosce.")
    ] = "",
    day: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Come se fosse quel giorno."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tutta la risposta in JSON.")] = False,
) -> None:
    """Fai una domanda alle guide pubblicate."""
    from chatbot.library import Library
    from chatbot.settings import Settings

    try:
        library = Library.open(Settings())
    except BussolaError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    asked, today = Question(question, language=language), day.date() if day else None
    answer = library.bot.reply(asked, library.snapshot, today=today)
    if as_json:
        from chatbot.http.messages import answer_out

        typer.echo(answer_out(answer).model_dump_json(indent=1))
        return
    sure = ", forse" if answer.outcome == "answered" and not answer.sure else ""
    typer.echo(f"({answer.outcome}{sure}, {answer.confidence:.2f})\n\n{answer.answer}\n")
    for citation in answer.citations:
        typer.echo(f"[{citation.n}] {citation.title} › {citation.heading_path[-1]}  {citation.url}")


@app.command()
def mcp() -> None:
    """Servi un assistente che parla MCP, su standard input e output: lo avvia lui."""
    from chatbot.doors.mcp_server import run_stdio
    from chatbot.library import Library
    from chatbot.settings import Settings

    with commands.told():
        run_stdio(Library.open(Settings()))


if __name__ == "__main__":
    app()
