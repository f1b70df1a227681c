"""`python -m chatbot network`: where one machine serves several networks, the commands of one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from chatbot.commands import told
from chatbot.hosting.gateway import prepare
from chatbot.hosting.hosted import Hosted, HostingError, read_hosted
from chatbot.settings import Settings

PREFIX = "BUSSOLA_"
ALONE = "Qui c'è una rete sola: BUSSOLA_NETWORKS non è impostata. I comandi si danno da soli."
network = typer.Typer(no_args_is_help=True, help="Le reti, dove una macchina ne serve più d'una.")


@network.command("list")
def listed() -> None:
    """Le reti, con il loro indirizzo e le loro cartelle."""
    with told():
        for one in _all(Settings()):
            hosts = ", ".join(one.hosts) or "ogni altro nome"
            typer.echo(f"{one.name}\t{hosts}{one.root}\t{one.settings.guides}\t{one.settings.var}")


@network.command(
    "run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
def run(name: str, command: Annotated[list[str], typer.Argument()]) -> None:
    """Dai un comando per una rete: bussola chatbot network run nord bussola index build"""
    with told():
        common = Settings()
        one = next((one for one in _all(common) if one.name == name), None)
        if one is None:
            raise HostingError(f"Non c'è nessuna rete di nome «{name}»: guarda network list.")
        program = shutil.which(command[0])
        if program is None:
            raise HostingError(f"Non trovo il comando «{command[0]}».")
        prepare(common, one)
        os.execve(program, command, environment(one.settings, dict(os.environ)))


def environment(settings: Settings, around: dict[str, str]) -> dict[str, str]:
    """`around` with every setting of one network, and none of another's."""
    kept = {name: value for name, value in around.items() if not name.startswith(PREFIX)}
    told = {name: getattr(settings, name) for name in Settings.model_fields}
    return kept | {
        f"{PREFIX}{name.upper()}": _written(value)
        for name, value in told.items()
        if value is not None
    }


def _written(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value) if isinstance(value, str | Path) else json.dumps(value)


def _all(common: Settings) -> tuple[Hosted, ...]:
    if common.networks is None:
        raise HostingError(ALONE)
    return read_hosted(common)
