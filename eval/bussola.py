"""`bussola index|chatbot|eval …`: the one command of the project, which hands on to the rooms.

It stands in the room on top, the only one that knows the other two. A room is imported when it is
asked for: checking a guide does not wait for what measures.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

ROOMS = {
    "index": "Dalle guide in Markdown all'istantanea pubblicata.",
    "chatbot": "Domande dalla riga di comando, gettoni, registro.",
    "eval": "Prove: casi, confronti, resoconti, misure.",
}


class Rooms(TyperGroup):
    """The commands of the rooms, each with its own `python -m` too."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(ROOMS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in ROOMS:
            return None
        command = get_command(import_module(f"{cmd_name}.__main__").app)
        command.name, command.short_help = cmd_name, ROOMS[cmd_name]
        return command


app = typer.Typer(
    cls=Rooms, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)


@app.callback()
def bussola() -> None:
    """Bussola dalla riga di comando. Ogni comando si spiega con `--help`."""
